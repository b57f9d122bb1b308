import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { ENUM, ENUM64, FWD, INT, STRUCT, TYPEDEF, UNION } from './kind-numbers.js';

/**
 * How often a name has been used when a type or value is printed: 1 for the first, which has the name as it is; the second gets `___2` behind it, and so
 * on, since C wants names once.
 */
export interface Names {
  /** Of a struct, union, enum or forward declaration. */
  tag(id: number): number;
  typedef(id: number): number;
  /** Of a value of an enum that is being printed, by the string offset of its name. */
  enumerator(name: number): number;
}

/** Names as they are, for showing a type by itself. */
export const PLAIN_NAMES: Names = { tag: () => 1, typedef: () => 1, enumerator: () => 1 };

/** Names as C needs them. Structs, unions and enums share one space, typedefs and the values of enums another. */
export class CNames implements Names {
  readonly #unique: UniqueStrings;
  readonly #tags: Uint32Array;
  readonly #identifiers: Uint32Array;
  /** By type; 0 is not known. */
  readonly #resolved: Uint32Array;

  constructor(
    readonly flat: FlatTypes,
    limits: CLimits,
  ) {
    this.#unique = new UniqueStrings(flat.strings, countNames(flat), limits);
    this.#tags = new Uint32Array(this.#unique.capacity);
    this.#identifiers = new Uint32Array(this.#unique.capacity);
    this.#resolved = new Uint32Array(flat.count);
  }

  tag(id: number): number {
    return this.#resolve(id, this.#tags);
  }

  typedef(id: number): number {
    return this.#resolve(id, this.#identifiers);
  }

  enumerator(name: number): number {
    return this.#count(name, this.#identifiers);
  }

  #resolve(id: number, counts: Uint32Array): number {
    const known = this.#resolved[id]!;
    if (known > 0) return known;
    const name = this.flat.name(id);
    const times = name === 0 || this.#isDeclaration(id) ? 1 : this.#count(name, counts);
    this.#resolved[id] = times;
    return times;
  }

  /** A declaration is to be completed by the definition of the same name. */
  #isDeclaration(id: number): boolean {
    const kind = this.flat.kinds[id];
    return kind === FWD || (kind === ENUM && this.flat.vlen(id) === 0);
  }

  #count(name: number, counts: Uint32Array): number {
    const slot = this.#unique.slotOf(name);
    counts[slot]! += 1;
    return counts[slot]!;
  }
}

/** How many names can be counted: those of types, and of values of enums. */
function countNames({ counts, elements }: FlatTypes): number {
  const types = [INT, STRUCT, UNION, ENUM, ENUM64, FWD, TYPEDEF].reduce((sum, kind) => sum + counts[kind]!, 0);
  return types + elements[ENUM]! + elements[ENUM64]!;
}

/** A hash table of strings by their bytes: the same slot for the same text, wherever it stands. */
class UniqueStrings {
  readonly capacity: number;
  /** Offset of the string of each slot; 0 is free. */
  readonly #offsets: Uint32Array;

  /** `most` is how many different strings will be asked for. */
  constructor(
    readonly strings: Uint8Array,
    most: number,
    readonly limits: CLimits,
  ) {
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(1024, most * 1.5)));
    this.#offsets = new Uint32Array(this.capacity);
  }

  slotOf(offset: number): number {
    const mask = this.capacity - 1;
    for (let slot = this.#hash(offset) & mask; ; slot = (slot + 1) & mask) {
      const there = this.#offsets[slot]!;
      if (there === 0) this.#offsets[slot] = offset;
      if (there === 0 || there === offset || this.#equal(there, offset)) return slot;
    }
  }

  #hash(offset: number): number {
    let hash = 0x811c9dc5 | 0;
    let at = offset;
    for (; this.strings[at] !== 0; at++) hash = Math.imul(hash ^ this.strings[at]!, 0x01000193);
    this.limits.text(at - offset);
    return hash ^ (hash >>> 15);
  }

  #equal(a: number, b: number): boolean {
    let i = 0;
    while (this.strings[a + i] === this.strings[b + i] && this.strings[a + i] !== 0) i++;
    this.limits.text(i);
    return this.strings[a + i] === this.strings[b + i];
  }
}
