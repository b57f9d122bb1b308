/** Keys of one size, in the order in which they were added; made for millions of them. */
export class KeySet {
  #count = 0;
  #bytes: Uint8Array;
  /** An open-addressed table of key numbers plus one; 0 is free. A power of two, at most half full. */
  #slots = new Uint32Array(256);

  constructor(readonly keySize: number) {
    this.#bytes = new Uint8Array(64 * keySize);
  }

  get size(): number {
    return this.#count;
  }

  /** The key that was added as number `index`; a view, valid until the next is added. */
  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * this.keySize, (index + 1) * this.keySize);
  }

  /** Adds the key at `offset` of `bytes`; false when it was there. */
  add(bytes: Uint8Array, offset = 0): boolean {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#find(bytes, offset);
    if (this.#slots[slot] !== 0) return false;
    this.#store(bytes, offset);
    this.#slots[slot] = this.#count;
    return true;
  }

  has(bytes: Uint8Array, offset = 0): boolean {
    return this.indexOf(bytes, offset) >= 0;
  }

  /** The number that the key at `offset` of `bytes` was added as; -1 when it was not. */
  indexOf(bytes: Uint8Array, offset = 0): number {
    return this.#slots[this.#find(bytes, offset)]! - 1;
  }

  #find(bytes: Uint8Array, offset: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(bytes, offset) & mask;
    for (let number = this.#slots[slot]!; number !== 0 && !this.#equal(number - 1, bytes, offset); number = this.#slots[slot]!)
      slot = (slot + 1) & mask;
    return slot;
  }

  // FNV-1a, stirred once more at the end, since only its low bits are used.
  #hash(bytes: Uint8Array, offset: number): number {
    let hash = 0x811c9dc5;
    for (let i = offset; i < offset + this.keySize; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    return hash ^ (hash >>> 15);
  }

  #equal(index: number, bytes: Uint8Array, offset: number): boolean {
    const start = index * this.keySize;
    for (let i = 0; i < this.keySize; i++) if (this.#bytes[start + i] !== bytes[offset + i]) return false;
    return true;
  }

  #store(bytes: Uint8Array, offset: number): void {
    const end = (this.#count + 1) * this.keySize;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(end * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let i = 0; i < this.keySize; i++) this.#bytes[end - this.keySize + i] = bytes[offset + i]!;
    this.#count += 1;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#count; index++) this.#slots[this.#find(this.#bytes, index * this.keySize)] = index + 1;
  }
}
