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
  readonly #kinds: Uint8Array;

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
    this.#kinds = new Uint8Array(this.count);
    const bad = firstBad(this.words, this.#starts, this.#kinds, this.strings.length);
    if (bad > 0) btf.fail(bad, 'refers to a type or a string that does not exist');
  }

  /** One of `kind-numbers.ts`. */
  kind(id: number): number {
    return this.#kinds[id]!;
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

  /** By id: 1 for types that another one refers to. */
  referenced(): Uint8Array {
    const marks = new Uint8Array(this.count);
    markReferenced(this.words, this.#starts, this.#kinds, marks);
    return marks;
  }

  /** The name as a string. */
  text(id: number): string {
    return this.btf.stringAt(this.name(id));
  }
}

function markReferenced(words: Uint32Array, starts: Uint32Array, kinds: Uint8Array, marks: Uint8Array): void {
  for (let id = 1; id < starts.length; id++) {
    const start = starts[id]!;
    const kind = kinds[id]!;
    if (NAMES_TYPE[kind] === 1) marks[words[start + TARGET]!] = 1;
    const stride = ID_STRIDE[kind]!;
    if (stride === 0) continue;
    const first = start + FIRST_ID[kind]!;
    const end = first + (ID_COUNT[kind]! || words[start + INFO]! & 0xffffff) * stride;
    for (let at = first; at < end; at += stride) marks[words[at]!] = 1;
  }
}

const MADE = new WeakMap<Btf, FlatTypes>();

// By kind number, in words: whether the head names a type; of what follows, where the first id is, how far apart they are, and how many there are (0:
// one for each element); and the size of elements that begin with a name.
const NAMES_TYPE = Uint8Array.from(PLACES_BY_NUMBER, ({ head }) => (head ? 1 : 0));
const FIRST_ID = Uint8Array.from(PLACES_BY_NUMBER, ({ tail }) => HEAD + (tail?.first ?? 0) / 4);
const ID_STRIDE = Uint8Array.from(PLACES_BY_NUMBER, ({ tail }) => (tail?.stride ?? 0) / 4);
const ID_COUNT = Uint8Array.from(PLACES_BY_NUMBER, ({ tail }) => tail?.count ?? 0);
const NAMED_STRIDE = Uint8Array.from(RECORD_SIZES, ({ element }, kind) => (NAMED_ELEMENTS[kind] ? element / 4 : 0));

/** Notes all kinds. Returns the first type that refers to one, or to a string, that does not exist; 0 if there is none. */
function firstBad(words: Uint32Array, starts: Uint32Array, kinds: Uint8Array, strings: number): number {
  const count = starts.length;
  for (let id = 1; id < count; id++) {
    const start = starts[id]!;
    const info = words[start + INFO]!;
    const kind = (info >>> 24) & 0x7f;
    kinds[id] = kind;
    if (words[start]! >= strings || (NAMES_TYPE[kind] === 1 && words[start + TARGET]! >= count)) return id;
    const vlen = info & 0xffffff;
    const stride = ID_STRIDE[kind]!;
    if (stride > 0) {
      const first = start + FIRST_ID[kind]!;
      const end = first + (ID_COUNT[kind]! || vlen) * stride;
      for (let at = first; at < end; at += stride) if (words[at]! >= count) return id;
    }
    const named = NAMED_STRIDE[kind]!;
    if (named > 0) {
      const end = start + HEAD + vlen * named;
      for (let at = start + HEAD; at < end; at += named) if (words[at]! >= strings) return id;
    }
  }
  return 0;
}

/** The base's base first. */
function chainOf(btf: Btf): Btf[] {
  return btf.base ? [...chainOf(btf.base), btf] : [btf];
}

function startsOf(chain: readonly RecordWords[]): Uint32Array {
  const starts = new Uint32Array(chain.at(-1)!.btf.count);
  let words = HEAD;
  for (const records of chain) {
    const { startId, count } = records.btf;
    records.starts(starts.subarray(startId, count), words);
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
