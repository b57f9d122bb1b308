import type { StringTable } from '../bytes/string-table.js';
import { SectionIndex, SectionType } from './constants.js';
import { Reader } from './reader.js';
import { type ElfRelocation, isRelocationSection, relocationsIn } from './relocations.js';
import { ElfSection, SECTION_HEADER_SIZE } from './section.js';
import { SymbolTable } from './symbols.js';

const HEADER_SIZE = 64;

/**
 * A 64-bit ELF file of either byte order: an object, an executable, a library. Parsing reads the section headers; contents, symbols and relocations are
 * read when they are asked for, as views of the bytes given.
 */
export class Elf {
  /** ElfType */
  readonly type: number;
  /** ElfMachine */
  readonly machine: number;
  readonly entry: number;
  readonly littleEndian: boolean;
  /** By index; the first is empty. */
  readonly sections: readonly ElfSection[];
  readonly #symbols = new Map<number, SymbolTable>();
  /** Sections of relocations by the index of what they apply to. */
  #relocations: ReadonlyMap<number, readonly ElfSection[]> | undefined;

  private constructor(readonly reader: Reader) {
    this.littleEndian = reader.littleEndian;
    this.type = reader.u16(16);
    this.machine = reader.u16(18);
    this.entry = reader.u64(24);
    this.sections = readSections(reader);
  }

  /**
   * @param what names the file in errors
   * @throws ParseError when it is no 64-bit ELF file, or its section headers are not all there
   */
  static parse(bytes: Uint8Array, what = 'ELF file'): Elf {
    const header = new Reader(bytes, what, true);
    if (bytes.length < 4 || header.u32(0) !== 0x464c457f) header.fail(0, 'not an ELF file');
    if (bytes.length < HEADER_SIZE) header.fail(bytes.length, 'the ELF header is cut off');
    if (header.u8(4) !== 2) header.fail(4, 'not a 64-bit ELF file');
    const order = header.u8(5);
    if (order !== 1 && order !== 2) header.fail(5, `byte order ${order} is unknown`);
    return new Elf(new Reader(bytes, what, order === 1));
  }

  /** The file as it was given. */
  get bytes(): Uint8Array {
    return this.reader.bytes;
  }

  /** The first section of that name. */
  section(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** `.symtab`, which stripped files lack. @throws ParseError when it is malformed */
  get symbols(): SymbolTable | undefined {
    return this.#tableOfType(SectionType.SYMTAB);
  }

  /** `.dynsym`: what a program or library shares. @throws ParseError when it is malformed */
  get dynamicSymbols(): SymbolTable | undefined {
    return this.#tableOfType(SectionType.DYNSYM);
  }

  /** The symbols that a section (of relocations, say) links to. @throws ParseError when it links to none */
  symbolsOf(section: ElfSection): SymbolTable {
    return this.#table(section.link);
  }

  /** Sections of relocations, in order; `info` of each is the section it applies to. */
  get relocationSections(): ElfSection[] {
    return this.sections.filter(isRelocationSection);
  }

  /** The relocations of a section (not of a section of relocations), in the order of the file. @throws ParseError when they are malformed */
  *relocations(section: ElfSection): Generator<ElfRelocation> {
    this.#relocations ??= byTarget(this.relocationSections);
    for (const table of this.#relocations.get(section.index) ?? []) yield* relocationsIn(table);
  }

  #tableOfType(type: number): SymbolTable | undefined {
    const section = this.sections.find((candidate) => candidate.type === type);
    return section && this.#table(section.index);
  }

  #table(index: number): SymbolTable {
    const known = this.#symbols.get(index);
    if (known) return known;
    const section = this.sections[index];
    if (section?.type !== SectionType.SYMTAB && section?.type !== SectionType.DYNSYM)
      this.reader.fail(0, `section ${index} holds no symbols`);
    const strings =
      this.sections[section.link] ?? this.reader.fail(section.offset, `there is no section ${section.link} with the names of symbols`);
    const extended = this.sections.find((other) => other.type === SectionType.SYMTAB_SHNDX && other.link === index);
    const table = new SymbolTable(section, strings.strings, extended);
    this.#symbols.set(index, table);
    return table;
  }
}

/** Counts that do not fit their 16 bits stand in the first section header instead (e_shnum 0, e_shstrndx XINDEX). */
function readSections(reader: Reader): ElfSection[] {
  const start = reader.u64(40);
  if (start === 0) return [];
  const first = new ElfSection(reader, start, 0);
  const count = reader.u16(60) || first.size;
  reader.slice(start, count * SECTION_HEADER_SIZE, `${reader.what}: section headers`);
  const namesIndex = reader.u16(62) === SectionIndex.XINDEX ? first.link : reader.u16(62);
  if (namesIndex >= count) reader.fail(62, `there is no section ${namesIndex} with the names of sections`);
  const read = (index: number, names?: StringTable): ElfSection =>
    new ElfSection(reader, start + index * SECTION_HEADER_SIZE, index, names);
  const names = namesIndex === SectionIndex.UNDEF ? undefined : read(namesIndex).strings;
  return Array.from({ length: count }, (_, index) => read(index, names));
}

function byTarget(tables: readonly ElfSection[]): Map<number, ElfSection[]> {
  const found = new Map<number, ElfSection[]>();
  for (const table of tables) {
    const others = found.get(table.info);
    if (others) others.push(table);
    else found.set(table.info, [table]);
  }
  return found;
}
