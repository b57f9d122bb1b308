import type { BtfType } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import { references } from '../references.js';
import type { Known } from './known.js';
import { isCompatibleEnum, looksLike } from './signature.js';

const UNKNOWN = -1;
/**
 * How deep types are compared that a compiler wrote twice: 16 structs, arrays and functions within each other (btf_dedup_identical_types of libbpf), with as many
 * pointers, modifiers and typedefs between them.
 */
const LEVEL = 256;
const MAX_DEPTH = 16 * LEVEL;
/** Of all comparisons; those of a kernel's modules take a hundredth. */
const STEPS = 1_000_000;
const STEPS_PER_TYPE = 1_000;

/**
 * Whether two types are the same with all that they refer to, in circles too: it is supposed that they are until something contradicts
 * (btf_dedup_is_equiv of libbpf). A declared struct is the same as one of its name.
 */
export class Equivalence {
  /** By id of the known type, the one that it is supposed to be the same as; and which these are. */
  readonly #supposed: Int32Array;
  readonly #list: number[] = [];
  /** A declaration of the base would have to become a definition. */
  #changesBase = false;
  #steps: number;

  constructor(readonly known: Known) {
    this.#supposed = new Int32Array(known.types.length).fill(UNKNOWN);
    this.#steps = STEPS + STEPS_PER_TYPE * known.types.length;
  }

  /**
   * Compares, and keeps what follows: which declarations have been found defined, and which structs are the same. False also when that would need a change of
   * the base, which is not made.
   */
  holds(id: number, other: number): boolean {
    for (const each of this.#list) this.#supposed[each] = UNKNOWN;
    this.#list.length = 0;
    this.#changesBase = false;
    if (!this.#areSame(id, other)) return false;
    this.#keep();
    return !this.#changesBase;
  }

  /** In the order of a recursion, without one: kernels have chains of many thousand structs. */
  #areSame(id: number, other: number): boolean {
    const waiting = [other, id];
    while (waiting.length > 0) {
      const own = waiting.pop()!;
      const canonical = waiting.pop()!;
      const next = this.#compare(own, canonical);
      if (!next) return false;
      for (let i = next.length - 1; i >= 0; i--) waiting.push(next[i]![1], next[i]![0]);
    }
    return true;
  }

  /** What has to be the same for the two to be; undefined when they are not. */
  #compare(id: number, canonical: number): readonly (readonly [number, number])[] | undefined {
    this.#step();
    const { known } = this;
    if (known.resolve(id) === known.resolve(canonical)) return [];
    const other = known.definitionOf(canonical);
    const supposed = this.#supposed[other]!;
    if (supposed !== UNKNOWN) return supposed === id || this.#isIdentical(supposed, id, MAX_DEPTH) ? [] : undefined;
    this.#supposed[other] = id;
    this.#list.push(other);
    return this.#shallow(id, other);
  }

  #shallow(id: number, other: number): readonly (readonly [number, number])[] | undefined {
    const [a, b] = [this.known.types[id]!, this.known.types[other]!];
    if (nameOf(a) !== nameOf(b)) return undefined;
    if (a.kind === 'FWD' && b.kind !== 'FWD') return kindOfDeclared(a) === b.kind ? [] : undefined;
    if (b.kind === 'FWD' && a.kind !== 'FWD') {
      if (kindOfDeclared(b) !== a.kind) return undefined;
      if (other < this.known.startId) this.#changesBase = true;
      return [];
    }
    if (a.kind === b.kind && isCompatibleEnum(a, b)) return [];
    if (!looksLike(a, b)) return undefined;
    const [from, to] = [inOrder(a), inOrder(b)];
    return from.map((each, i) => [each, to[i]!] as const);
  }

  #keep(): void {
    const { known } = this;
    for (const canonical of this.#list) {
      const own = known.resolve(this.#supposed[canonical]!);
      const other = known.resolve(canonical);
      const [ownKind, otherKind] = [known.types[own]!.kind, known.types[other]!.kind];
      if (ownKind !== 'FWD' && otherKind === 'FWD') known.become(other, own);
      if (this.#changesBase) continue;
      if (ownKind === 'FWD' && otherKind !== 'FWD') known.become(own, other);
      if ((ownKind === 'STRUCT' || ownKind === 'UNION') && otherKind !== 'FWD' && known.isSettled(other) && !known.isSettled(own))
        known.become(own, other);
    }
  }

  /** Whether two types of one object, which a compiler wrote down twice, are the same to some depth. */
  #isIdentical(a: number, b: number, depth: number): boolean {
    this.#step();
    if (depth <= 0) return false;
    if (a === b) return true;
    const [one, two] = [this.known.types[a]!, this.known.types[b]!];
    if (one.kind === two.kind && isCompatibleEnum(one, two)) return true;
    if (!looksLike(one, two)) return false;
    const [from, to] = [inOrder(one), inOrder(two)];
    const below = depth - (isLevel(one) ? LEVEL : 1);
    return from.every((each, i) => each === to[i] || this.#isIdentical(each, to[i]!, below));
  }

  #step(): void {
    if (--this.#steps < 0) throw new ParseError(this.known.what, 0, 'types nest without end');
  }
}

function kindOfDeclared({ union }: Extract<BtfType, { kind: 'FWD' }>): 'STRUCT' | 'UNION' {
  return union ? 'UNION' : 'STRUCT';
}

function isLevel({ kind }: BtfType): boolean {
  return kind === 'STRUCT' || kind === 'UNION' || kind === 'ARRAY' || kind === 'FUNC_PROTO';
}

function nameOf(type: BtfType): string {
  return 'name' in type ? type.name : '';
}

/** What is compared first comes first: of arrays that is the index. */
function inOrder(type: BtfType): readonly number[] {
  return type.kind === 'ARRAY' ? [type.index, type.type] : references(type);
}
