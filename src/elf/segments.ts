import { SegmentType } from './constants.js';
import type { Elf } from './elf.js';

const HEADER_SIZE = 56;
/** e_phnum when the count does not fit: it stands in `info` of the first section. */
const PN_XNUM = 0xffff;

/** A part of the file as it is put into memory (Elf64_Phdr). Sizes in bytes. */
export interface ElfSegment {
  /** SegmentType */
  readonly type: number;
  /** 1 execute, 2 write, 4 read. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly alignment: number;
}

/** The program headers; none in object files. @throws ParseError when they are not all there */
export function segments(elf: Elf): ElfSegment[] {
  const { reader } = elf;
  const offset = reader.u64(32);
  const count = reader.u16(56) === PN_XNUM ? (elf.sections[0]?.info ?? 0) : reader.u16(56);
  if (offset === 0 || count === 0) return [];
  if (reader.u16(54) !== HEADER_SIZE) reader.fail(54, `program headers have ${reader.u16(54)} bytes, not ${HEADER_SIZE}`);
  reader.slice(offset, count * HEADER_SIZE, `${reader.what}: program headers`);
  return Array.from({ length: count }, (_, i) => {
    const at = offset + i * HEADER_SIZE;
    return {
      type: reader.u32(at),
      flags: reader.u32(at + 4),
      offset: reader.u64(at + 8),
      address: reader.u64(at + 16),
      fileSize: reader.u64(at + 32),
      memorySize: reader.u64(at + 40),
      alignment: reader.u64(at + 48),
    };
  });
}

/** Where in the file the byte lies that is loaded at `address`; undefined when none is. What a uprobe wants for a symbol's value. */
export function fileOffset(all: readonly ElfSegment[], address: number): number | undefined {
  const segment = all.find(
    ({ type, address: start, fileSize }) => type === SegmentType.LOAD && address >= start && address < start + fileSize,
  );
  return segment && address - segment.address + segment.offset;
}
