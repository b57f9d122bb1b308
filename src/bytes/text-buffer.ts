const ZERO = 0x30;
const MINUS = 0x2d;

/**
 * ASCII and UTF-8 text that is put together as bytes, for dumps of many megabytes: strings would have to be joined and encoded. Grows as it is written;
 * what {@link take} gives holds until the next write.
 */
export class TextBuffer {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Text that was encoded before. */
  add(text: Uint8Array): void {
    this.addPart(text, 0, text.length);
  }

  addPart(source: Uint8Array, start: number, end: number): void {
    let at = this.#reserve(end - start);
    // A loop is faster than TypedArray.set for the short texts that there are.
    const bytes = this.#bytes;
    for (let i = start; i < end; i++) bytes[at++] = source[i]!;
    this.length = at;
  }

  /** A whole number within 2^53, in decimal. */
  addNumber(value: number): void {
    if (value < 0) {
      this.#bytes[this.#reserve(1)] = MINUS;
      this.length++;
    }
    const magnitude = Math.abs(value);
    if (magnitude > 0xffffffff) return this.add(new TextEncoder().encode(String(magnitude)));
    const at = this.#reserve(10);
    let digits = 1;
    for (let limit = 10; limit <= magnitude; limit *= 10) digits++;
    let rest = magnitude >>> 0;
    for (let i = at + digits - 1; i >= at; i--) {
      const next = Math.floor(rest / 10);
      this.#bytes[i] = ZERO + rest - next * 10;
      rest = next;
    }
    this.length = at + digits;
  }

  /** All that was written since the last call, as a view. */
  take(): Uint8Array {
    const text = this.#bytes.subarray(0, this.length);
    this.length = 0;
    return text;
  }

  /** Makes room, and returns where it begins. */
  #reserve(length: number): number {
    const needed = this.length + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    return this.length;
  }
}
