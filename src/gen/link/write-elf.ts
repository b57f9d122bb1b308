import { ElfMachine, ElfType, SectionIndex, SectionType, SymbolBinding } from '../../elf/constants.js';
import type { LinkedSection, LinkedSymbol } from './output.js';

const HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;
const RELOCATION_SIZE = 16;
const STRINGS_FLAG = 0x20;

/** A section as it is written. */
interface Written {
  readonly name: string;
  readonly type: number;
  readonly flags?: number;
  readonly bytes: Uint8Array;
  /** Of sections without contents in the file. */
  readonly size?: number;
  readonly link?: number;
  readonly info?: number;
  readonly alignment: number;
  readonly entrySize?: number;
}

/** What an object file is made of. */
export interface ObjectFile {
  readonly littleEndian: boolean;
  /** Those with contents, which are written under their numbers from 3 on. */
  readonly sections: readonly { readonly section: LinkedSection; readonly bytes: Uint8Array }[];
  readonly symbols: readonly LinkedSymbol[];
  /** Sections with nothing but bytes: types, and what is said on code. */
  readonly extra: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const STRTAB = 1;
const SYMTAB = 2;
const FIRST_SECTION = 3;

/** The bytes of a relocatable ELF file for BPF. Local symbols come first, as the specification wants it. */
export function writeObject({ littleEndian, sections, symbols, extra }: ObjectFile): Uint8Array {
  const strings = new Strings();
  const writer = new ElfWriter(littleEndian);
  const isLocal = ({ binding }: LinkedSymbol) => binding === SymbolBinding.LOCAL;
  const sorted = [...symbols.filter(isLocal), ...symbols.filter((symbol) => !isLocal(symbol))];
  const symbolIndexes = new Map(sorted.map((symbol, index) => [symbol, index + 1]));
  const sectionIndexes = new Map(sections.map(({ section }, index) => [section, index + FIRST_SECTION]));
  const table = writer.symbols(sorted, sectionIndexes, strings);
  const body: Written[] = [
    ...sections.map(({ section, bytes }) => contents(section, bytes)),
    ...sections.flatMap(({ section }) => relocations(section, sectionIndexes.get(section)!, writer, symbolIndexes)),
    ...extra.map(({ name, bytes }) => ({ name, type: SectionType.PROGBITS, bytes, alignment: 8 })),
  ];
  const firstGlobal = sorted.filter(isLocal).length + 1;
  const names = ['.strtab', '.symtab', ...body.map(({ name }) => name)];
  for (const name of names) strings.add(name);
  return writer.file(
    [
      { name: '.strtab', type: SectionType.STRTAB, flags: STRINGS_FLAG, bytes: strings.bytes(), alignment: 1 },
      { name: '.symtab', type: SectionType.SYMTAB, bytes: table, link: STRTAB, info: firstGlobal, alignment: 8, entrySize: SYMBOL_SIZE },
      ...body,
    ],
    strings,
  );
}

function contents(section: LinkedSection, bytes: Uint8Array): Written {
  const { type, flags, entrySize } = section.header!;
  return { name: section.name, type, flags, bytes, size: section.size, alignment: section.alignment, entrySize };
}

function relocations(section: LinkedSection, info: number, writer: ElfWriter, symbols: ReadonlyMap<LinkedSymbol, number>): Written[] {
  if (section.relocations.length === 0) return [];
  const bytes = writer.relocations(section, symbols);
  return [{ name: `.rel${section.name}`, type: SectionType.REL, bytes, link: SYMTAB, info, alignment: 8, entrySize: RELOCATION_SIZE }];
}

/** Strings of the file, each once. */
class Strings {
  readonly #offsets = new Map<string, number>([['', 0]]);
  readonly #parts: Uint8Array[] = [new Uint8Array(1)];
  #length = 1;

  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#length;
    const part = new TextEncoder().encode(`${text}\0`);
    this.#parts.push(part);
    this.#length += part.length;
    this.#offsets.set(text, offset);
    return offset;
  }

  bytes(): Uint8Array {
    return joined(this.#parts);
  }
}

class ElfWriter {
  constructor(readonly littleEndian: boolean) {}

  symbols(symbols: readonly LinkedSymbol[], sections: ReadonlyMap<LinkedSection, number>, strings: Strings): Uint8Array {
    const view = new DataView(new ArrayBuffer((symbols.length + 1) * SYMBOL_SIZE));
    for (const [index, symbol] of symbols.entries()) {
      const at = (index + 1) * SYMBOL_SIZE;
      const { place } = symbol;
      view.setUint32(at, strings.add(symbol.name), this.littleEndian);
      view.setUint8(at + 4, (symbol.binding << 4) | symbol.type);
      view.setUint8(at + 5, symbol.visibility);
      view.setUint16(at + 6, typeof place === 'number' ? place : (sections.get(place) ?? SectionIndex.UNDEF), this.littleEndian);
      this.#long(view, at + 8, symbol.value);
      this.#long(view, at + 16, symbol.size);
    }
    return new Uint8Array(view.buffer);
  }

  relocations({ relocations: list }: LinkedSection, symbols: ReadonlyMap<LinkedSymbol, number>): Uint8Array {
    const view = new DataView(new ArrayBuffer(list.length * RELOCATION_SIZE));
    for (const [index, { offset, type, symbol }] of list.entries()) {
      const at = index * RELOCATION_SIZE;
      this.#long(view, at, offset);
      const [typeAt, symbolAt] = this.littleEndian ? [at + 8, at + 12] : [at + 12, at + 8];
      view.setUint32(typeAt, type, this.littleEndian);
      view.setUint32(symbolAt, symbols.get(symbol)!, this.littleEndian);
    }
    return new Uint8Array(view.buffer);
  }

  /** Header, contents, section headers. */
  file(sections: readonly Written[], strings: Strings): Uint8Array {
    const parts: Uint8Array[] = [new Uint8Array(HEADER_SIZE)];
    let at = HEADER_SIZE;
    const append = (bytes: Uint8Array, alignment: number): number => {
      const offset = Math.ceil(at / alignment) * alignment;
      parts.push(new Uint8Array(offset - at), bytes);
      at = offset + bytes.length;
      return offset;
    };
    const placed = sections.map((section) => ({ section, offset: append(section.bytes, Math.max(section.alignment, 1)) }));
    const headers = new DataView(new ArrayBuffer((sections.length + 1) * SECTION_HEADER_SIZE));
    for (const [index, { section, offset }] of placed.entries()) this.#sectionHeader(headers, index + 1, section, offset, strings);
    const table = append(new Uint8Array(headers.buffer), 8);
    parts[0] = this.#header(table, sections.length + 1);
    return joined(parts);
  }

  #sectionHeader(view: DataView, index: number, section: Written, offset: number, strings: Strings): void {
    const at = index * SECTION_HEADER_SIZE;
    view.setUint32(at, strings.add(section.name), this.littleEndian);
    view.setUint32(at + 4, section.type, this.littleEndian);
    this.#long(view, at + 8, section.flags ?? 0);
    this.#long(view, at + 24, offset);
    this.#long(view, at + 32, section.size ?? section.bytes.length);
    view.setUint32(at + 40, section.link ?? 0, this.littleEndian);
    view.setUint32(at + 44, section.info ?? 0, this.littleEndian);
    this.#long(view, at + 48, section.alignment);
    this.#long(view, at + 56, section.entrySize ?? 0);
  }

  #header(sectionTable: number, sectionCount: number): Uint8Array {
    const bytes = new Uint8Array(HEADER_SIZE);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, this.littleEndian ? 1 : 2, 1]);
    const view = new DataView(bytes.buffer);
    view.setUint16(16, ElfType.REL, this.littleEndian);
    view.setUint16(18, ElfMachine.BPF, this.littleEndian);
    view.setUint32(20, 1, this.littleEndian);
    this.#long(view, 40, sectionTable);
    view.setUint16(52, HEADER_SIZE, this.littleEndian);
    view.setUint16(58, SECTION_HEADER_SIZE, this.littleEndian);
    view.setUint16(60, sectionCount, this.littleEndian);
    view.setUint16(62, STRTAB, this.littleEndian);
    return bytes;
  }

  #long(view: DataView, at: number, value: number): void {
    view.setBigUint64(at, BigInt(value), this.littleEndian);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
