import type { StringTable } from '../bytes/string-table.js';
import { SectionIndex } from './constants.js';
import type { Reader } from './reader.js';
import type { ElfSection } from './section.js';

const SYMBOL_SIZE = 24;

/** A symbol. `value` is an offset in its section in relocatable files, an address in others; rounded beyond 2^53. */
export interface ElfSymbol {
  readonly index: number;
  readonly name: string;
  readonly value: number;
  /** In bytes. */
  readonly size: number;
  /** SymbolType */
  readonly type: number;
  /** SymbolBinding */
  readonly binding: number;
  /** SymbolVisibility */
  readonly visibility: number;
  /** The index of its section, or one of {@link SectionIndex}. */
  readonly sectionIndex: number;
}

/** The symbols of a `.symtab` or `.dynsym`, by index; each is decoded when it is asked for, and not kept. Symbol 0 is the empty one. */
export class SymbolTable {
  readonly count: number;
  readonly #reader: Reader;

  /** `extended` holds section indices that do not fit 16 bits (SHT_SYMTAB_SHNDX). @throws ParseError when the table is cut off */
  constructor(
    readonly section: ElfSection,
    readonly strings: StringTable,
    readonly extended?: ElfSection,
  ) {
    this.#reader = section.reader;
    this.count = section.entries(SYMBOL_SIZE);
  }

  /** Its name is read when it is asked for. @throws ParseError when there is no such symbol, or (then) its name is outside the strings */
  at(index: number): ElfSymbol {
    const at = this.#offsetOf(index);
    const info = this.#reader.u8(at + 4);
    const table = this;
    return {
      index,
      get name() {
        return table.name(index);
      },
      value: this.#reader.u64(at + 8),
      size: this.#reader.u64(at + 16),
      type: info & 0xf,
      binding: info >>> 4,
      visibility: this.#reader.u8(at + 5) & 3,
      sectionIndex: this.#sectionIndex(index, at),
    };
  }

  name(index: number): string {
    const offset = this.#reader.u32(this.#offsetOf(index));
    return offset === 0 ? '' : this.strings.at(offset);
  }

  /** The symbols of that name, by comparing bytes: in an executable there are too many to decode. */
  *named(name: string): Generator<ElfSymbol> {
    const wanted = new TextEncoder().encode(name);
    for (let index = 1; index < this.count; index++) {
      if (this.strings.is(this.#reader.u32(this.#offsetOf(index)), wanted)) yield this.at(index);
    }
  }

  /** All but the empty first one. */
  *[Symbol.iterator](): Generator<ElfSymbol> {
    for (let index = 1; index < this.count; index++) yield this.at(index);
  }

  #offsetOf(index: number): number {
    if (!(index >= 0 && index < this.count)) this.#reader.fail(this.section.offset, `there is no symbol ${index}, only ${this.count}`);
    return this.section.offset + index * SYMBOL_SIZE;
  }

  #sectionIndex(index: number, at: number): number {
    const own = this.#reader.u16(at + 6);
    if (own !== SectionIndex.XINDEX || !this.extended) return own;
    if ((index + 1) * 4 > this.extended.bytes.length) this.#reader.fail(this.extended.offset, `no section index for symbol ${index}`);
    return this.#reader.u32(this.extended.offset + index * 4);
  }
}
