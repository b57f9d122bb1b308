import type { Btf } from './btf.js';
import { WrappingHash } from './c-hash.js';
import type { BtfArray, BtfComposite, BtfEnum, BtfEnumValue, BtfKind, BtfMember } from './types.js';

/** Types of this rank and above have no name of their own and are only printed within others. */
const LAST = 10;
const MAX_DEPTH = 1000;

/** What is sorted by the type it refers to. */
const THROUGH: ReadonlySet<BtfKind> = new Set(['ARRAY', 'TYPE_TAG', 'CONST', 'PTR', 'VOLATILE', 'RESTRICT', 'TYPEDEF', 'DECL_TAG']);

/**
 * All type ids, void included, in the order in which bpftool prints them: by rank of their kind, by name, and where those are equal by a hash over
 * names, so that the order of a kernel's header changes little from build to build (sort_btf_c of bpftool).
 *
 * @throws ParseError when a type is malformed or contains itself
 */
export function sortedIds(btf: Btf): number[] {
  const keys = new SortKeys(btf);
  const rows = Array.from({ length: btf.count }, (_, id) => ({
    id,
    rank: keys.rank(id, false, 0),
    sortName: keys.sortName(id, false, 0),
    name: btf.name(id),
  }));
  rows.sort(
    (a, b) =>
      a.rank - b.rank || compare(a.sortName, b.sortName) || compare(a.name, b.name) || keys.compareHashes(a.id, b.id) || a.id - b.id,
  );
  return rows.map(({ id }) => id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class SortKeys {
  readonly #hashes = new Map<number, WrappingHash>();

  constructor(readonly btf: Btf) {}

  rank(id: number, named: boolean, depth: number): number {
    const hasName = named || this.btf.name(id) !== '';
    switch (this.btf.kind(id)) {
      case 'ENUM':
      case 'ENUM64':
        return hasName ? 1 : 0;
      case 'INT':
      case 'FLOAT':
        return 2;
      case 'STRUCT':
      case 'UNION':
        return hasName ? 3 : LAST;
      case 'FUNC_PROTO':
        return hasName ? 4 : LAST;
      default: {
        const inner = this.#referenced(id, depth);
        return inner === undefined || !hasName ? LAST : this.rank(inner, hasName, depth + 1);
      }
    }
  }

  /** The name of what the type refers to in the end; of an anonymous enum, that of its first value. */
  sortName(id: number, fromReference: boolean, depth: number): string {
    const inner = this.#referenced(id, depth);
    if (inner !== undefined) return this.sortName(inner, true, depth + 1);
    const name = this.btf.name(id);
    if (name !== '' || fromReference) return name;
    return this.#enumValues(id)[0]?.name ?? '';
  }

  compareHashes(a: number, b: number): number {
    return this.#hash(a).compare(this.#hash(b));
  }

  #hash(id: number): WrappingHash {
    let hash = this.#hashes.get(id);
    if (!hash) {
      hash = this.#computeHash(id, true, 0);
      this.#hashes.set(id, hash);
    }
    return hash;
  }

  #computeHash(id: number, members: boolean, depth: number): WrappingHash {
    const hash = new WrappingHash().addText(this.btf.name(id));
    for (const { name } of this.#enumValues(id)) hash.addText(name);
    if (members) for (const member of this.#members(id)) hash.addText(member.name).add(this.#computeHash(member.type, false, depth + 1));
    if (this.btf.kind(id) === 'ARRAY') hash.addNumber((this.btf.type(id) as BtfArray).length);
    const inner = this.#referenced(id, depth);
    return inner === undefined ? hash : hash.add(this.#computeHash(inner, members, depth + 1));
  }

  #enumValues(id: number): readonly BtfEnumValue[] {
    const kind = this.btf.kind(id);
    return kind === 'ENUM' || kind === 'ENUM64' ? (this.btf.type(id) as BtfEnum).values : [];
  }

  #members(id: number): readonly BtfMember[] {
    const kind = this.btf.kind(id);
    return kind === 'STRUCT' || kind === 'UNION' ? (this.btf.type(id) as BtfComposite).members : [];
  }

  #referenced(id: number, depth: number): number | undefined {
    if (!THROUGH.has(this.btf.kind(id))) return undefined;
    if (depth > MAX_DEPTH) this.btf.fail(id, 'the chain of types does not end');
    return (this.btf.type(id) as { type: number }).type;
  }
}
