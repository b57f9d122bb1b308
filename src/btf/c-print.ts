import type { Btf } from './btf.js';
import { CDependencies } from './c-dependencies.js';
import { CLimits } from './c-limits.js';
import { CNames } from './c-names.js';
import { CWriter } from './c-writer.js';
import { FlatTypes } from './flat.js';
import {
  ARRAY,
  CONST,
  ENUM,
  ENUM64,
  FUNC_PROTO,
  FWD,
  INT,
  PTR,
  RESTRICT,
  STRUCT,
  TYPE_TAG,
  TYPEDEF,
  UNION,
  VOLATILE,
} from './kind-numbers.js';

const UNWRITTEN = 0;
const WRITING = 1;
const WRITTEN = 2;
const UNDERSCORE = 0x5f;
const MEMBER_WORDS = 3;
const PARAM_WORDS = 2;

export interface DeclarationOptions {
  readonly level?: number;
  /** Without const, volatile, restrict and type tags. */
  readonly plain?: boolean;
}

/** Types that GCC knows on Arm and clang does not. */
const MISSING_BASE_TYPES = new Map([
  ['__Poly8_t', 'unsigned char'],
  ['__Poly16_t', 'unsigned short'],
  ['__Poly64_t', 'unsigned long long'],
  ['__Poly128_t', 'unsigned __int128'],
]);

/** Prints types in C, each once, and before it all that C wants to see defined or declared first (btf_dump of libbpf). */
export class CPrinter {
  readonly flat: FlatTypes;
  readonly limits: CLimits;
  readonly #writer: CWriter;
  readonly #dependencies: CDependencies;
  readonly #states: Uint8Array;
  readonly #declared: Uint8Array;
  /** Types that print nothing more when they are used within others. */
  readonly #settled: Uint8Array;

  /** @throws ParseError when a type names a type or a string that does not exist */
  constructor(readonly btf: Btf) {
    this.flat = FlatTypes.of(btf);
    this.limits = new CLimits(btf);
    this.#writer = new CWriter(this.flat, new CNames(this.flat, this.limits), this.limits, { spellings: true });
    this.#dependencies = new CDependencies(this.flat, this.limits);
    this.#states = new Uint8Array(btf.count);
    this.#states[0] = WRITTEN;
    this.#declared = new Uint8Array(btf.count);
    this.#settled = new Uint8Array(btf.count);
    this.#settled[0] = 1;
  }

  /** The definition of a type and of all it needs, as far as they have not been printed. @throws ParseError when types are malformed */
  definition(id: number): string {
    this.define(id);
    return this.#writer.take();
  }

  /** `id` as the type of something called `name`, without what it needs. @param options.level how many tabs the line begins with */
  declaration(id: number, name: string, { level = 0, plain = false }: DeclarationOptions = {}): string {
    this.#writer.plain = plain;
    this.#writer.declaration(id, name, level);
    this.#writer.plain = false;
    return this.#writer.take();
  }

  /** Like {@link definition}; the text gathers until it is taken. Returns its length so far, in bytes. */
  define(id: number): number {
    const dependencies = this.#dependencies.before(id);
    for (let i = 0; i < dependencies.length; i++) this.#print(dependencies[i]!, 0, 0);
    return this.#writer.out.length;
  }

  /** Those of some types for which {@link define} may add something, as things are: for the others it is certain that it does not. */
  printable(ids: Uint32Array): Uint32Array {
    const found = new Uint32Array(ids.length);
    let count = 0;
    for (let i = 0; i < ids.length; i++) if (this.#dependencies.mayDefine(ids[i]!)) found[count++] = ids[i]!;
    return found.subarray(0, count);
  }

  /** What has gathered: a view, which holds until the next definition. */
  takeBytes(): Uint8Array {
    return this.#writer.out.take();
  }

  /** Prints what the type needs, and on the top level (`container` is 0) itself; else `container` is the type it is named in. */
  #print(id: number, container: number, depth: number): void {
    this.limits.step(id, depth);
    const state = this.#states[id]!;
    if (state === WRITTEN) return;
    if (state === WRITING) return this.#printAgain(id, container);
    const kind = this.flat.kinds[id]!;
    switch (kind) {
      case PTR:
      case VOLATILE:
      case CONST:
      case RESTRICT:
      case TYPE_TAG:
      case ARRAY: {
        const target = this.flat.target(id);
        if (this.#settled[target] === 0) this.#print(target, container, depth + 1);
        this.#settled[id] = this.#settled[target]!;
        return;
      }
      case TYPEDEF:
        this.#states[id] = WRITING;
        if (this.#settled[this.flat.target(id)] === 0) this.#print(this.flat.target(id), id, depth + 1);
        if (!this.#declared[id]) this.#typedef(id);
        return this.#written(id);
      case STRUCT:
      case UNION:
        return this.#composite(id, container, depth);
      case FUNC_PROTO:
        return this.#prototype(id, container, depth);
      default:
        this.#leaf(id, kind, container);
        return this.#written(id);
    }
  }

  /** A type that names no other. */
  #leaf(id: number, kind: number, container: number): void {
    switch (kind) {
      case INT:
        return this.#alias(id);
      case ENUM:
      case ENUM64:
        if (container === 0) this.#enumeration(id);
        return;
      case FWD:
        this.#writer.forward(id);
        this.#end();
    }
  }

  #written(id: number): void {
    this.#states[id] = WRITTEN;
    this.#settled[id] = 1;
  }

  /** A type that is used within its own definition: it has to be declared before. */
  #printAgain(id: number, container: number): void {
    if (this.#declared[id]) return;
    const kind = this.flat.kind(id);
    if (kind === TYPEDEF) this.#typedef(id);
    else if ((kind !== STRUCT && kind !== UNION) || id === container || this.flat.name(id) === 0) return;
    else this.#declaration(id);
    this.#declare(id);
  }

  #composite(id: number, container: number, depth: number): void {
    const isAnonymous = this.flat.name(id) === 0;
    this.#states[id] = WRITING;
    if (container === 0 || isAnonymous) {
      const settled = this.#used(id, MEMBER_WORDS, isAnonymous ? container : id, depth);
      if (container !== 0 && settled) this.#settled[id] = 1;
    } else if (!this.#declared[id] && id !== container) {
      this.#declaration(id);
      this.#declare(id);
    }
    this.#states[id] = UNWRITTEN;
    if (container !== 0) return;
    this.#writer.composite(id, 0);
    this.#end();
    this.#written(id);
  }

  #prototype(id: number, container: number, depth: number): void {
    const target = this.flat.target(id);
    if (this.#settled[target] === 0) this.#print(target, container, depth + 1);
    const settled = this.#used(id, PARAM_WORDS, container, depth);
    if (settled && this.#settled[target] === 1) this.#settled[id] = 1;
  }

  /** Prints what members or parameters need, `stride` words each. Returns whether all of them are settled. */
  #used(id: number, stride: number, container: number, depth: number): boolean {
    const { words } = this.flat;
    const settled = this.#settled;
    const first = this.flat.tail(id) + 1;
    const end = first + this.flat.vlen(id) * stride;
    let all = true;
    for (let at = first; at < end; at += stride) {
      const type = words[at]!;
      if (settled[type] === 1) continue;
      this.#print(type, container, depth + 1);
      if (settled[type] === 0) all = false;
    }
    return all;
  }

  /** What is declared needs nothing where it is used; it may still be defined. */
  #declare(id: number): void {
    this.#declared[id] = 1;
    this.#settled[id] = 1;
  }

  #enumeration(id: number): void {
    this.#writer.enumeration(id, 0);
    this.#end();
  }

  #declaration(id: number): void {
    this.#writer.compositeName(id);
    this.#end();
  }

  #typedef(id: number): void {
    const { strings } = this.flat;
    // The compiler has this one built in.
    if (strings[this.flat.name(id)] === UNDERSCORE && this.flat.text(id) === '__builtin_va_list') return;
    this.#writer.typedef(id);
    this.#end();
  }

  #alias(id: number): void {
    const name = this.flat.text(id);
    const alias = MISSING_BASE_TYPES.get(name);
    // libbpf counts the name here, as one of structs.
    this.#writer.names.tag(id);
    if (!alias) return;
    this.#writer.out.addText(`typedef ${alias} ${name}`);
    this.#end();
  }

  #end(): void {
    this.#writer.out.addText(';\n\n');
  }
}
