const encoder = new TextEncoder();
const ZERO = 0x30;

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

  /** A text, best a short one. */
  addText(text: string): void {
    let at = this.#reserve(text.length);
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return this.add(encoder.encode(text));
      bytes[at++] = code;
    }
    this.length = at;
  }

  /** Text up to its NUL byte, if all before that is marked in `allowed`, a table of 256; else nothing is added, and false returned. */
  addString(source: Uint8Array, start: number, allowed: Uint8Array): boolean {
    let end = start;
    while (allowed[source[end]!] === 1) end++;
    if (source[end] !== 0) return false;
    this.addPart(source, start, end);
    return true;
  }

  /** A whole number within 2^53, in decimal. */
  addNumber(value: number): void {
    if (value < 0 || value > 0x7fffffff) return this.addText(String(value));
    let rest = value | 0;
    let at = this.#reserve(10);
    const bytes = this.#bytes;
    if (rest < 10) {
      bytes[at] = ZERO + rest;
      this.length = at + 1;
      return;
    }
    at += rest < 100 ? 2 : rest < 1000 ? 3 : rest < 10_000 ? 4 : rest < 100_000 ? 5 : digitsOf(rest);
    this.length = at;
    while (rest > 0) {
      const next = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - next * 10;
      rest = next;
    }
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

function digitsOf(value: number): number {
  let digits = 6;
  for (let limit = 1_000_000; limit <= value; limit *= 10) digits++;
  return digits;
}
