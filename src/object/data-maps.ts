import type { Btf } from '../btf/btf.js';
import { Linkage } from '../btf/types.js';
import { SectionType } from '../elf/constants.js';
import type { ElfSection } from '../elf/section.js';
import { Flag, MapType } from '../kernel/enums.gen.js';
import type { PlacedMap } from './relocations.js';
import { isNamed, KCONFIG_SECTION, type Sections } from './sections.js';
import type { MapKind, MapSpec } from './spec.js';

/** Characters of an object's name in the kernel, and of a map's (BPF_OBJ_NAME_LEN without its NUL). */
const NAME_LENGTH = 15;
/** Room that is kept for the section's name, however short it is. */
const SUFFIX_LENGTH = 7;

/** The maps of global variables, one for each data section that is not empty. @throws ParseError when one has no size that a map can have */
export function dataMaps(sections: Sections, object: string, btf: Btf | undefined): PlacedMap[] {
  return sections.data
    .filter((section) => section.size > 0)
    .map((section) => ({ spec: dataMap(section, object, btf), sectionIndex: section.index, offset: 0 }));
}

function dataMap(section: ElfSection, object: string, btf: Btf | undefined): MapSpec {
  if (section.size > 0xffffffff) section.reader.fail(section.offset, `section ${section.name} of ${section.size} bytes fits no map`);
  const contents = section.type === SectionType.NOBITS ? undefined : section.bytes;
  return internalMap(kindOf(section), section.name, object, section.size, contents, btf);
}

function kindOf({ name }: ElfSection): MapKind {
  if (isNamed(name, '.rodata')) return 'rodata';
  return isNamed(name, '.bss') ? 'bss' : 'data';
}

/** The map that the values of the kernel's configuration are put into. */
export function kconfigMap(size: number, object: string, btf: Btf | undefined): MapSpec {
  return internalMap('kconfig', KCONFIG_SECTION, object, size, undefined, btf);
}

function internalMap(
  kind: MapKind,
  section: string,
  object: string,
  size: number,
  contents: Uint8Array | undefined,
  btf: Btf | undefined,
): MapSpec {
  const valueTypeId = btf?.find(section) ?? 0;
  const readOnly = kind === 'rodata' || kind === 'kconfig' ? Flag.BPF_F_RDONLY_PROG : 0;
  const mappable = btf && hasVisibleVariable(btf, valueTypeId) ? Flag.BPF_F_MMAPABLE : 0;
  return {
    name: internalMapName(object, section),
    kind,
    section,
    type: MapType.ARRAY,
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: readOnly | mappable,
    numaNode: 0,
    mapExtra: 0n,
    pinByName: false,
    inner: undefined,
    slots: [],
    keyTypeId: 0,
    valueTypeId,
    contents,
    structOps: undefined,
    autocreate: true,
  };
}

/** Sections with nothing but static and hidden variables are not mapped into user space: nobody there has names for them. */
function hasVisibleVariable(btf: Btf, id: number): boolean {
  const section = btf.type(id);
  if (section.kind !== 'DATASEC') return false;
  return section.entries.some((entry) => {
    const variable = btf.type(entry.type);
    return variable.kind === 'VAR' && variable.linkage !== Linkage.STATIC;
  });
}

/**
 * The name of a data map, as libbpf makes it (internal_map_name): as much of the object's name as there is room for before the section's, for which
 * 7 characters are kept; names with a further dot (`.data.x`) stand alone. The kernel takes letters, digits, `_` and `.`.
 */
export function internalMapName(object: string, section: string): string {
  const suffix = Math.min(Math.max(SUFFIX_LENGTH, section.length), NAME_LENGTH);
  const prefix = section.includes('.', 1) ? 0 : NAME_LENGTH - suffix;
  return (object.slice(0, prefix) + section.slice(0, suffix)).slice(0, NAME_LENGTH).replace(/[^A-Za-z0-9_.]/g, '_');
}
