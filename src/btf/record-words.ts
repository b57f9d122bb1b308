import type { Btf } from './btf.js';
import { parseBtfHeader } from './header.js';

/** The type section of one BTF, without its base's, as 32-bit words in the order of this machine: to walk over records without unfolding them. */
export class RecordWords {
  /** A view of the blob's bytes where these are in order and aligned; else a copy. */
  readonly words: Uint32Array;
  /** Of the type section, in the blob's bytes. */
  readonly offset: number;

  constructor(readonly btf: Btf) {
    const { offset, length } = parseBtfHeader(btf.bytes, btf.what).types;
    this.offset = offset;
    this.words = wordsOf(btf, offset, length >>> 2);
  }

  /** The index of the first word of a type's record. @throws ParseError when it is none of this BTF's own types */
  start(id: number): number {
    const at = this.btf.recordOffset(id) - this.offset;
    return at % 4 === 0 ? at / 4 : this.btf.fail(id, 'its record is not aligned to 4 bytes');
  }
}

function wordsOf({ bytes, littleEndian }: Btf, offset: number, length: number): Uint32Array {
  const at = bytes.byteOffset + offset;
  if (littleEndian && at % 4 === 0) return new Uint32Array(bytes.buffer, at, length);
  const view = new DataView(bytes.buffer, at, length * 4);
  return Uint32Array.from({ length }, (_, i) => view.getUint32(i * 4, littleEndian));
}
