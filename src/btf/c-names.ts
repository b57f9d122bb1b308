import type { Btf } from './btf.js';

/** Longer names are cut when they get a number (btf_dump_resolve_name of libbpf). */
const MAX_NUMBERED = 255;

/** What types and values are to be called. */
export interface Names {
  /** Of a struct, union, enum or forward declaration; `''` when it is anonymous. */
  tag(id: number): string;
  typedef(id: number): string;
  /** Of a value of an enum that is being printed. */
  enumerator(name: string): string;
}

/** Names as they are, for showing a type by itself. */
export class PlainNames implements Names {
  constructor(readonly btf: Btf) {}

  tag(id: number): string {
    return this.btf.name(id);
  }

  typedef(id: number): string {
    return this.btf.name(id);
  }

  enumerator(name: string): string {
    return name;
  }
}

/**
 * Names as C needs them: once each. The second type of a name gets `___2`, and so on. Structs, unions and enums share one space, typedefs and the values of
 * enums another.
 */
export class CNames implements Names {
  readonly #tags = new Map<string, number>();
  readonly #identifiers = new Map<string, number>();
  readonly #resolved = new Map<number, string>();

  constructor(readonly btf: Btf) {}

  tag(id: number): string {
    return this.#resolve(id, this.#tags);
  }

  typedef(id: number): string {
    return this.#resolve(id, this.#identifiers);
  }

  enumerator(name: string): string {
    const times = count(this.#identifiers, name);
    return times > 1 ? `${name}___${times}` : name;
  }

  #resolve(id: number, names: Map<string, number>): string {
    const known = this.#resolved.get(id);
    if (known !== undefined) return known;
    const name = this.#unique(id, names);
    this.#resolved.set(id, name);
    return name;
  }

  #unique(id: number, names: Map<string, number>): string {
    const name = this.btf.name(id);
    if (name === '' || this.#isDeclaration(id)) return name;
    const times = count(names, name);
    return times > 1 ? `${name}___${times}`.slice(0, MAX_NUMBERED) : name;
  }

  /** A declaration is to be completed by the definition of the same name. */
  #isDeclaration(id: number): boolean {
    const type = this.btf.type(id);
    return type.kind === 'FWD' || (type.kind === 'ENUM' && type.values.length === 0);
  }
}

function count(names: Map<string, number>, name: string): number {
  const times = (names.get(name) ?? 0) + 1;
  names.set(name, times);
  return times;
}
