import { SectionType } from '../../src/elf/constants.js';

export interface SectionInput {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly bytes?: Uint8Array;
  /** For NOBITS. */
  readonly size?: number;
  readonly link?: number;
  readonly info?: number;
  readonly entrySize?: number;
}

/** An ELF file of the given sections, whose indices begin at 1; the names of sections come last. */
export function buildElf(inputs: readonly SectionInput[], littleEndian = true): Uint8Array {
  const names = strings(['', ...inputs.map(({ name }) => name), '.shstrtab']);
  const all: SectionInput[] = [{ name: '', type: 0 }, ...inputs, { name: '.shstrtab', type: SectionType.STRTAB, bytes: names.bytes }];
  const start = 64 + all.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  const file = new Uint8Array(start + all.length * 64);
  const view = new DataView(file.buffer);
  writeHeader(view, start, all.length, littleEndian);
  let offset = 64;
  all.forEach((section, i) => {
    const at = start + i * 64;
    const words = [names.offsets[i]!, section.type ?? SectionType.PROGBITS];
    words.forEach((word, n) => void view.setUint32(at + n * 4, word, littleEndian));
    const longs = [section.flags ?? 0, 0, offset, section.bytes?.length ?? section.size ?? 0];
    longs.forEach((long, n) => void view.setBigUint64(at + 8 + n * 8, BigInt(long), littleEndian));
    view.setUint32(at + 40, section.link ?? 0, littleEndian);
    view.setUint32(at + 44, section.info ?? 0, littleEndian);
    view.setBigUint64(at + 48, 1n, littleEndian);
    view.setBigUint64(at + 56, BigInt(section.entrySize ?? 0), littleEndian);
    file.set(section.bytes ?? [], offset);
    offset += section.bytes?.length ?? 0;
  });
  return file;
}

function writeHeader(view: DataView, sections: number, count: number, littleEndian: boolean): void {
  view.setUint32(0, 0x7f454c46);
  new Uint8Array(view.buffer).set([2, littleEndian ? 1 : 2, 1], 4);
  view.setUint16(16, 1, littleEndian);
  view.setUint16(18, 247, littleEndian);
  view.setUint32(20, 1, littleEndian);
  view.setBigUint64(40, BigInt(sections), littleEndian);
  view.setUint16(52, 64, littleEndian);
  view.setUint16(58, 64, littleEndian);
  view.setUint16(60, count, littleEndian);
  view.setUint16(62, count - 1, littleEndian);
}

/** A string table, and where in it each text is. */
export function strings(texts: readonly string[]): { bytes: Uint8Array; offsets: number[] } {
  const bytes: number[] = [];
  const offsets = texts.map((text) => {
    const offset = bytes.length;
    bytes.push(...new TextEncoder().encode(text), 0);
    return offset;
  });
  return { bytes: Uint8Array.from(bytes), offsets };
}

/** Symbols as [name offset, type | binding << 4, visibility, section, value, size]. */
export function symbols(rows: readonly (readonly number[])[], littleEndian = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(rows.length * 24));
  rows.forEach(([name = 0, info = 0, other = 0, section = 0, value = 0, size = 0], i) => {
    view.setUint32(i * 24, name, littleEndian);
    view.setUint8(i * 24 + 4, info);
    view.setUint8(i * 24 + 5, other);
    view.setUint16(i * 24 + 6, section, littleEndian);
    view.setBigUint64(i * 24 + 8, BigInt(value), littleEndian);
    view.setBigUint64(i * 24 + 16, BigInt(size), littleEndian);
  });
  return new Uint8Array(view.buffer);
}

/** Relocations as [offset, type, symbol] or, for RELA, [offset, type, symbol, addend]. */
export function relocations(rows: readonly (readonly number[])[], littleEndian = true): Uint8Array {
  const size = rows[0]?.length === 4 ? 24 : 16;
  const view = new DataView(new ArrayBuffer(rows.length * size));
  rows.forEach(([offset = 0, type = 0, symbol = 0, addend], i) => {
    view.setBigUint64(i * size, BigInt(offset), littleEndian);
    view.setBigUint64(i * size + 8, (BigInt(symbol) << 32n) | BigInt(type), littleEndian);
    if (addend !== undefined) view.setBigInt64(i * size + 16, BigInt(addend), littleEndian);
  });
  return new Uint8Array(view.buffer);
}
