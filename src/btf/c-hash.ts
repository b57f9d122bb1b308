import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { ARRAY, CONST, DECL_TAG, ENUM, ENUM64, PTR, RESTRICT, STRUCT, TYPE_TAG, TYPEDEF, UNION, VOLATILE } from './kind-numbers.js';
import { FEW, sortFew, stableSorted } from './stable-sort.js';

const TWO_32 = 0x1_0000_0000;
const MAX_DEPTH = 1000;

/**
 * The hash over names by which bpftool tells types of equal names apart (btf_type_disambig_hash): `hash * 31 + value`, in 64 bits. In halves, since a bigint
 * for each step would take most of the time of sorting a kernel's types.
 */
export class CHash {
  readonly #known: Uint8Array;
  readonly #highs: Uint32Array;
  readonly #lows: Uint32Array;
  /** The value that is being worked out. */
  #high = 0;
  #low = 0;

  constructor(
    readonly flat: FlatTypes,
    readonly limits: CLimits,
  ) {
    this.#known = new Uint8Array(flat.count);
    this.#highs = new Uint32Array(flat.count);
    this.#lows = new Uint32Array(flat.count);
  }

  /** Sorts ids by their hashes, in place; equal ones stay as they are. */
  sort(ids: Uint32Array): void {
    for (const id of ids) this.#find(id);
    if (ids.length <= FEW) return sortFew(ids, (a, b) => this.#highs[a]! - this.#highs[b]! || this.#lows[a]! - this.#lows[b]!);
    const byLow = stableSorted(ids, this.#lows);
    ids.set(stableSorted(byLow, this.#highs));
  }

  #find(id: number): void {
    if (this.#known[id]) return;
    this.#compute(id, true, 0);
    this.#known[id] = 1;
    this.#highs[id] = this.#high;
    this.#lows[id] = this.#low;
  }

  /** Leaves the hash of a type in `#high` and `#low`. */
  #compute(id: number, withMembers: boolean, depth: number): void {
    const { flat } = this;
    if (depth > MAX_DEPTH) flat.btf.fail(id, 'the chain of types does not end');
    const kind = flat.kind(id);
    this.#high = 0;
    this.#low = 0;
    this.#addName(flat.name(id));
    if (kind === ENUM || kind === ENUM64) this.#addValues(id, kind === ENUM ? 2 : 3);
    else if (kind === STRUCT || kind === UNION) {
      if (withMembers) this.#addMembers(id, depth);
    } else if (leadsOn(kind)) {
      if (kind === ARRAY) this.#step(0, flat.length(id));
      this.#addType(flat.target(id), withMembers, depth);
    }
  }

  #addValues(id: number, words: number): void {
    const first = this.flat.tail(id);
    const end = first + this.flat.vlen(id) * words;
    for (let at = first; at < end; at += words) this.#addName(this.flat.words[at]!);
  }

  #addMembers(id: number, depth: number): void {
    const first = this.flat.tail(id);
    const end = first + this.flat.vlen(id) * 3;
    for (let at = first; at < end; at += 3) {
      this.#addName(this.flat.words[at]!);
      this.#addType(this.flat.words[at + 1]!, false, depth);
    }
  }

  #addType(id: number, withMembers: boolean, depth: number): void {
    const [high, low] = [this.#high, this.#low];
    this.#compute(id, withMembers, depth + 1);
    this.#add(high, low);
  }

  /** Nothing for an anonymous type. In local variables: this is where most of the time goes. */
  #addName(offset: number): void {
    if (offset === 0) return;
    const { strings } = this.flat;
    let high = 0;
    let low = 0;
    let at = offset;
    for (let byte = strings[at]!; byte !== 0; byte = strings[++at]!) {
      // C's `char` has a sign on x86.
      const sum = low * 31 + (byte < 0x80 ? byte : TWO_32 - 256 + byte);
      low = sum >>> 0;
      high = (Math.imul(high, 31) + (byte < 0x80 ? 0 : -1) + (sum - low) / TWO_32) >>> 0;
    }
    this.limits.text(at - offset);
    this.#step(high, low);
  }

  /** Makes of what has been worked out a step of a hash that was at (high, low). */
  #add(high: number, low: number): void {
    const [addedHigh, addedLow] = [this.#high, this.#low];
    this.#high = high;
    this.#low = low;
    this.#step(addedHigh, addedLow);
  }

  #step(high: number, low: number): void {
    const sum = this.#low * 31 + (low >>> 0);
    this.#low = sum >>> 0;
    this.#high = (this.#high * 31 + high + (sum - this.#low) / TWO_32) >>> 0;
  }
}

/** Kinds that are sorted by the type they refer to. */
export function leadsOn(kind: number): boolean {
  switch (kind) {
    case ARRAY:
    case TYPE_TAG:
    case CONST:
    case PTR:
    case VOLATILE:
    case RESTRICT:
    case TYPEDEF:
    case DECL_TAG:
      return true;
    default:
      return false;
  }
}
