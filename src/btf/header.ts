import { Cursor } from '../bytes/cursor.js';

export const BTF_MAGIC = 0xeb9f;

/** The header of BTF and .BTF.ext up to the first length that both share. */
const COMMON_SIZE = 8;

/** Where the parts of some BTF lie: absolute offsets and lengths in bytes. */
export interface BtfHeader {
  readonly littleEndian: boolean;
  readonly types: Span;
  readonly strings: Span;
  /** Sizes of kinds the writer knew and a reader may not (since 7.0): 4 bytes a kind. Empty in most. */
  readonly layout: Span;
}

export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads `struct btf_header` (include/uapi/linux/btf.h). Headers longer than 24 bytes are accepted: newer writers append fields.
 *
 * @throws ParseError when it is no BTF, or a part lies outside the bytes.
 */
export function parseBtfHeader(bytes: Uint8Array, what: string): BtfHeader {
  const cursor = openBtf(bytes, what);
  const length = cursor.u32();
  if (length < 24) cursor.fail(`a header of ${length} bytes is too short`, 4);
  const header = cursor.slice(0, length);
  header.skip(COMMON_SIZE);
  const span = (): Span => checkedSpan(cursor, header, length);
  const types = span();
  const strings = span();
  const layout = length >= 32 ? span() : { offset: length, length: 0 };
  if (types.offset % 4 !== 0) cursor.fail('the type section is not aligned to 4 bytes', 8);
  return { littleEndian: cursor.littleEndian, types, strings, layout };
}

/** A cursor behind magic, version and flags, in the byte order the magic shows. */
export function openBtf(bytes: Uint8Array, what: string): Cursor {
  const littleEndian = new Cursor(bytes, what).u16() === BTF_MAGIC;
  const cursor = new Cursor(bytes, what, littleEndian);
  if (cursor.u16() !== BTF_MAGIC) cursor.fail('no BTF magic', 0);
  const version = cursor.u8();
  if (version !== 1) cursor.fail(`BTF version ${version} is unknown`, 2);
  cursor.skip(1);
  return cursor;
}

/** Reads offset (from the end of the header) and length of a part, and checks that it is there. */
function checkedSpan(whole: Cursor, header: Cursor, headerLength: number): Span {
  const offset = headerLength + header.u32();
  const length = header.u32();
  whole.bytesAt(offset, length);
  return { offset, length };
}
