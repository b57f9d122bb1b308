import { INSN_SIZE } from '../asm/opcode.js';
import type { Btf } from '../btf/btf.js';
import type { BtfComposite } from '../btf/types.js';
import { type ElfRelocation, relocationsIn } from '../elf/relocations.js';
import type { ElfSection } from '../elf/section.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { MapType } from '../kernel/enums.gen.js';
import type { RawFunction } from './functions.js';
import type { DeclaredMap } from './maps.js';

const POINTER_SIZE = 8;
/** Slots that a file of any sense sets: its index is limited by the size of the declaration, which a hostile one chooses. */
const MAX_SLOTS = 1 << 20;

/** The initial entries of maps: which map, or program, stands in which slot. By index of the map. */
export type Slots = Map<number, (number | undefined)[]>;

/**
 * Reads the relocations of `.maps`: the initial values of maps of maps and prog arrays.
 *
 * @param programs the entry programs, in the order of the spec
 * @throws ParseError when a value is no map, no program, or stands where there are no values
 */
export function readMapSlots(
  table: ElfSection,
  maps: readonly DeclaredMap[],
  programs: readonly RawFunction[],
  symbols: readonly ElfSymbol[],
  btf: Btf,
): Slots {
  const slots: Slots = new Map();
  for (const relocation of relocationsIn(table)) {
    const fail = (reason: string) =>
      table.reader.fail(table.offset, `section ${table.name}, relocation of byte ${relocation.offset}: ${reason}`);
    const symbol = symbols[relocation.symbol] ?? fail(`there is no symbol ${relocation.symbol}`);
    const index = maps.findIndex(({ offset, size }) => offset <= relocation.offset && relocation.offset + POINTER_SIZE <= offset + size);
    const map = maps[index] ?? fail('no map is declared there');
    const target = findTarget(map, symbol, maps, programs);
    if (target < 0) fail(`${symbol.name} is nothing that map ${map.spec.name} can hold`);
    const slot = slotAt(map, relocation, btf) ?? fail(`there is no slot in map ${map.spec.name}`);
    const list = slots.get(index) ?? [];
    slots.set(index, list);
    while (list.length <= slot) list.push(undefined);
    list[slot] = target;
  }
  return slots;
}

function findTarget(
  { spec, sectionIndex }: DeclaredMap,
  symbol: ElfSymbol,
  maps: readonly DeclaredMap[],
  programs: readonly RawFunction[],
): number {
  if (spec.type === MapType.PROG_ARRAY) {
    return programs.findIndex(
      ({ name, section, offset }) => name === symbol.name && section.index === symbol.sectionIndex && offset * INSN_SIZE === symbol.value,
    );
  }
  const keyIsIndex = spec.type === MapType.ARRAY_OF_MAPS || (spec.type === MapType.HASH_OF_MAPS && spec.keySize === 4);
  if (!keyIsIndex || symbol.sectionIndex !== sectionIndex) return -1;
  return maps.findIndex((map) => map.spec.name === symbol.name);
}

/** The index of a pointer in `values`, the last member of the declaration. */
function slotAt({ structId, offset }: DeclaredMap, relocation: ElfRelocation, btf: Btf): number | undefined {
  const last = (btf.type(structId) as BtfComposite).members.at(-1);
  if (last?.name !== 'values') return undefined;
  const at = relocation.offset - offset - Math.floor(last.bitOffset / 8);
  const slot = at / POINTER_SIZE;
  return at >= 0 && Number.isInteger(slot) && slot < MAX_SLOTS ? slot : undefined;
}
