/** Bytes that are not what their format says: `what` was being read at byte `offset` of it. */
export class ParseError extends Error {
  override readonly name = 'ParseError';

  constructor(
    readonly what: string,
    readonly offset: number,
    readonly reason: string,
  ) {
    super(`${what}: ${reason} (at byte ${offset})`);
  }
}

/**
 * A bounds-checked reader over bytes that may be hostile. Every read past the end throws a {@link ParseError} that says where.
 * Offsets are absolute in `bytes`; numbers are little-endian unless `littleEndian` is false.
 */
export class Cursor {
  readonly #view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
    readonly littleEndian = true,
    public offset = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** A reader over `length` bytes at `offset`, with offsets of its own that start at 0. */
  slice(offset: number, length: number, what = this.what): Cursor {
    return new Cursor(this.bytesAt(offset, length), what, this.littleEndian);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), this.littleEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), this.littleEndian);
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), this.littleEndian);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), this.littleEndian);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.littleEndian);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), this.littleEndian);
  }

  /** A u64 that has to fit a JavaScript number without loss: a size or an offset in a file. */
  size(): number {
    const at = this.offset;
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ParseError(this.what, at, `${value} is no possible size or offset`);
    return Number(value);
  }

  take(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** `length` bytes at an absolute offset, without moving. A view, not a copy. */
  bytesAt(offset: number, length: number): Uint8Array {
    this.#check(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  fail(reason: string, offset = this.offset): never {
    throw new ParseError(this.what, offset, reason);
  }

  #take(length: number): number {
    const at = this.offset;
    this.#check(at, length);
    this.offset = at + length;
    return at;
  }

  #check(offset: number, length: number): void {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length)) {
      throw new ParseError(this.what, offset, `${length} bytes wanted, ${Math.max(0, this.bytes.length - offset)} left`);
    }
  }
}
