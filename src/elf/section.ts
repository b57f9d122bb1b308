import { StringTable } from '../bytes/string-table.js';
import { SectionType } from './constants.js';
import type { Reader } from './reader.js';

/** The size of a section header (Elf64_Shdr) in bytes. */
export const SECTION_HEADER_SIZE = 64;

/** A section of an ELF file. Nothing of its contents is read before it is asked for. */
export class ElfSection {
  readonly name: string;
  /** {@link SectionType} */
  readonly type: number;
  /** {@link SectionFlags} */
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  /** In bytes; of NOBITS sections, in memory. */
  readonly size: number;
  /** The section it goes with: of symbols their strings, of relocations their symbols. */
  readonly link: number;
  /** Of relocations, the section they apply to. */
  readonly info: number;
  readonly alignment: number;
  /** The size of an entry, in sections that are tables. */
  readonly entrySize: number;
  #strings: StringTable | undefined;

  /** Reads the header (Elf64_Shdr) at an absolute offset; without `names` the section has none. @throws ParseError when it is not all there */
  constructor(
    readonly reader: Reader,
    at: number,
    readonly index: number,
    names?: StringTable,
  ) {
    const nameOffset = reader.u32(at);
    this.name = names && nameOffset !== 0 ? names.at(nameOffset) : '';
    this.type = reader.u32(at + 4);
    this.flags = reader.u64(at + 8);
    this.address = reader.u64(at + 16);
    this.offset = reader.u64(at + 24);
    this.size = reader.u64(at + 32);
    this.link = reader.u32(at + 40);
    this.info = reader.u32(at + 44);
    this.alignment = reader.u64(at + 48);
    this.entrySize = reader.u64(at + 56);
  }

  /** What names it in errors. */
  get what(): string {
    return `${this.reader.what}: section ${this.name || this.index}`;
  }

  /** Its contents, a view of the file; none of NOBITS sections. @throws ParseError when they are not all in the file */
  get bytes(): Uint8Array {
    if (this.type === SectionType.NOBITS || this.type === SectionType.NULL) return new Uint8Array(0);
    return this.reader.slice(this.offset, this.size, this.what);
  }

  /** Its contents as strings. @throws ParseError when it holds none, or is cut off */
  get strings(): StringTable {
    if (this.type !== SectionType.STRTAB) this.reader.fail(this.offset, `section ${this.name || this.index} holds no strings`);
    this.#strings ??= new StringTable(this.bytes, this.what);
    return this.#strings;
  }

  /** How many entries of `size` bytes it has. @throws ParseError when it is cut off, or says that its entries have another size */
  entries(size: number): number {
    if (this.entrySize !== size)
      this.reader.fail(this.offset, `entries of ${this.name || this.index} have ${this.entrySize} bytes, not ${size}`);
    return Math.floor(this.bytes.length / size);
  }
}
