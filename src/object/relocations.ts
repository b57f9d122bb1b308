import { Instructions } from '../asm/instructions.js';
import { BPF_PSEUDO_CALL, CALL, INSN_SIZE } from '../asm/opcode.js';
import { SymbolBinding, SymbolType } from '../elf/constants.js';
import { type ElfRelocation, relocationsIn } from '../elf/relocations.js';
import type { ElfSection } from '../elf/section.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { type Externs, isExtern } from './externs.js';
import type { FunctionTable, RawFunction } from './functions.js';
import type { Sections } from './sections.js';
import type { MapSpec, Relocation } from './spec.js';

/** Where in the file a map of the spec comes from. */
export interface PlacedMap {
  readonly spec: MapSpec;
  readonly sectionIndex: number;
  readonly offset: number;
}

/** What relocations can refer to. */
export interface References {
  readonly sections: Sections;
  readonly symbols: readonly ElfSymbol[];
  readonly sectionCount: number;
  readonly externs: Externs;
  readonly maps: readonly PlacedMap[];
  readonly functions: FunctionTable;
}

/** Reads the relocations of all code, by function. @throws ParseError when one is none that a BPF program can have */
export function readRelocations(references: References): Map<RawFunction, Relocation[]> {
  const { sections } = references;
  const code = new Map(sections.code.map((section) => [section.index, section]));
  const found = new Map<RawFunction, Relocation[]>();
  for (const table of sections.relocations) {
    const target = code.get(table.info);
    if (!target) continue;
    for (const relocation of relocationsIn(table)) {
      const site = findSite(references, table, target, relocation);
      if (!site) continue;
      const list = found.get(site.fn) ?? [];
      found.set(site.fn, list);
      list.push(readRelocation(references, site));
    }
  }
  for (const list of found.values()) list.sort((a, b) => a.instruction - b.instruction);
  return found;
}

/** An instruction that is relocated, and the symbol it refers to. */
interface Site {
  readonly fn: RawFunction;
  /** Counted from the function's start. */
  readonly instruction: number;
  readonly code: Instructions;
  readonly symbol: ElfSymbol;
  fail(reason: string): never;
}

function findSite(references: References, table: ElfSection, target: ElfSection, relocation: ElfRelocation): Site | undefined {
  const { symbols, sectionCount, functions } = references;
  const fail = (reason: string) =>
    table.reader.fail(table.offset, `section ${table.name}, relocation of byte ${relocation.offset}: ${reason}`);
  const symbol = symbols[relocation.symbol] ?? fail(`there is no symbol ${relocation.symbol}`);
  if (symbol.sectionIndex >= sectionCount) fail(`symbol ${symbol.name} is in no section`);
  if (relocation.offset % INSN_SIZE !== 0 || relocation.offset >= target.size) fail('no instruction begins there');
  const fn = functions.at(target.index, relocation.offset / INSN_SIZE);
  if (!fn) return undefined;
  const instruction = relocation.offset / INSN_SIZE - fn.offset;
  return { fn, instruction, symbol, fail, code: new Instructions(fn.instructions, table.reader.littleEndian) };
}

function readRelocation(references: References, site: Site): Relocation {
  const { code, instruction, symbol, fail } = site;
  const opcode = code.code(instruction);
  const isCall = opcode === CALL;
  if (!isCall && !code.isLoad64(instruction)) fail(`opcode 0x${opcode.toString(16)} refers to no symbol, here ${symbol.name}`);
  if (isExtern(symbol)) {
    const extern = references.externs.bySymbol.get(symbol.index) ?? fail(`there is no extern ${symbol.name}`);
    return { kind: isCall ? 'kfunc' : 'extern', instruction, extern };
  }
  return isCall ? readCall(references, site) : readLoad(references, site);
}

function readCall({ sections }: References, { code, instruction, symbol, fail }: Site): Relocation {
  if (code.src(instruction) !== BPF_PSEUDO_CALL) fail(`the call of ${symbol.name} is no call of a function`);
  if (symbol.sectionIndex === 0 || symbol.sectionIndex !== sections.text?.index) fail(`${symbol.name} is called, which is not in .text`);
  if (symbol.value % INSN_SIZE !== 0) fail(`${symbol.name} is called, at byte ${symbol.value}`);
  return { kind: 'call', instruction, offset: symbol.value };
}

function readLoad(references: References, site: Site): Relocation {
  const { sections, maps } = references;
  const { code, instruction, symbol, fail } = site;
  const { sectionIndex, value } = symbol;
  if (sectionIndex === 0) fail(`${symbol.name} is in no section; is a global variable not initialised?`);
  if (isSubprogram(symbol, sections.text?.index)) {
    if (value % INSN_SIZE !== 0 || code.imm(instruction) % INSN_SIZE !== 0) fail(`the address of ${symbol.name} is no instruction's`);
    return { kind: 'address', instruction, offset: value };
  }
  if (sectionIndex === sections.jumpTables?.index) return { kind: 'jump table', instruction, offset: value, size: symbol.size };
  const index = findMap(sections, maps, symbol);
  if (index < 0) fail(`${symbol.name || 'a section'} is neither map, variable nor function that can be referred to`);
  return isDeclared(sections, sectionIndex)
    ? { kind: 'map', instruction, map: index }
    : { kind: 'data', instruction, map: index, offset: value };
}

/** A function of `.text`: a static one is referred to by its section. */
function isSubprogram({ sectionIndex, binding, type }: ElfSymbol, text: number | undefined): boolean {
  if (sectionIndex !== text) return false;
  return binding === SymbolBinding.LOCAL ? type === SymbolType.SECTION : type === SymbolType.FUNC;
}

function isDeclared({ maps, legacyMaps }: Sections, sectionIndex: number): boolean {
  return sectionIndex === maps?.index || legacyMaps.some(({ index }) => index === sectionIndex);
}

function findMap(sections: Sections, maps: readonly PlacedMap[], { sectionIndex, value }: ElfSymbol): number {
  if (sectionIndex === sections.arena?.index) return maps.findIndex(({ spec }) => spec.kind === 'arena');
  if (isDeclared(sections, sectionIndex)) return maps.findIndex((map) => map.sectionIndex === sectionIndex && map.offset === value);
  const isData = sections.data.some(({ index }) => index === sectionIndex);
  return isData ? maps.findIndex((map) => map.sectionIndex === sectionIndex) : -1;
}
