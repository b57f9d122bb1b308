import { random } from '../mutate.js';

/** Choices that look random and follow from a seed. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    return this.#next();
  }

  /** From 0 to below `limit`; 0 when that is 0. */
  below(limit: number): number {
    return limit > 0 ? this.#next() % limit : 0;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.#next() % times === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** One number out of a seed, a name and an index, so that every input can be made again without those before it. */
export function seedOf(seed: number, name: string, index: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const char of `${name}:${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}
