import { Instructions } from '../../asm/instructions.js';
import { CALL, INSN_SIZE } from '../../asm/opcode.js';
import { BpfRelocation, SectionFlags, SectionIndex, SymbolType } from '../../elf/constants.js';
import { type ElfRelocation, relocationsIn } from '../../elf/relocations.js';
import type { ElfSection } from '../../elf/section.js';
import type { LinkInput } from './input.js';
import type { LinkedSymbol } from './output.js';
import type { Placed } from './symbols.js';

/** What is in a place that is relocated counts from a section's beginning, and has to be moved on with the section. */
export interface Move {
  readonly target: Placed;
  /** In the target's section of the result. */
  readonly offset: number;
  readonly type: number;
  readonly by: number;
}

const TYPES: readonly number[] = [BpfRelocation.R_64_64, BpfRelocation.R_64_32, BpfRelocation.ABS64, BpfRelocation.ABS32];

/**
 * Adds an object's relocations to the sections that they apply to, and gives what has to be changed in their contents.
 *
 * @throws ParseError when a relocation names what is not there
 */
export function addRelocations(
  input: LinkInput,
  symbols: readonly (LinkedSymbol | undefined)[],
  placed: (section: ElfSection) => Placed | undefined,
): Move[] {
  const moves: Move[] = [];
  for (const section of input.relocations) {
    const target = placed(input.elf.sections[section.info]!);
    if (!target) continue;
    for (const relocation of relocationsIn(section)) {
      const symbol = symbols[relocation.symbol];
      const place = checked(input, section, relocation);
      if (!symbol) return section.reader.fail(section.offset, `${section.name}: symbol ${relocation.symbol} is not there, or left out`);
      const offset = target.offset + relocation.offset;
      target.section.relocations.push({ offset, type: relocation.type, symbol });
      const moved = place && placed(place);
      if (moved && moved.offset > 0) moves.push({ target, offset, type: relocation.type, by: moved.offset });
    }
  }
  return moves;
}

/** The section whose beginning is meant, if the symbol is that of a section. */
function checked({ elf, symbols }: LinkInput, section: ElfSection, { offset, type, symbol }: ElfRelocation): ElfSection | undefined {
  const fail = (reason: string) => section.reader.fail(section.offset, `${section.name}: a relocation ${reason}`);
  const target = elf.sections[section.info]!;
  if (!TYPES.includes(type)) fail(`of type ${type} cannot be linked`);
  const length = type === BpfRelocation.R_64_64 ? 2 * INSN_SIZE : type === BpfRelocation.ABS32 ? 4 : 8;
  if (offset + length > target.size) fail(`at byte ${offset} is behind the end`);
  if ((target.flags & SectionFlags.EXECINSTR) !== 0 && offset % INSN_SIZE !== 0) fail(`at byte ${offset} is at no instruction`);
  const { type: symbolType, sectionIndex } = symbols[symbol] ?? fail(`names symbol ${symbol}, which is not there`);
  return symbolType === SymbolType.SECTION && sectionIndex !== SectionIndex.UNDEF ? elf.sections[sectionIndex] : undefined;
}

/** Changes the contents of a section of the result. Calls count in instructions, all else in bytes. */
export function applyMoves(bytes: Uint8Array, moves: readonly Move[], littleEndian: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { target, offset, type, by } of moves) {
    if (((target.section.header?.flags ?? 0) & SectionFlags.EXECINSTR) !== 0) {
      const code = new Instructions(bytes, littleEndian);
      const index = offset / INSN_SIZE;
      code.setImm(index, code.imm(index) + (code.code(index) === CALL ? by / INSN_SIZE : by));
    } else if (type === BpfRelocation.ABS32) view.setUint32(offset, view.getUint32(offset, littleEndian) + by, littleEndian);
    else view.setBigUint64(offset, view.getBigUint64(offset, littleEndian) + BigInt(by), littleEndian);
  }
}
