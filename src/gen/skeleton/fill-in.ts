import { quoted } from './c-string.js';
import { isStructOps, type SkeletonModel } from './model.js';

/** sizeof(struct bpf_map_skeleton) up to its member `link`, and with it: what libbpf before 1.5 knows, and what struct_ops maps need. */
const MAP_SKELETON = { withoutLink: 24, whole: 32 };

/** C statements that list the maps. `mapped` and `links` say what the skeleton has beside the maps themselves. */
export function fillInMaps({ maps }: SkeletonModel, { mapped, links }: { mapped: boolean; links: boolean }): string {
  if (maps.length === 0) return '';
  const size = links && maps.some(isStructOps) ? MAP_SKELETON.whole : MAP_SKELETON.withoutLink;
  const each = maps.map(
    (map, index) => `
	map = (struct bpf_map_skeleton *)((char *)s->maps + ${index} * s->map_skel_sz);
	map->name = ${quoted(map.name)};
	map->map = &obj->maps.${map.ident};
${mapped && map.section !== undefined ? `\tmap->mmaped = (void **)&obj->${map.section};\n` : ''}${links && isStructOps(map) ? `\tmap->link = &obj->links.${map.ident};\n` : ''}`,
  );
  return `
	/* maps */
	s->map_cnt = ${maps.length};
	s->map_skel_sz = ${size};
	s->maps = (struct bpf_map_skeleton *)calloc(s->map_cnt,
			sizeof(*s->maps) > ${size} ? sizeof(*s->maps) : ${size});
	if (!s->maps) {
		err = -ENOMEM;
		goto err;
	}
${each.join('')}`;
}

/** C statements that list the programs. */
export function fillInPrograms({ programs }: SkeletonModel, { links }: { links: boolean }): string {
  if (programs.length === 0) return '';
  const each = programs.map(
    ({ name, ident }, index) => `
	s->progs[${index}].name = ${quoted(name)};
	s->progs[${index}].prog = &obj->progs.${ident};
${links ? `\ts->progs[${index}].link = &obj->links.${ident};\n` : ''}`,
  );
  return `
	/* programs */
	s->prog_cnt = ${programs.length};
	s->prog_skel_sz = sizeof(*s->progs);
	s->progs = (struct bpf_prog_skeleton *)calloc(s->prog_cnt, s->prog_skel_sz);
	if (!s->progs) {
		err = -ENOMEM;
		goto err;
	}
${each.join('')}`;
}

/** C statements that let the struct_ops structs of a skeleton lead to the maps' values. */
export function fillInStructOps({ btf, maps }: SkeletonModel): string {
  if (!btf) return '';
  return maps
    .filter(isStructOps)
    .map(
      ({ ident }) =>
        `\tobj->struct_ops.${ident} = (__typeof__(obj->struct_ops.${ident}))\n\t\tbpf_map__initial_value(obj->maps.${ident}, NULL);\n\n`,
    )
    .join('');
}

/** What the members of `maps`, `progs` and `links` are. */
export interface MemberTypes {
  readonly map: string;
  readonly program: string;
  readonly link: (ident: string) => string;
}

const HANDLES: MemberTypes = {
  map: 'struct bpf_map *',
  program: 'struct bpf_program *',
  link: (ident) => `struct bpf_link *${ident}`,
};

/** The members `maps` and `progs` of a skeleton, with the structs for struct_ops between them. */
export function handles({ maps, programs }: SkeletonModel, structOps: string, types = HANDLES): string {
  const mapLines = maps.map(({ ident }) => `\t\t${types.map}${ident};\n`).join('');
  const programLines = programs.map(({ ident }) => `\t\t${types.program}${ident};\n`).join('');
  return group(mapLines, 'maps') + structOps + group(programLines, 'progs');
}

/** The member `links`. */
export function links({ maps, programs }: SkeletonModel, types = HANDLES): string {
  const linked = [...programs, ...maps.filter(isStructOps)];
  return group(linked.map(({ ident }) => `\t\t${types.link(ident)};\n`).join(''), 'links');
}

function group(lines: string, name: string): string {
  return lines === '' ? '' : `\tstruct {\n${lines}\t} ${name};\n`;
}
