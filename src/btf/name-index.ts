import type { BtfStrings } from './strings.js';

/** Names longer than the kernel's KSYM_NAME_LEN are told apart by their beginning: a hostile file cannot make hashing them slow. */
const HASHED_BYTES = 512;
const UNDERSCORE = 0x5f;

/**
 * Which types bear a name: a hash over the name's bytes, without its flavor (`___x`), so that it answers for full and for essential names alike.
 * Holds 4 bytes a type and 4 a bucket. Positions count from 0.
 */
export class NameIndex {
  readonly #buckets: Int32Array;
  readonly #next: Int32Array;

  /** `nameOffset(i)` is the string offset of entry `i` of `count`; 0 for nameless ones. */
  constructor(count: number, nameOffset: (position: number) => number, strings: BtfStrings) {
    this.#buckets = new Int32Array(powerOfTwoAbove(count)).fill(-1);
    this.#next = new Int32Array(count);
    const mask = this.#buckets.length - 1;
    // Backwards, so that a chain begins with the lowest id, which is the one to be found.
    for (let i = count - 1; i >= 0; i--) {
      const offset = nameOffset(i);
      if (offset === 0) continue;
      const { bytes, position } = strings.locate(offset);
      const bucket = hashName(bytes, position, true) & mask;
      this.#next[i] = this.#buckets[bucket]!;
      this.#buckets[bucket] = i;
    }
  }

  /** Positions whose full, or essential, name may be `name`, in ascending order; the caller compares the names. */
  *candidates(name: string, as: 'full' | 'essential'): Generator<number> {
    const hash = hashName(new TextEncoder().encode(name), 0, as === 'full');
    for (let i = this.#buckets[hash & (this.#buckets.length - 1)]!; i >= 0; i = this.#next[i]!) yield i;
  }
}

/** FNV-1a over the name that ends at a NUL byte or with the bytes; without its flavor, that is up to its last `___` between other characters. */
function hashName(bytes: Uint8Array, start: number, withoutFlavor: boolean): number {
  const end = Math.min(start + HASHED_BYTES, bytes.length);
  let hash = 0x811c9dc5 | 0;
  let beforeRun = hash;
  let essential: number | undefined;
  let run = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 0) break;
    if (byte !== UNDERSCORE) {
      if (withoutFlavor && run === 3 && i - start > 3) essential = beforeRun;
      run = 0;
    } else if (run++ === 0) beforeRun = hash;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return spread(essential ?? hash);
}

/** The low bits of FNV-1a over short names are alike. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

function powerOfTwoAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(count, 16)));
}
