import type { Btf } from './btf.js';
import { CDependencies } from './c-dependencies.js';
import { CLimits } from './c-limits.js';
import { CNames } from './c-names.js';
import { CWriter } from './c-writer.js';
import type { BtfComposite } from './types.js';

const UNWRITTEN = 0;
const WRITING = 1;
const WRITTEN = 2;

/** Types that GCC knows on Arm and clang does not. */
const MISSING_BASE_TYPES: Record<string, string> = {
  __Poly8_t: 'unsigned char',
  __Poly16_t: 'unsigned short',
  __Poly64_t: 'unsigned long long',
  __Poly128_t: 'unsigned __int128',
};

/** Prints types in C, each once, and before it all that C wants to see defined or declared first (btf_dump of libbpf). */
export class CPrinter {
  readonly #limits: CLimits;
  readonly #writer: CWriter;
  readonly #dependencies: CDependencies;
  readonly #states: Uint8Array;
  readonly #declared: Uint8Array;

  constructor(readonly btf: Btf) {
    this.#limits = new CLimits(btf);
    this.#writer = new CWriter(btf, new CNames(btf), this.#limits);
    this.#dependencies = new CDependencies(btf, this.#limits);
    this.#states = new Uint8Array(btf.count);
    this.#states[0] = WRITTEN;
    this.#declared = new Uint8Array(btf.count);
  }

  /** The definition of a type and of all it needs, as far as they have not been printed. @throws ParseError when types are malformed */
  definition(id: number): string {
    for (const dependency of this.#dependencies.before(id)) this.#print(dependency, 0, 0);
    return this.#writer.take();
  }

  /** `id` as the type of something called `name`, without what it needs. */
  declaration(id: number, name: string): string {
    this.#writer.declaration(id, name, 0);
    return this.#writer.take();
  }

  /** Prints what the type needs, and on the top level (`container` is 0) itself; else `container` is the type it is named in. */
  #print(id: number, container: number, depth: number): void {
    this.#limits.step(id, depth);
    if (this.#states[id] === WRITTEN) return;
    if (this.#states[id] === WRITING) return this.#printAgain(id, container);
    const type = this.btf.type(id);
    switch (type.kind) {
      case 'INT':
        this.#aliasOf(this.#writer.names.tag(id));
        this.#states[id] = WRITTEN;
        return;
      case 'ENUM':
      case 'ENUM64':
        if (container === 0) this.#statement(() => this.#writer.enumeration(id, type, 0));
        this.#states[id] = WRITTEN;
        return;
      case 'FWD':
        this.#statement(() => this.#writer.forward(id, type));
        this.#states[id] = WRITTEN;
        return;
      case 'PTR':
      case 'VOLATILE':
      case 'CONST':
      case 'RESTRICT':
      case 'TYPE_TAG':
      case 'ARRAY':
        return this.#print(type.type, container, depth + 1);
      case 'TYPEDEF':
        this.#states[id] = WRITING;
        this.#print(type.type, id, depth + 1);
        if (!this.#declared[id]) this.#typedef(id, type.type);
        this.#states[id] = WRITTEN;
        return;
      case 'STRUCT':
      case 'UNION':
        return this.#composite(id, type, container, depth);
      case 'FUNC_PROTO':
        this.#print(type.returns, container, depth + 1);
        for (const param of type.params) this.#print(param.type, container, depth + 1);
    }
  }

  /** A type that is used within its own definition: it has to be declared before. */
  #printAgain(id: number, container: number): void {
    if (this.#declared[id]) return;
    const type = this.btf.type(id);
    if (type.kind === 'TYPEDEF') this.#typedef(id, type.type);
    else if (type.kind !== 'STRUCT' && type.kind !== 'UNION') return;
    else if (id === container || type.name === '') return;
    else this.#statement(() => this.#writer.compositeName(id, type));
    this.#declared[id] = 1;
  }

  #composite(id: number, type: BtfComposite, container: number, depth: number): void {
    this.#states[id] = WRITING;
    if (container === 0 || type.name === '') {
      const within = type.name === '' ? container : id;
      for (const member of type.members) this.#print(member.type, within, depth + 1);
    } else if (!this.#declared[id] && id !== container) {
      this.#statement(() => this.#writer.compositeName(id, type));
      this.#declared[id] = 1;
    }
    if (container === 0) this.#statement(() => this.#writer.composite(id, type, 0));
    this.#states[id] = container === 0 ? WRITTEN : UNWRITTEN;
  }

  #typedef(id: number, target: number): void {
    // The compiler has this one built in.
    if (this.btf.name(id) !== '__builtin_va_list') this.#statement(() => this.#writer.typedef(id, target));
  }

  #aliasOf(name: string): void {
    const alias = Object.hasOwn(MISSING_BASE_TYPES, name) ? MISSING_BASE_TYPES[name] : undefined;
    if (alias) this.#statement(() => this.#writer.write(`typedef ${alias} ${name}`));
  }

  #statement(write: () => void): void {
    write();
    this.#writer.write(';\n\n');
  }
}
