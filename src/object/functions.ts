import { INSN_SIZE } from '../asm/opcode.js';
import { SymbolBinding, SymbolType, SymbolVisibility } from '../elf/constants.js';
import type { ElfSection } from '../elf/section.js';
import type { ElfSymbol } from '../elf/symbols.js';
import type { Sections } from './sections.js';

/** A function as its symbol tells it, before its relocations are known. */
export interface RawFunction {
  readonly name: string;
  readonly section: ElfSection;
  /** In instructions. */
  readonly offset: number;
  readonly instructions: Uint8Array;
  readonly global: boolean;
  readonly hidden: boolean;
}

/** Finds the functions of an object. @throws ParseError when one is outside its section, or an entry program is static */
export function findFunctions(sections: Sections, symbols: readonly ElfSymbol[]): FunctionTable {
  const bySection = new Map<number, RawFunction[]>(sections.code.map(({ index }) => [index, []]));
  const section = new Map(sections.code.map((code) => [code.index, code]));
  for (const symbol of symbols) {
    if (symbol.type !== SymbolType.FUNC) continue;
    const code = section.get(symbol.sectionIndex);
    if (code) bySection.get(code.index)!.push(readFunction(code, symbol, code === sections.text));
  }
  for (const functions of bySection.values()) functions.sort((a, b) => a.offset - b.offset);
  return new FunctionTable(bySection);
}

function readFunction(section: ElfSection, symbol: ElfSymbol, isText: boolean): RawFunction {
  const { name, value, size } = symbol;
  const refuse = (reason: string) => section.reader.fail(section.offset, `section ${section.name}: function ${name} ${reason}`);
  if (value + size > section.size) refuse('reaches beyond its section');
  const global = symbol.binding !== SymbolBinding.LOCAL;
  if (!isText && !global) refuse('is static, which programs cannot be');
  if (size === 0 || size % INSN_SIZE !== 0 || value % INSN_SIZE !== 0) refuse('is no whole number of instructions');
  return {
    name,
    section,
    offset: value / INSN_SIZE,
    instructions: section.bytes.subarray(value, value + size),
    global,
    hidden: global && (symbol.visibility === SymbolVisibility.HIDDEN || symbol.visibility === SymbolVisibility.INTERNAL),
  };
}

/** Functions by the section they are in. */
export class FunctionTable {
  constructor(readonly bySection: ReadonlyMap<number, readonly RawFunction[]>) {}

  /** The functions of a section, by their place. */
  in(section: ElfSection): readonly RawFunction[] {
    return this.bySection.get(section.index) ?? [];
  }

  /** The function that has an instruction of a section in it. None: a weak one, say, that linking put another in the place of. */
  at(sectionIndex: number, instruction: number): RawFunction | undefined {
    return functionAt(this.bySection.get(sectionIndex) ?? [], instruction);
  }
}

/** The one of functions (by ascending offset) that has instruction `at` of their section in it. */
export function functionAt<T extends { readonly offset: number; readonly instructions: Uint8Array }>(
  functions: readonly T[],
  at: number,
): T | undefined {
  let low = 0;
  let high = functions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (functions[middle]!.offset <= at) low = middle + 1;
    else high = middle;
  }
  const found = functions[low - 1];
  return found && at < found.offset + found.instructions.length / INSN_SIZE ? found : undefined;
}
