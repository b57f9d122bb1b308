import { ParseError } from '../bytes/cursor.js';

/** Numbers at absolute offsets of a file, in its byte order, checked against its end. */
export class Reader {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
    readonly littleEndian: boolean,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#checked(offset, 1));
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#checked(offset, 2), this.littleEndian);
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#checked(offset, 4), this.littleEndian);
  }

  /** A u64 as a number: exact up to 2^53, rounded above, where no offset of a file can be. */
  u64(offset: number): number {
    const [low, high] = this.#halves(offset);
    return high * 0x1_0000_0000 + low;
  }

  /** An i64 as a number: exact within 53 bits. */
  i64(offset: number): number {
    const [low, high] = this.#halves(offset);
    return (high | 0) * 0x1_0000_0000 + low;
  }

  /** `length` bytes at `offset`: a view, not a copy. @throws ParseError when they are not all there */
  slice(offset: number, length: number, what = this.what): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length)) {
      throw new ParseError(what, offset, `${length} bytes are said to be here, of a file of ${this.bytes.length}`);
    }
    return this.bytes.subarray(offset, offset + length);
  }

  fail(offset: number, reason: string): never {
    throw new ParseError(this.what, offset, reason);
  }

  #halves(offset: number): [low: number, high: number] {
    const low = this.u32(offset + (this.littleEndian ? 0 : 4));
    return [low, this.u32(offset + (this.littleEndian ? 4 : 0))];
  }

  #checked(offset: number, length: number): number {
    if (!(offset >= 0 && offset + length <= this.bytes.length)) this.fail(offset, 'the file ends here');
    return offset;
  }
}
