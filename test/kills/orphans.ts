// What is in the kernel though nothing that was asked for keeps it there.
import {
  btfGetFdById,
  btfGetNextId,
  linkGetFdById,
  linkGetNextId,
  mapGetFdById,
  mapGetNextId,
  objGetInfo,
  progGetFdById,
  progGetNextId,
} from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { BTF_INFO } from '../../native/uapi.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { Link } from '../../src/link/link.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { pinnedPaths } from '../../src/system/bpffs.js';
import { unlessGone } from '../../src/system/gone.js';
import { heldObjects } from '../../src/system/processes.js';
import type { Place } from './place.js';

/** An object of the kernel that is ours by its name. */
export interface Own {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  readonly btfId: number;
  readonly mapIds: readonly number[];
}

/** The last ids of each kind that the kernel has given: what is younger may be ours. */
export interface LastIds {
  readonly program: number;
  readonly map: number;
  readonly link: number;
  readonly btf: number;
}

const NEXT = { program: progGetNextId, map: mapGetNextId, link: linkGetNextId, btf: btfGetNextId } as const;

/** The last ids now. */
export function lastIds(): LastIds {
  const last = (kind: keyof LastIds) => Math.max(0, ...idsAfter(kind, 0));
  return { program: last('program'), map: last('map'), link: last('link'), btf: last('btf') };
}

/** Others may have thousands of maps: only what came since is opened. */
function* idsAfter(kind: keyof LastIds, id: number): Generator<number> {
  for (let next = NEXT[kind](id); next !== undefined; next = NEXT[kind](next)) yield next;
}

/** Programs whose names begin so. */
export function ownPrograms(prefix: string, last: LastIds): Own[] {
  return own([...idsAfter('program', last.program)], prefix, (id) => {
    const fd = unlessGone(() => progGetFdById(id));
    return fd && new Program(fd);
  });
}

/** Maps whose names begin so. */
export function ownMaps(prefix: string, last: LastIds): Own[] {
  return own([...idsAfter('map', last.map)], prefix, (id) => {
    const fd = unlessGone(() => mapGetFdById(id));
    return fd && new BpfMap(fd);
  });
}

/**
 * Programs, maps, links and BTF of ours that neither a pin nor an attachment of the place keeps. The kernel frees things some time after their last reference
 * went: what is told once may be gone when it is asked again.
 */
export function orphans(place: Place, last: LastIds): string[] {
  const programs = ownPrograms(place.token, last);
  const maps = ownMaps(place.token, last);
  const links = ownLinks(new Set(programs.map(({ id }) => id)), last);
  const pinned = { program: pinnedPaths('program'), map: pinnedPaths('map'), link: pinnedPaths('link') };
  const attached = place.attached();
  for (const link of links) if (pinned.link.has(link.id)) attached.add(link.progId);
  const structOps = place.registered().length > 0;
  const keptProgram = ({ id, typeName }: Own & { typeName?: string }) =>
    pinned.program.has(id) || attached.has(id) || (structOps && typeName === 'struct_ops');
  const keptMaps = new Set(programs.filter(keptProgram).flatMap(({ mapIds }) => mapIds));
  const keptMap = ({ id, type }: Own) => pinned.map.has(id) || keptMaps.has(id) || (structOps && type === MapType.STRUCT_OPS);
  const btfIds = new Set([...programs, ...maps].map(({ btfId }) => btfId));
  return [
    ...programs.filter((each) => !keptProgram(each)).map(({ id, name }) => `program ${id} ${name}`),
    ...maps.filter((each) => !keptMap(each)).map(({ id, name }) => `map ${id} ${name}`),
    ...links.filter(({ id }) => !pinned.link.has(id)).map(({ id }) => `link ${id}`),
    ...ownBtf(place.token, last).flatMap((id) => (btfIds.has(id) ? [] : `btf ${id}`)),
    ...unheldLoaders(last),
  ];
}

function own(ids: readonly number[], prefix: string, open: (id: number) => Program | BpfMap | undefined): Own[] {
  const found: Own[] = [];
  for (const id of ids) {
    using object = open(id);
    if (object?.info.name.startsWith(prefix)) found.push({ mapIds: [], ...object.info });
  }
  return found;
}

function ownLinks(programs: ReadonlySet<number>, last: LastIds): { id: number; progId: number }[] {
  const found: { id: number; progId: number }[] = [];
  for (const id of idsAfter('link', last.link)) {
    // EAGAIN: the link is on its way into the kernel or out of it.
    const fd = unlessGone(() => linkGetFdById(id), 'EAGAIN');
    if (!fd) continue;
    using link = new Link(fd);
    if (programs.has(link.info.progId)) found.push({ id, progId: link.info.progId });
  }
  return found;
}

function ownBtf(token: string, last: LastIds): number[] {
  return [...idsAfter('btf', last.btf)].filter((id) => textOfBtf(id).includes(token));
}

function textOfBtf(id: number): string {
  try {
    using fd = btfGetFdById(id);
    const { btf_size: size, kernel_btf: kernel } = objGetInfo(fd.number, BTF_INFO);
    if (kernel !== 0) return '';
    const btf = new Uint8Array(size);
    objGetInfo(fd.number, BTF_INFO, { btf, btf_size: size });
    return Buffer.from(btf).toString('latin1');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

/** Loader programs of -L have the same name everywhere: one that no process has is nobody's. */
function unheldLoaders(last: LastIds): string[] {
  const found = { program: ownPrograms('__loader', last), map: ownMaps('__loader', last) };
  return (['program', 'map'] as const).flatMap((kind) => {
    if (found[kind].length === 0) return [];
    const { holders } = heldObjects(kind);
    return found[kind].filter(({ id }) => !holders.has(id)).map(({ id, name }) => `${kind} ${id} ${name}`);
  });
}
