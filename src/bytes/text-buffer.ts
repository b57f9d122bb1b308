const encoder = new TextEncoder();
const ZERO = 0x30;
const BILLION = 1_000_000_000;
const TWO_16 = 0x1_0000;
const TWO_32 = 0x1_0000_0000;

/**
 * ASCII and UTF-8 text that is put together as bytes, for dumps of many megabytes: strings would have to be joined and encoded. Grows as it is written;
 * what {@link take} gives holds until the next write.
 */
export class TextBuffer {
  #bytes: Uint8Array;
  #view: DataView;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
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

  /** One character of ASCII. */
  addByte(code: number): void {
    const at = this.length;
    if (at === this.#bytes.length) this.#reserve(1);
    this.#bytes[at] = code;
    this.length = at + 1;
  }

  /** Text up to its NUL byte, if all before that is marked in `allowed`, a table of 256; else nothing is added, and false returned. */
  addString(source: Uint8Array, start: number, allowed: Uint8Array): boolean {
    let bytes = this.#bytes;
    let at = this.length;
    let from = start;
    let byte = source[from]!;
    for (; allowed[byte] === 1; byte = source[++from]!) {
      if (at === bytes.length) {
        this.#reserve(at - this.length + 1);
        bytes = this.#bytes;
        bytes.set(source.subarray(start, from), this.length);
      }
      bytes[at++] = byte;
    }
    if (byte !== 0) return false;
    this.length = at;
    return true;
  }

  /** A whole number within 2^53, in decimal. */
  addNumber(value: number): void {
    if (value < 0) {
      this.addText('-');
      return this.addNumber(-value);
    }
    if (value < BILLION) return this.#addDigits(value, digitsOf(value));
    const high = Math.floor(value / BILLION);
    this.addNumber(high);
    this.#addDigits(value - high * BILLION, 9);
  }

  /** A whole number of 64 bits, given as its upper and lower half, in decimal. */
  addUnsigned64(high: number, low: number): void {
    if (high < 0x20_0000) return this.addNumber(high * TWO_32 + low);
    // Division by a billion, the lower half in two steps: what is left of one and 16 bits more stay within 2^53.
    const first = Math.floor(high / BILLION);
    const middle = (high - first * BILLION) * TWO_16 + (low >>> 16);
    const second = Math.floor(middle / BILLION);
    const last = (middle - second * BILLION) * TWO_16 + (low & 0xffff);
    const third = Math.floor(last / BILLION);
    this.addNumber((first * TWO_16 + second) * TWO_16 + third);
    this.#addDigits(last - third * BILLION, 9);
  }

  /** The same with a sign, in two's complement. */
  addSigned64(high: number, low: number): void {
    if (high >>> 31 === 0) return this.addUnsigned64(high, low);
    this.addText('-');
    // The bits turned over, and one more.
    this.addUnsigned64((low === 0 ? -high : ~high) >>> 0, -low >>> 0);
  }

  /** Makes room for `length` bytes that the caller writes into {@link bytes}, and returns where they begin. */
  claim(length: number): number {
    const at = this.#reserve(length);
    this.length = at + length;
    return at;
  }

  /** Makes room for `length` more bytes, to be written into {@link bytes} or {@link view} from {@link length} on. */
  room(length: number): void {
    this.#reserve(length);
  }

  /** What has been written, and room behind it. Another array after anything was added. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same as {@link bytes}. */
  get view(): DataView {
    return this.#view;
  }

  /** All that was written since the last {@link take}, as a view. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** What is {@link written}, to begin anew. */
  take(): Uint8Array {
    const text = this.written;
    this.length = 0;
    return text;
  }

  /** The last `digits` digits of a number below a billion. */
  #addDigits(value: number, digits: number): void {
    const start = this.#reserve(digits);
    const bytes = this.#bytes;
    let rest = value | 0;
    for (let at = start + digits - 1; at >= start; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.length = start + digits;
  }

  /** Makes room, and returns where it begins. */
  #reserve(length: number): number {
    const needed = this.length + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return this.length;
  }
}

/** The first number with one digit more than its index says; the lowest has one digit as well. */
const DIGIT_LIMITS = Int32Array.of(0, ...Array.from({ length: 9 }, (_, i) => 10 ** (i + 1)));

/** The number of digits of a whole number below 2^31, in decimal: from its binary digits, without a branch for each number of them. */
export function digitsOf(value: number): number {
  const digits = ((32 - Math.clz32(value | 1)) * 1233) >> 12;
  return value < DIGIT_LIMITS[digits]! ? digits : digits + 1;
}
