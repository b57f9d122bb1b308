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

  /** @throws ParseError when a type names a type or a string that does not exist */
  constructor(readonly btf: Btf) {
    this.flat = FlatTypes.of(btf);
    this.limits = new CLimits(btf);
    this.#writer = new CWriter(this.flat, new CNames(this.flat, this.limits), this.limits);
    this.#dependencies = new CDependencies(this.flat, this.limits);
    this.#states = new Uint8Array(btf.count);
    this.#states[0] = WRITTEN;
    this.#declared = new Uint8Array(btf.count);
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
    for (const dependency of this.#dependencies.before(id)) this.#print(dependency, 0, 0);
    return this.#writer.out.length;
  }

  /** Whether {@link define} may add something for this type, as things are: false is certain. */
  mayPrint(id: number): boolean {
    return this.#dependencies.mayDefine(id);
  }

  /** What has gathered: a view, which holds until the next definition. */
  takeBytes(): Uint8Array {
    return this.#writer.out.take();
  }

  /** Prints what the type needs, and on the top level (`container` is 0) itself; else `container` is the type it is named in. */
  #print(id: number, container: number, depth: number): void {
    const { flat } = this;
    this.limits.step(id, depth);
    if (this.#states[id] === WRITTEN) return;
    if (this.#states[id] === WRITING) return this.#printAgain(id, container);
    switch (flat.kind(id)) {
      case INT:
        this.#alias(id);
        this.#states[id] = WRITTEN;
        return;
      case ENUM:
      case ENUM64:
        if (container === 0) this.#enumeration(id);
        this.#states[id] = WRITTEN;
        return;
      case FWD:
        this.#writer.forward(id);
        this.#end();
        this.#states[id] = WRITTEN;
        return;
      case PTR:
      case VOLATILE:
      case CONST:
      case RESTRICT:
      case TYPE_TAG:
      case ARRAY:
        return this.#print(flat.target(id), container, depth + 1);
      case TYPEDEF:
        this.#states[id] = WRITING;
        this.#print(flat.target(id), id, depth + 1);
        if (!this.#declared[id]) this.#typedef(id);
        this.#states[id] = WRITTEN;
        return;
      case STRUCT:
      case UNION:
        return this.#composite(id, container, depth);
      case FUNC_PROTO:
        return this.#prototype(id, container, depth);
    }
  }

  /** A type that is used within its own definition: it has to be declared before. */
  #printAgain(id: number, container: number): void {
    if (this.#declared[id]) return;
    const kind = this.flat.kind(id);
    if (kind === TYPEDEF) this.#typedef(id);
    else if ((kind !== STRUCT && kind !== UNION) || id === container || this.flat.name(id) === 0) return;
    else this.#declaration(id);
    this.#declared[id] = 1;
  }

  #composite(id: number, container: number, depth: number): void {
    const isAnonymous = this.flat.name(id) === 0;
    this.#states[id] = WRITING;
    if (container === 0 || isAnonymous) {
      this.#members(id, isAnonymous ? container : id, depth);
    } else if (!this.#declared[id] && id !== container) {
      this.#declaration(id);
      this.#declared[id] = 1;
    }
    if (container === 0) {
      this.#writer.composite(id, 0);
      this.#end();
    }
    this.#states[id] = container === 0 ? WRITTEN : UNWRITTEN;
  }

  #members(id: number, container: number, depth: number): void {
    const { flat } = this;
    const first = flat.tail(id) + 1;
    const end = first + flat.vlen(id) * 3;
    for (let at = first; at < end; at += 3) this.#print(flat.words[at]!, container, depth + 1);
  }

  #prototype(id: number, container: number, depth: number): void {
    const { flat } = this;
    this.#print(flat.target(id), container, depth + 1);
    const first = flat.tail(id) + 1;
    const end = first + flat.vlen(id) * 2;
    for (let at = first; at < end; at += 2) this.#print(flat.words[at]!, container, depth + 1);
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
