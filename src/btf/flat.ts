import type { Btf } from './btf.js';
import { ARRAY } from './kind-numbers.js';
import { RecordWords } from './record-words.js';
import { NAMED_ELEMENTS, PLACES_BY_NUMBER } from './references.js';
import { RECORD_SIZES } from './types.js';

/** Words of a record's head (struct btf_type); what follows is its tail. */
const NAME = 0;
const INFO = 1;
const TARGET = 2;
const HEAD = 3;

/**
 * All types of a BTF, its base's included, as words in one array: for walks over everything in a kernel, where unfolding 125,000 types takes longer than
 * all that is then done with them. References, and offsets of strings, have been checked: none leads outside.
 */
export class FlatTypes {
  readonly count: number;
  readonly words: Uint32Array;
  /** NUL-terminated; offset 0 is the empty string. */
  readonly strings: Uint8Array;
  readonly #starts: Uint32Array;

  /** Those of a BTF, made once. @throws ParseError when a type names a type or a string that does not exist */
  static of(btf: Btf): FlatTypes {
    const known = MADE.get(btf);
    if (known) return known;
    const made = new FlatTypes(btf);
    MADE.set(btf, made);
    return made;
  }

  private constructor(readonly btf: Btf) {
    const chain = chainOf(btf);
    const records = chain.map((each) => new RecordWords(each));
    const parts = [new Uint32Array(HEAD), ...records.map(({ words }) => words)];
    this.count = btf.count;
    this.words = concatenated(parts, new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0)));
    this.strings = concatenated(
      chain.map(({ strings }) => strings.bytes),
      new Uint8Array(btf.strings.end),
    );
    this.#starts = startsOf(records);
    this.#check();
  }

  /** One of `kind-numbers.ts`. */
  kind(id: number): number {
    return (this.words[this.#starts[id]! + INFO]! >>> 24) & 0x7f;
  }

  kindFlag(id: number): boolean {
    return this.words[this.#starts[id]! + INFO]! >>> 31 === 1;
  }

  /** The number of elements: members, values, parameters. */
  vlen(id: number): number {
    return this.words[this.#starts[id]! + INFO]! & 0xffffff;
  }

  /** The string offset of its name, 0 when it is anonymous. */
  name(id: number): number {
    return this.words[this.#starts[id]! + NAME]!;
  }

  /** What it refers to: of an array the type of its elements, of a function what it returns. */
  target(id: number): number {
    return this.kind(id) === ARRAY ? this.words[this.tail(id)]! : this.words[this.#starts[id]! + TARGET]!;
  }

  /** In bytes. */
  size(id: number): number {
    return this.words[this.#starts[id]! + TARGET]!;
  }

  /** The index of the first word behind the head. */
  tail(id: number): number {
    return this.#starts[id]! + HEAD;
  }

  /** The number of elements of an array. */
  length(id: number): number {
    return this.words[this.tail(id) + 2]!;
  }

  /** The name as a string. */
  text(id: number): string {
    return this.btf.stringAt(this.name(id));
  }

  #check(): void {
    for (let id = 1; id < this.count; id++) {
      if (this.name(id) >= this.strings.length) this.btf.fail(id, 'its name is outside the strings');
      const start = this.#starts[id]!;
      const { head, tail } = PLACES_BY_NUMBER[this.kind(id)]!;
      if (head) this.#checkReference(id, this.words[start + TARGET]!);
      const size = RECORD_SIZES[this.kind(id)]!.element / 4;
      const count = tail?.count ?? this.vlen(id);
      if (tail) for (let i = 0; i < count; i++) this.#checkReference(id, this.words[start + HEAD + (tail.first + i * tail.stride) / 4]!);
      if (size > 0) this.#checkNames(id, start + HEAD, size);
    }
  }

  #checkReference(id: number, to: number): void {
    if (to >= this.count) this.btf.fail(id, `refers to type ${to} of ${this.count}`);
  }

  /** Elements begin with their names, but for those of data sections, whose first word is an id. */
  #checkNames(id: number, first: number, size: number): void {
    const count = this.vlen(id);
    if (!NAMED_ELEMENTS[this.kind(id)]) return;
    for (let i = 0; i < count; i++) {
      if (this.words[first + i * size]! >= this.strings.length) this.btf.fail(id, 'the name of an element is outside the strings');
    }
  }
}

const MADE = new WeakMap<Btf, FlatTypes>();

/** The base's base first. */
function chainOf(btf: Btf): Btf[] {
  return btf.base ? [...chainOf(btf.base), btf] : [btf];
}

function startsOf(chain: readonly RecordWords[]): Uint32Array {
  const starts = new Uint32Array(chain.at(-1)!.btf.count);
  let words = HEAD;
  for (const records of chain) {
    const { startId, count } = records.btf;
    for (let id = startId; id < count; id++) starts[id] = words + records.start(id);
    words += records.words.length;
  }
  return starts;
}

function concatenated<T extends Uint32Array | Uint8Array>(parts: readonly T[], into: T): T {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
  return into;
}
