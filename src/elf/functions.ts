// Functions of a program or library by name, as offsets in its file, which is what probes take.
import { SectionIndex, SymbolBinding, SymbolType } from './constants.js';
import type { Elf } from './elf.js';
import { fileOffset, segments } from './segments.js';
import type { ElfSymbol } from './symbols.js';

/** A function, and where its code begins in the file, in bytes. */
export interface FileFunction {
  readonly name: string;
  readonly offset: number;
}

/**
 * The functions of that name; `name@VERSION` takes a library's function of one version. What is shared (`.dynsym`) comes before what is not, so `.symtab`
 * is only asked when the other has none; a weak function counts where there is no other. More than one is left to the caller: which of the static
 * functions of one name is meant, nobody can know.
 *
 * @throws ParseError when symbols are malformed
 */
export function functionsNamed(elf: Elf, name: string): FileFunction[] {
  const plain = name.replace(/@.*/s, '');
  for (const table of [elf.dynamicSymbols, elf.symbols]) {
    const written = table === elf.symbols && name !== plain ? [name, name.replace(/@+/, '@@')] : [plain];
    const symbols = written.flatMap((each) => [...(table?.named(each) ?? [])]).filter(isFunction);
    const strong = symbols.filter(({ binding }) => binding !== SymbolBinding.WEAK);
    const found = located(elf, strong.length > 0 ? strong : symbols);
    if (found.length > 0) return found;
  }
  return [];
}

/** The functions whose names match, one for each place. @throws ParseError when symbols are malformed */
export function functionsLike(elf: Elf, pattern: RegExp): FileFunction[] {
  const symbols: ElfSymbol[] = [];
  for (const table of [elf.dynamicSymbols, elf.symbols])
    for (const symbol of table ?? []) if (isFunction(symbol) && pattern.test(symbol.name)) symbols.push(symbol);
  return located(elf, symbols);
}

function isFunction({ type, sectionIndex }: ElfSymbol): boolean {
  return type === SymbolType.FUNC && sectionIndex !== SectionIndex.UNDEF;
}

function located(elf: Elf, symbols: readonly ElfSymbol[]): FileFunction[] {
  const loaded = segments(elf);
  const byOffset = new Map<number, FileFunction>();
  for (const { name, value } of symbols) {
    const offset = fileOffset(loaded, value);
    if (offset !== undefined && !byOffset.has(offset)) byOffset.set(offset, { name, offset });
  }
  return [...byOffset.values()];
}
