import { CHash, leadsOn } from './c-hash.js';
import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { DATASEC, ENUM, ENUM64, FLOAT, FUNC, FUNC_PROTO, INT, STRUCT, UNION, VAR } from './kind-numbers.js';
import { radixSorted } from './radix.js';

/** Types of this rank have no name of their own, or none that matters, and come last. */
const LAST = 10;
const MAX_DEPTH = 1000;
/** Bytes of a name that sort by radix; what has them in common is compared. */
const PREFIX = 6;

/**
 * Type ids, void included, in the order in which bpftool prints them: by rank of their kind, by the name they go by, by their own name, and where those are
 * equal by a hash over names, so that the order of a kernel's header changes little from build to build (sort_btf_c of bpftool). Without functions,
 * variables and data sections, which are not printed.
 *
 * @throws ParseError when a type is malformed or contains itself
 */
export function sortedIds(flat: FlatTypes, limits: CLimits): Uint32Array {
  return new COrder(flat, limits).sorted();
}

class COrder {
  readonly #ranks: Uint8Array;
  /** String offset of the name that the type is sorted by. */
  readonly #names: Uint32Array;
  readonly #hashes: CHash;

  constructor(
    readonly flat: FlatTypes,
    readonly limits: CLimits,
  ) {
    this.#ranks = new Uint8Array(flat.count);
    this.#names = new Uint32Array(flat.count);
    this.#hashes = new CHash(flat, limits);
  }

  sorted(): Uint32Array {
    const ids = this.#printed();
    for (const id of ids) {
      this.#ranks[id] = this.#rank(id);
      this.#names[id] = this.#sortName(id);
    }
    const sorted = this.#byPrefix(ids);
    for (let start = 0; start < sorted.length; ) {
      const end = this.#endOfGroup(sorted, start);
      if (end - start > 1) this.#sortGroup(sorted.subarray(start, end));
      start = end;
    }
    return sorted;
  }

  #printed(): Uint32Array {
    const ids = new Uint32Array(this.flat.count);
    let count = 0;
    for (let id = 0; id < this.flat.count; id++) {
      const kind = this.flat.kind(id);
      if (kind !== FUNC && kind !== VAR && kind !== DATASEC) ids[count++] = id;
    }
    return ids.subarray(0, count);
  }

  #rank(id: number): number {
    const { flat } = this;
    let named = false;
    for (let at = id, depth = 0; depth < MAX_DEPTH; depth++) {
      named ||= flat.name(at) !== 0;
      switch (flat.kind(at)) {
        case ENUM:
        case ENUM64:
          return named ? 1 : 0;
        case INT:
        case FLOAT:
          return 2;
        case STRUCT:
        case UNION:
          return named ? 3 : LAST;
        case FUNC_PROTO:
          return named ? 4 : LAST;
        default:
          if (!named || !leadsOn(flat.kind(at))) return LAST;
          at = flat.target(at);
      }
    }
    return flat.btf.fail(id, 'the chain of types does not end');
  }

  /** The name of what the type refers to in the end; of an anonymous enum, that of its first value. */
  #sortName(id: number): number {
    const { flat } = this;
    let at = id;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      if (!leadsOn(flat.kind(at))) {
        const isEnum = flat.kind(at) === ENUM || flat.kind(at) === ENUM64;
        return isEnum && at === id && flat.name(at) === 0 && flat.vlen(at) > 0 ? flat.words[flat.tail(at)]! : flat.name(at);
      }
      at = flat.target(at);
    }
    return flat.btf.fail(id, 'the chain of types does not end');
  }

  /** By rank and the first bytes of the name; within the same in the order of ids. */
  #byPrefix(ids: Uint32Array): Uint32Array {
    const { strings } = this.flat;
    const digits = [4, 2, 0].map((first) => (id: number) => {
      const name = this.#names[id]!;
      for (let i = 0; i < first; i++) if (strings[name + i] === 0) return 0;
      const high = strings[name + first]!;
      return (high << 8) | (high === 0 ? 0 : strings[name + first + 1]!);
    });
    return radixSorted(ids, [...digits, (id) => this.#ranks[id]!]);
  }

  #endOfGroup(sorted: Uint32Array, start: number): number {
    const first = sorted[start]!;
    let end = start + 1;
    while (end < sorted.length && this.#ranks[sorted[end]!] === this.#ranks[first] && this.#samePrefix(first, sorted[end]!)) end++;
    return end;
  }

  #samePrefix(a: number, b: number): boolean {
    const { strings } = this.flat;
    const [one, other] = [this.#names[a]!, this.#names[b]!];
    if (one === other) return true;
    for (let i = 0; i < PREFIX; i++) {
      if (strings[one + i] !== strings[other + i]) return false;
      if (strings[one + i] === 0) return true;
    }
    return true;
  }

  /** In place. Most of a large group are prototypes, whose hash is 0: they are in order already, and come first. */
  #sortGroup(group: Uint32Array): void {
    const isFirst = (id: number): boolean => this.#names[id] === 0 && this.flat.name(id) === 0 && this.flat.kind(id) === FUNC_PROTO;
    const first = group.length > 64 ? group.filter(isFirst) : new Uint32Array(0);
    const rest = first.length > 0 ? group.filter((id) => !isFirst(id)) : group.slice();
    const others = Array.from(rest).sort((a, b) => this.#compare(a, b));
    group.set(first.length > 0 ? this.#merged(first, others) : others);
  }

  /** Both are in order; those of the first have the hash 0, which some of the others have as well. */
  #merged(first: Uint32Array, others: readonly number[]): Uint32Array {
    const merged = new Uint32Array(first.length + others.length);
    let [a, b] = [0, 0];
    for (let i = 0; i < merged.length; i++) {
      const takeFirst = b === others.length || (a < first.length && this.#compare(first[a]!, others[b]!) < 0);
      merged[i] = takeFirst ? first[a++]! : others[b++]!;
    }
    return merged;
  }

  #compare(a: number, b: number): number {
    const { flat } = this;
    return (
      this.#compareNames(this.#names[a]!, this.#names[b]!) ||
      this.#compareNames(flat.name(a), flat.name(b)) ||
      this.#hashes.compare(a, b) ||
      a - b
    );
  }

  #compareNames(a: number, b: number): number {
    if (a === b) return 0;
    const { strings } = this.flat;
    let i = 0;
    while (strings[a + i] === strings[b + i] && strings[a + i] !== 0) i++;
    this.limits.text(i);
    return strings[a + i]! - strings[b + i]!;
  }
}
