import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { ARRAY, CONST, ENUM, ENUM64, FUNC_PROTO, FWD, PTR, RESTRICT, STRUCT, TYPE_TAG, TYPEDEF, UNION, VOLATILE } from './kind-numbers.js';

// What has not been visited is 0.
const VISITING = 1;
const DONE = 2;

const NONE = new Uint32Array(0);
const MEMBER_WORDS = 3;
const PARAM_WORDS = 2;
/** Of what is looked at before it is to be defined. */
const MAX_DEPTH = 64;

/**
 * Which definitions have to stand before a type in C, once each over all calls. A type that is embedded has to be defined before, one behind a pointer
 * can be declared, unless it is anonymous and so defined on the spot (btf_dump_order_type of libbpf).
 */
export class CDependencies {
  readonly #states: Uint8Array;
  /** Types for which nothing is left to be defined, whether or not they were visited. */
  readonly #idle: Uint8Array;
  /** All types that were found to be defined, in order, and how many. */
  readonly #queue: Uint32Array;
  #queued = 0;

  constructor(
    readonly flat: FlatTypes,
    readonly limits: CLimits,
  ) {
    this.#states = new Uint8Array(flat.count);
    this.#queue = new Uint32Array(flat.count);
    this.#states[0] = DONE;
    this.#idle = new Uint8Array(flat.count);
  }

  /** The types to be defined for `id`, itself included, in order. @throws ParseError when types contain themselves */
  before(id: number): Uint32Array {
    const first = this.#queued;
    this.#visit(id, false, 0);
    return this.#queued === first ? NONE : this.#queue.subarray(first, this.#queued);
  }

  /** Whether {@link before} may list anything for `id`, as things are. False is certain, and stays so. */
  mayDefine(id: number, depth = 0): boolean {
    if (this.#states[id] === DONE || this.#idle[id] === 1) return false;
    // What is nested deeper is refused when it is to be defined.
    if (depth > MAX_DEPTH || this.#hasMore(id, depth)) return true;
    this.#idle[id] = 1;
    return false;
  }

  #hasMore(id: number, depth: number): boolean {
    const { flat } = this;
    switch (flat.kinds[id]) {
      case PTR:
      case ARRAY:
      case VOLATILE:
      case CONST:
      case RESTRICT:
      case TYPE_TAG:
        return this.mayDefine(flat.target(id), depth + 1);
      case FUNC_PROTO:
        return this.mayDefine(flat.target(id), depth + 1) || this.#hasAnyMore(id, PARAM_WORDS, depth);
      case STRUCT:
      case UNION:
        return flat.name(id) !== 0 || this.#hasAnyMore(id, MEMBER_WORDS, depth);
      case ENUM:
      case ENUM64:
      case FWD:
      case TYPEDEF:
        return true;
      default:
        return false;
    }
  }

  #hasAnyMore(id: number, stride: number, depth: number): boolean {
    this.limits.step(id, 0);
    const { words } = this.flat;
    const first = this.flat.tail(id) + 1;
    const end = first + this.flat.vlen(id) * stride;
    for (let at = first; at < end; at += stride) {
      const type = words[at]!;
      if (this.#states[type] !== DONE && this.mayDefine(type, depth + 1)) return true;
    }
    return false;
  }

  /** Returns whether the type has to be defined where it is used; if not, a declaration is enough. */
  #visit(id: number, throughPointer: boolean, depth: number): boolean {
    const { flat } = this;
    const states = this.#states;
    this.limits.step(id, depth);
    if (states[id] === DONE) return true;
    const kind = flat.kinds[id]!;
    if (states[id] === VISITING) {
      if ((kind === STRUCT || kind === UNION) && throughPointer && flat.name(id) !== 0) return false;
      flat.btf.fail(id, 'contains itself');
    }
    switch (kind) {
      case PTR: {
        const strong = this.#visit(flat.target(id), true, depth + 1);
        states[id] = DONE;
        return strong;
      }
      case ARRAY:
        return this.#passed(id, this.#visit(flat.target(id), false, depth + 1));
      case VOLATILE:
      case CONST:
      case RESTRICT:
      case TYPE_TAG:
        return this.#passed(id, this.#visit(flat.target(id), throughPointer, depth + 1));
      case STRUCT:
      case UNION:
        return this.#composite(id, throughPointer, depth);
      case ENUM:
      case ENUM64:
      case FWD:
        // What is anonymous and used is defined where it is used.
        return this.#define(id, flat.name(id) !== 0 || flat.referenced[id] === 0);
      case TYPEDEF:
        if (!this.#visit(flat.target(id), throughPointer, depth + 1) && throughPointer) return false;
        return this.#define(id, true);
      case FUNC_PROTO:
        return this.#prototype(id, throughPointer, depth);
      default:
        states[id] = DONE;
        return false;
    }
  }

  /** What only passes on what its target says is done when that is. */
  #passed(id: number, strong: boolean): boolean {
    if (this.#states[this.flat.target(id)] === DONE) this.#states[id] = DONE;
    return strong;
  }

  #composite(id: number, throughPointer: boolean, depth: number): boolean {
    const { flat } = this;
    const isNamed = flat.name(id) !== 0;
    if (throughPointer && isNamed) return false;
    const states = this.#states;
    states[id] = VISITING;
    const first = flat.tail(id) + 1;
    const end = first + flat.vlen(id) * MEMBER_WORDS;
    for (let at = first; at < end; at += MEMBER_WORDS) {
      const type = flat.words[at]!;
      if (states[type] !== DONE) this.#visit(type, false, depth + 1);
    }
    return this.#define(id, isNamed);
  }

  #prototype(id: number, throughPointer: boolean, depth: number): boolean {
    const { flat } = this;
    const states = this.#states;
    let strong = this.#visit(flat.target(id), throughPointer, depth + 1);
    const first = flat.tail(id) + 1;
    const end = first + flat.vlen(id) * PARAM_WORDS;
    for (let at = first; at < end; at += PARAM_WORDS) {
      const type = flat.words[at]!;
      if (states[type] === DONE || this.#visit(type, throughPointer, depth + 1)) strong = true;
    }
    return strong;
  }

  #define(id: number, listed: boolean): true {
    if (listed) this.#queue[this.#queued++] = id;
    this.#states[id] = DONE;
    return true;
  }
}
