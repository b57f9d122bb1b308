import type { Btf } from './btf.js';
import { ARRAY } from './kind-numbers.js';
import { RecordWords } from './record-words.js';
import { NAMED_ELEMENTS, PLACES_BY_NUMBER, type Places } from './references.js';
import { RECORD_SIZES } from './types.js';

/** Words of a record's head (struct btf_type); what follows is its tail. */
const NAME = 0;
const INFO = 1;
const TARGET = 2;
const HEAD = 3;
/** As many as seven bits can say. */
const KINDS = 0x80;

/**
 * All types of a BTF, its base's included, as words in one array: for walks over everything in a kernel, where unfolding 125,000 types takes longer than
 * all that is then done with them. References, and offsets of strings, have been checked: none leads outside.
 */
export class FlatTypes {
  readonly count: number;
  readonly words: Uint32Array;
  /** NUL-terminated; offset 0 is the empty string. */
  readonly strings: Uint8Array;
  /** By id, where in `words` its record begins; for who asks so often that a call for each would take most of the time, as `kinds` is. */
  readonly starts: Uint32Array;
  /** By id, one of `kind-numbers.ts`. */
  readonly kinds: Uint8Array;
  /** By id: 1 for types that another one refers to. */
  readonly referenced: Uint8Array;

  /** Those of a BTF, made once. @throws ParseError when a type names a type or a string that does not exist */
  static of(btf: Btf): FlatTypes {
    const known = MADE.get(btf);
    if (known) return known;
    const made = new FlatTypes(btf);
    MADE.set(btf, made);
    return made;
  }

  /** By kind, how many types there are of it, and how many elements these have together. */
  readonly counts = new Uint32Array(KINDS);
  readonly elements = new Float64Array(KINDS);

  private constructor(readonly btf: Btf) {
    const chain = chainOf(btf).map((each) => new RecordWords(each));
    this.count = btf.count;
    this.words = joined(
      chain.map(({ words }) => words),
      (length) => new Uint32Array(length),
    );
    this.strings = joined(
      chain.map((each) => each.btf.strings.bytes),
      (length) => new Uint8Array(length),
    );
    this.starts = new Uint32Array(this.count);
    this.kinds = new Uint8Array(this.count);
    this.referenced = new Uint8Array(this.count);
    let words = 0;
    for (const records of chain) {
      this.#take(records, words);
      words += records.words.length;
    }
  }

  /** Notes where the types of one BTF of the chain are, `before` words behind those of its base, and of what kind. @throws ParseError */
  #take(records: RecordWords, before: number): void {
    const { words, starts, kinds, referenced, counts, elements, count } = this;
    const { startId, recordOffsets: offsets } = records.btf;
    const strings = this.strings.length;
    for (let i = 0; i < offsets.length; i++) {
      const place = offsets[i]! - records.offset;
      if ((place & 3) !== 0) records.start(startId + i);
      const start = before + (place >>> 2);
      const info = words[start + INFO]!;
      const kind = (info >>> 24) & 0x7f;
      const vlen = info & 0xffffff;
      starts[startId + i] = start;
      kinds[startId + i] = kind;
      counts[kind]! += 1;
      elements[kind]! += vlen;
      let isGood = words[start]! < strings;
      if (NAMES_TYPE[kind] === 1) {
        if (words[start + TARGET]! >= count) isGood = false;
        referenced[words[start + TARGET]!] = 1;
      }
      const stride = ID_STRIDE[kind]!;
      if (stride > 0) {
        const firstId = start + FIRST_ID[kind]!;
        const end = firstId + (ID_COUNT[kind]! || vlen) * stride;
        for (let at = firstId; at < end; at += stride) {
          if (words[at]! >= count) isGood = false;
          referenced[words[at]!] = 1;
        }
      }
      const named = NAMED_STRIDE[kind]!;
      if (named > 0) {
        const end = start + HEAD + vlen * named;
        for (let at = start + HEAD; at < end; at += named) if (words[at]! >= strings) isGood = false;
      }
      if (!isGood) records.btf.fail(startId + i, 'refers to a type or a string that does not exist');
    }
  }

  /** One of `kind-numbers.ts`. */
  kind(id: number): number {
    return this.kinds[id]!;
  }

  kindFlag(id: number): boolean {
    return this.words[this.starts[id]! + INFO]! >>> 31 === 1;
  }

  /** The number of elements: members, values, parameters. */
  vlen(id: number): number {
    return this.words[this.starts[id]! + INFO]! & 0xffffff;
  }

  /** The string offset of its name, 0 when it is anonymous. Void has no record, so that of everything but its kind and name nothing can be asked. */
  name(id: number): number {
    return id === 0 ? 0 : this.words[this.starts[id]! + NAME]!;
  }

  /** What it refers to: of an array the type of its elements, of a function what it returns. */
  target(id: number): number {
    return this.kind(id) === ARRAY ? this.words[this.tail(id)]! : this.words[this.starts[id]! + TARGET]!;
  }

  /** In bytes. */
  size(id: number): number {
    return this.words[this.starts[id]! + TARGET]!;
  }

  /** The index of the first word behind the head. */
  tail(id: number): number {
    return this.starts[id]! + HEAD;
  }

  /** The number of elements of an array. */
  length(id: number): number {
    return this.words[this.tail(id) + 2]!;
  }

  /** The name as a string. */
  text(id: number): string {
    return this.btf.stringAt(this.name(id));
  }
}

const MADE = new WeakMap<Btf, FlatTypes>();

// By kind number, in words: whether the head names a type; of what follows, where the first id is, how far apart they are, and how many there are (0:
// one for each element); and the size of elements that begin with a name.
const NAMES_TYPE = byKind(({ head }) => (head ? 1 : 0));
const FIRST_ID = byKind(({ tail }) => HEAD + (tail?.first ?? 0) / 4);
const ID_STRIDE = byKind(({ tail }) => (tail?.stride ?? 0) / 4);
const ID_COUNT = byKind(({ tail }) => tail?.count ?? 0);
const NAMED_STRIDE = byKind((_, kind) => (NAMED_ELEMENTS[kind] ? RECORD_SIZES[kind]!.element / 4 : 0));

/** Kinds that nothing is known of, but how large their records are, have 0. */
function byKind(read: (places: Places, kind: number) => number): Uint8Array {
  const table = new Uint8Array(KINDS);
  for (const [kind, places] of PLACES_BY_NUMBER.entries()) table[kind] = read(places, kind);
  return table;
}

/** The base's base first. */
function chainOf(btf: Btf): Btf[] {
  return btf.base ? [...chainOf(btf.base), btf] : [btf];
}

/** One after the other; what is but one, and may be large, is not copied. */
function joined<T extends Uint32Array | Uint8Array>(parts: readonly T[], make: (length: number) => T): T {
  if (parts.length === 1) return parts[0]!;
  const whole = make(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
