const TWO_32 = 0x1_0000_0000;
const encoder = new TextEncoder();

/** `hash * 31 + value` in 64 bits, in halves: a bigint would take most of the time of sorting a kernel's types. */
export class WrappingHash {
  #high = 0;
  #low = 0;

  /** Adds the hash of a text; nothing when it is empty. */
  addText(text: string): this {
    return text === '' ? this : this.add(new WrappingHash().#spell(text));
  }

  addNumber(value: number): this {
    this.#step(0, value);
    return this;
  }

  add(other: WrappingHash): this {
    this.#step(other.#high, other.#low);
    return this;
  }

  compare(other: WrappingHash): number {
    return this.#high - other.#high || this.#low - other.#low;
  }

  #spell(text: string): this {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return new WrappingHash().#spellBytes(encoder.encode(text)) as this;
      this.#step(0, code);
    }
    return this;
  }

  /** C's `char` has a sign on x86. */
  #spellBytes(bytes: Uint8Array): this {
    for (const byte of bytes) this.#step(byte < 0x80 ? 0 : TWO_32 - 1, byte < 0x80 ? byte : TWO_32 - 256 + byte);
    return this;
  }

  #step(high: number, low: number): void {
    const sum = this.#low * 31 + low;
    this.#low = sum % TWO_32;
    this.#high = (this.#high * 31 + high + Math.floor(sum / TWO_32)) % TWO_32;
  }
}
