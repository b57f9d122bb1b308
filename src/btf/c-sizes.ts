import type { FlatTypes } from './flat.js';
import { ARRAY, CONST, ENUM, ENUM64, FLOAT, INT, PTR, RESTRICT, STRUCT, TYPE_TAG, TYPEDEF, UNION, VAR, VOLATILE } from './kind-numbers.js';
import { POINTER_SIZE } from './resolve.js';

const MAX_DEPTH = 64;
const MAX_SIZE = 0xffffffff;
// What is 0 has not been looked at.
const PACKED = 1;
const LOOSE = 2;
const MEMBER_WORDS = 3;

/** Sizes and alignments as C has them, worked out once for each type. The rules are those of `resolve.ts`. */
export class CSizes {
  /** By type; 0 is not known. */
  readonly #sizes: Uint32Array;
  /** By type, one more than the alignment; 0 is not known. */
  readonly #alignments: Uint8Array;
  /** By type, one of the above. */
  readonly #packed: Uint8Array;

  constructor(readonly flat: FlatTypes) {
    this.#sizes = new Uint32Array(flat.count);
    this.#alignments = new Uint8Array(flat.count);
    this.#packed = new Uint8Array(flat.count);
  }

  /** In bytes. @throws ParseError when the type has no size, or contains itself */
  sizeOf(id: number): number {
    const known = this.#sizes[id]!;
    if (known > 0) return known;
    const size = this.#computeSize(id);
    this.#sizes[id] = size;
    return size;
  }

  #computeSize(id: number): number {
    const { flat } = this;
    let elements = 1;
    let at = id;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      switch (flat.kind(at)) {
        case INT:
        case STRUCT:
        case UNION:
        case ENUM:
        case ENUM64:
        case FLOAT:
          return this.#total(id, elements * flat.size(at));
        case PTR:
          return this.#total(id, elements * POINTER_SIZE);
        case ARRAY:
          elements *= flat.length(at);
          at = flat.target(at);
          break;
        case TYPEDEF:
        case VOLATILE:
        case CONST:
        case RESTRICT:
        case TYPE_TAG:
        case VAR:
          at = flat.target(at);
          break;
        default:
          return flat.btf.fail(id, `${flat.btf.kind(at)} has no size`);
      }
    }
    return flat.btf.fail(id, 'the chain of types does not end');
  }

  /** In bytes. @throws ParseError when types nest too deep, or a member has no alignment */
  alignOf(id: number, depth = 0): number {
    const known = this.#alignments[id]!;
    if (known > 0) return known - 1;
    if (depth >= MAX_DEPTH) this.flat.btf.fail(id, 'types nest too deep');
    const alignment = this.#computeAlignment(id, depth);
    this.#alignments[id] = alignment + 1;
    return alignment;
  }

  /** Whether members of a struct stand where, or its size is what, only a packed one has. */
  isPacked(id: number): boolean {
    const known = this.#packed[id]!;
    if (known > 0) return known === PACKED;
    const packed = this.#hasOddPlaces(id);
    this.#packed[id] = packed ? PACKED : LOOSE;
    return packed;
  }

  #hasOddPlaces(id: number): boolean {
    const { flat } = this;
    const { words } = flat;
    const hasBits = flat.kindFlag(id);
    const first = flat.tail(id);
    const end = first + flat.vlen(id) * MEMBER_WORDS;
    let most = 1;
    for (let at = first; at < end; at += MEMBER_WORDS) {
      const align = this.alignOf(words[at + 1]!);
      const place = words[at + 2]!;
      if (hasBits ? place >>> 24 === 0 && (place & 0xffffff) % (8 * align) !== 0 : place % (8 * align) !== 0) return true;
      if (align > most) most = align;
    }
    return flat.size(id) % most !== 0;
  }

  #total(id: number, size: number): number {
    return size <= MAX_SIZE ? size : this.flat.btf.fail(id, 'is too large');
  }

  #computeAlignment(id: number, depth: number): number {
    const { flat } = this;
    switch (flat.kind(id)) {
      case INT:
      case FLOAT:
      case ENUM:
      case ENUM64:
        return Math.min(flat.size(id), POINTER_SIZE);
      case PTR:
        return POINTER_SIZE;
      case STRUCT:
      case UNION:
        return this.#compositeAlignment(id, depth);
      case ARRAY:
      case TYPEDEF:
      case CONST:
      case VOLATILE:
      case RESTRICT:
      case TYPE_TAG:
      case VAR:
        return this.alignOf(flat.target(id), depth + 1);
      default:
        return flat.btf.fail(id, `${flat.btf.kind(id)} has no alignment`);
    }
  }

  #compositeAlignment(id: number, depth: number): number {
    const { flat } = this;
    const first = flat.tail(id);
    const end = first + flat.vlen(id) * MEMBER_WORDS;
    let most = 1;
    for (let at = first; at < end; at += MEMBER_WORDS) most = Math.max(most, this.alignOf(flat.words[at + 1]!, depth + 1));
    return this.isPacked(id) ? 1 : most;
  }
}
