import { SectionIndex, SymbolBinding, SymbolType } from '../../elf/constants.js';
import type { ElfSection } from '../../elf/section.js';
import type { ElfSymbol } from '../../elf/symbols.js';
import { UsageError } from '../../errors.js';
import { type Declared, mapMismatch, mismatch } from './declarations.js';
import type { Declaration, LinkInput } from './input.js';
import { isExtern, type LinkedSection, type LinkedSymbol, type SectionEntry } from './output.js';

/** Where contents of an input's section went. */
export interface Placed {
  readonly section: LinkedSection;
  readonly offset: number;
}

/** A global or extern symbol, which those of other objects with its name are one with. */
export interface Global {
  readonly symbol: LinkedSymbol;
  /** The object whose definition, or else whose declaration, it is. */
  owner: LinkInput;
  /** In the owner's types. */
  declaration: Declaration | undefined;
  isMap: boolean;
  /** Its type among the merged ones, once they are. */
  typeId: number | undefined;
  entry: { readonly section: LinkedSection; readonly entry: SectionEntry } | undefined;
}

/** The symbols of the result. */
export class SymbolMerger {
  readonly symbols: LinkedSymbol[] = [];
  readonly globals = new Map<string, Global>();

  /**
   * Adds the symbols of an object, and gives what became of each by its index; undefined for those of sections that are left out.
   *
   * @throws UsageError when two objects define the same, or declare it differently
   */
  add(input: LinkInput, placed: (section: ElfSection) => Placed | undefined): (LinkedSymbol | undefined)[] {
    return input.symbols.map((symbol, index) => (index === 0 ? undefined : this.#add(input, symbol, placed)));
  }

  #add(input: LinkInput, symbol: ElfSymbol, placed: (section: ElfSection) => Placed | undefined): LinkedSymbol | undefined {
    const source = symbol.sectionIndex === SectionIndex.UNDEF ? undefined : input.elf.sections[symbol.sectionIndex];
    const place = source && placed(source);
    if (source && !place) return undefined;
    if (symbol.type === SymbolType.SECTION && place) return this.#addSection(symbol, place.section);
    const linked: LinkedSymbol = {
      name: symbol.name,
      binding: symbol.binding,
      visibility: symbol.visibility,
      type: symbol.type,
      place: place?.section ?? symbol.sectionIndex,
      value: (place?.offset ?? 0) + symbol.value,
      size: symbol.size,
    };
    // Jump tables are numbered in each object anew: those of the same name are not one.
    if (symbol.binding === SymbolBinding.LOCAL || source?.name === '.jumptables') return this.#push(linked);
    return this.#addGlobal(input, linked);
  }

  /** One symbol for each section will do. */
  #addSection({ name, binding, visibility, type }: ElfSymbol, section: LinkedSection): LinkedSymbol {
    section.sectionSymbol ??= this.#push({ name, binding, visibility, type, place: section, value: 0, size: 0 });
    return section.sectionSymbol;
  }

  #addGlobal(input: LinkInput, symbol: LinkedSymbol): LinkedSymbol {
    const declaration = input.declarations.get(symbol.name);
    if (isExtern(symbol) && !declaration) refuse(input, symbol.name, 'it is extern, and has no type (compile with -g)');
    const isMap = declaration?.datasecId !== undefined && input.btf?.name(declaration.datasecId) === '.maps';
    const known = this.globals.get(symbol.name);
    if (known) {
      checkAgreement(known, input, declaration);
      resolve(known, input, symbol, declaration, isMap);
      return known.symbol;
    }
    this.globals.set(symbol.name, { symbol: this.#push(symbol), owner: input, declaration, isMap, typeId: undefined, entry: undefined });
    return symbol;
  }

  #push(symbol: LinkedSymbol): LinkedSymbol {
    this.symbols.push(symbol);
    return symbol;
  }
}

function refuse(input: LinkInput, name: string, reason: string): never {
  throw new UsageError(`${input.what}: symbol ${name}: ${reason}`);
}

function checkAgreement(known: Global, input: LinkInput, declaration: Declaration | undefined): void {
  const { name } = known.symbol;
  const before = known.owner.what;
  if (!declaration || !known.declaration) {
    return refuse(input, name, `it is in ${before} too, and has no type to compare (compile with -g)`);
  }
  const here: Declared = { btf: input.btf!, typeId: declaration.typeId };
  const there: Declared = { btf: known.owner.btf!, typeId: known.declaration.typeId };
  const reason = known.isMap ? mapMismatch(name, there, here) : mismatch(there, here);
  if (reason) refuse(input, name, `it is declared otherwise than in ${before}: ${reason}`);
}

/** Makes one symbol of two of the same name: a definition before an extern, a strong one before a weak one, otherwise the first. */
function resolve(known: Global, input: LinkInput, symbol: LinkedSymbol, declaration: Declaration | undefined, isMap: boolean): void {
  const { symbol: winner } = known;
  const bothDefine = !isExtern(symbol) && !isExtern(winner);
  const isWeak = symbol.binding === SymbolBinding.WEAK;
  if (bothDefine && !isWeak && winner.binding !== SymbolBinding.WEAK) {
    refuse(input, symbol.name, `${known.owner.what} defines it too, and neither is weak`);
  }
  const takesOver = !isExtern(symbol) && (isExtern(winner) || !isWeak);
  // Strong and hidden are contagious, be it from a mere declaration.
  if (!isWeak) winner.binding = SymbolBinding.GLOBAL;
  winner.visibility = Math.max(winner.visibility, symbol.visibility);
  if (!takesOver) return;
  const { type, place, value, size } = symbol;
  Object.assign(winner, { type, place, value, size });
  Object.assign(known, { owner: input, declaration, isMap });
}
