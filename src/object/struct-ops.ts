import { INSN_SIZE } from '../asm/opcode.js';
import type { Btf } from '../btf/btf.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfComposite, BtfDatasec, BtfMember } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { relocationsIn } from '../elf/relocations.js';
import type { ElfSection } from '../elf/section.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { Flag, MapType, ProgType } from '../kernel/enums.gen.js';
import type { FunctionTable, RawFunction } from './functions.js';
import type { PlacedMap } from './relocations.js';
import type { MapSpec } from './spec.js';

/** The structs of functions in a `.struct_ops` section, each a map. @throws ParseError when one is no named struct, or not in the section */
export function structOpsMaps(section: ElfSection, btf: Btf): PlacedMap[] {
  const id = btf.find(section.name, 'DATASEC');
  if (id === undefined) throw new ParseError(section.name, 0, 'the BTF does not say what is in this section');
  return (btf.type(id) as BtfDatasec).entries.map(({ type, offset }) => {
    const variable = btf.type(type);
    if (variable.kind !== 'VAR') return btf.fail(type, `section ${section.name} holds ${variable.kind}`);
    const typeId = skipTypedefs(btf, variable.type);
    const struct = btf.type(typeId);
    if (struct.kind !== 'STRUCT' || struct.name === '') return btf.fail(type, `${variable.name} is no struct with a name`);
    if (offset + struct.size > section.bytes.length) btf.fail(type, `${variable.name} reaches beyond section ${section.name}`);
    const contents = section.bytes.subarray(offset, offset + struct.size);
    return { spec: structOpsMap(section.name, variable.name, typeId, struct, contents), sectionIndex: section.index, offset };
  });
}

function structOpsMap(section: string, name: string, typeId: number, struct: BtfComposite, contents: Uint8Array): MapSpec {
  return {
    name,
    kind: 'struct_ops',
    section,
    type: MapType.STRUCT_OPS,
    keySize: 4,
    valueSize: struct.size,
    maxEntries: 1,
    flags: section.endsWith('.link') ? Flag.BPF_F_LINK : 0,
    numaNode: 0,
    mapExtra: 0n,
    pinByName: false,
    inner: undefined,
    slots: [],
    keyTypeId: 0,
    valueTypeId: typeId,
    contents,
    structOps: { typeId, programs: struct.members.map(() => undefined) },
    autocreate: !section.startsWith('?'),
  };
}

/** Which program stands in which member: by index of the map, then of the member. */
export type Members = Map<number, Map<number, RawFunction>>;

/** Reads the relocations of a `.struct_ops` section. @throws ParseError when a member is set to what is no struct_ops program */
export function readStructOpsMembers(
  table: ElfSection,
  maps: readonly PlacedMap[],
  functions: FunctionTable,
  typeOf: (fn: RawFunction) => number,
  symbols: readonly ElfSymbol[],
  btf: Btf,
): Members {
  const found: Members = new Map();
  for (const relocation of relocationsIn(table)) {
    const fail = (reason: string) =>
      table.reader.fail(table.offset, `section ${table.name}, relocation of byte ${relocation.offset}: ${reason}`);
    const symbol = symbols[relocation.symbol] ?? fail(`there is no symbol ${relocation.symbol}`);
    const index = maps.findIndex((map) => isInside(map, table.info, relocation.offset));
    const map = maps[index] ?? fail('no struct is there');
    const { members } = btf.type(map.spec.structOps!.typeId) as BtfComposite;
    const member = members.findIndex(({ bitOffset }) => bitOffset === (relocation.offset - map.offset) * 8);
    if (member < 0 || !isFunctionPointer(btf, members[member]!)) fail(`map ${map.spec.name} has no function there`);
    const fn = functions.at(symbol.sectionIndex, symbol.value / INSN_SIZE);
    if (!fn || symbol.value % INSN_SIZE !== 0) return fail(`${symbol.name} is no program`);
    if (typeOf(fn) !== ProgType.STRUCT_OPS) fail(`${fn.name} is no struct_ops program`);
    found.set(index, (found.get(index) ?? new Map<number, RawFunction>()).set(member, fn));
  }
  return found;
}

function isInside({ spec, sectionIndex, offset }: PlacedMap, section: number, at: number): boolean {
  return spec.kind === 'struct_ops' && sectionIndex === section && offset <= at && at - offset < spec.valueSize;
}

function isFunctionPointer(btf: Btf, member: BtfMember): boolean {
  const pointer = btf.type(skipTypedefs(btf, member.type));
  return pointer.kind === 'PTR' && btf.kind(skipTypedefs(btf, pointer.type)) === 'FUNC_PROTO';
}
