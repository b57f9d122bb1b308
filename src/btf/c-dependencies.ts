import type { Btf } from './btf.js';
import type { CLimits } from './c-limits.js';
import type { BtfComposite, BtfFuncProto, BtfKind } from './types.js';

// What has not been visited is 0.
const VISITING = 1;
const DONE = 2;

/** What needs no definition, or is none: not worth unfolding. */
const UNPRINTED: ReadonlySet<BtfKind> = new Set(['INT', 'FLOAT', 'FUNC', 'VAR', 'DATASEC', 'DECL_TAG']);

/**
 * Which definitions have to stand before a type in C, once each over all calls. A type that is embedded has to be defined before, one behind a pointer
 * can be declared, unless it is anonymous and so defined on the spot (btf_dump_order_type of libbpf).
 */
export class CDependencies {
  readonly #states: Uint8Array;
  #queue: number[] = [];
  #referenced: Uint8Array | undefined;

  constructor(
    readonly btf: Btf,
    readonly limits: CLimits,
  ) {
    this.#states = new Uint8Array(btf.count);
    this.#states[0] = DONE;
  }

  /** The types to be defined for `id`, itself included, in order. @throws ParseError when types contain themselves */
  before(id: number): number[] {
    this.#queue = [];
    this.#visit(id, false, 0);
    return this.#queue;
  }

  /** Returns whether the type has to be defined where it is used; if not, a declaration is enough. */
  #visit(id: number, throughPointer: boolean, depth: number): boolean {
    this.limits.step(id, depth);
    if (this.#states[id] === DONE) return true;
    if (UNPRINTED.has(this.btf.kind(id))) return this.#skip(id);
    const type = this.btf.type(id);
    if (this.#states[id] === VISITING) {
      if ((type.kind === 'STRUCT' || type.kind === 'UNION') && throughPointer && type.name !== '') return false;
      return this.btf.fail(id, 'contains itself');
    }
    switch (type.kind) {
      case 'PTR': {
        const strong = this.#visit(type.type, true, depth + 1);
        this.#states[id] = DONE;
        return strong;
      }
      case 'ARRAY':
        return this.#visit(type.type, false, depth + 1);
      case 'VOLATILE':
      case 'CONST':
      case 'RESTRICT':
      case 'TYPE_TAG':
        return this.#visit(type.type, throughPointer, depth + 1);
      case 'STRUCT':
      case 'UNION':
        return this.#composite(id, type, throughPointer, depth);
      case 'ENUM':
      case 'ENUM64':
      case 'FWD':
        // What is anonymous and used is defined where it is used.
        return this.#define(id, type.name !== '' || !this.#isReferenced(id));
      case 'TYPEDEF':
        if (!this.#visit(type.type, throughPointer, depth + 1) && throughPointer) return false;
        return this.#define(id, true);
      case 'FUNC_PROTO':
        return this.#prototype(type, throughPointer, depth);
      default:
        return this.#skip(id);
    }
  }

  #skip(id: number): false {
    this.#states[id] = DONE;
    return false;
  }

  #composite(id: number, type: BtfComposite, throughPointer: boolean, depth: number): boolean {
    if (throughPointer && type.name !== '') return false;
    this.#states[id] = VISITING;
    for (const member of type.members) this.#visit(member.type, false, depth + 1);
    return this.#define(id, type.name !== '');
  }

  #prototype(type: BtfFuncProto, throughPointer: boolean, depth: number): boolean {
    let strong = this.#visit(type.returns, throughPointer, depth + 1);
    for (const param of type.params) strong = this.#visit(param.type, throughPointer, depth + 1) || strong;
    return strong;
  }

  #define(id: number, listed: boolean): true {
    if (listed) this.#queue.push(id);
    this.#states[id] = DONE;
    return true;
  }

  #isReferenced(id: number): boolean {
    this.#referenced ??= referencedTypes(this.btf);
    return this.#referenced[id] === 1;
  }
}

function referencedTypes(btf: Btf): Uint8Array {
  const marks = new Uint8Array(btf.count);
  const mark = (id: number): void => {
    marks[id] = 1;
  };
  for (let id = 1; id < btf.count; id++) btf.eachReference(id, mark);
  return marks;
}
