import { ParseError } from '../bytes/cursor.js';
import { decodeRecord, type RecordReader } from './decode.js';
import { type BtfHeader, parseBtfHeader } from './header.js';
import { NameIndex } from './name-index.js';
import { NameSearch } from './name-search.js';
import { essentialName } from './names.js';
import { indexRecords } from './record-index.js';
import { visitReferences } from './references.js';
import { BtfStrings } from './strings.js';
import { BTF_KINDS, type BtfKind, type BtfType } from './types.js';

const VOID: BtfType = { kind: 'VOID' };

/**
 * The types of one BTF blob: of the kernel, a module, a program or an object file. Parsing only notes where each type is; a type is unfolded
 * when it is asked for, and kept. Valid ids are 0 (void) to `count - 1`. Both byte orders are read.
 *
 * Split BTF (of a module, say) is parsed with its `base`: its ids and string offsets go on where those of the base end, and the base's types can be
 * asked for through it.
 */
export class Btf {
  /** The number of type ids, void and the base's included. */
  readonly count: number;
  /** The first id of this blob's own types: 1, or the base's `count`. */
  readonly startId: number;
  readonly littleEndian: boolean;
  readonly #view: DataView;
  /** Where in `bytes` the records of its own types are, in the order of their ids. */
  readonly recordOffsets: Uint32Array;
  readonly #nameOffsets: Uint32Array | undefined;
  /** Its string section, which goes on behind the base's. */
  readonly strings: BtfStrings;
  /** Grows as types are asked for: of the kernel's 125,000 few are. */
  readonly #types: (BtfType | undefined)[] = [];
  readonly #reader: RecordReader;
  #reading = 0;
  #names: NameIndex | undefined;
  /** Null when it does not pay, or no longer. */
  #searchable: NameSearch | null | undefined;
  readonly #wholeNames: boolean;

  private constructor(
    /** The blob as it was given. Not copied: it must not change. */
    readonly bytes: Uint8Array,
    /** What this is, for errors. */
    readonly what: string,
    header: BtfHeader,
    readonly base: Btf | undefined,
    wholeNames: boolean,
  ) {
    const { offset, length } = header.strings;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = header.littleEndian;
    this.strings = new BtfStrings(bytes.subarray(offset, offset + length), what, base?.strings);
    this.#wholeNames = wholeNames;
    const { offsets, names } = indexRecords(bytes, header, what);
    this.recordOffsets = offsets;
    this.#nameOffsets = names;
    this.startId = base?.count ?? 1;
    this.count = this.startId + this.recordOffsets.length;
    this.#reader = {
      view: this.#view,
      littleEndian: this.littleEndian,
      string: (at) => this.strings.at(at),
      reference: (to) => (to < this.count ? to : this.fail(this.#reading, `refers to type ${to} of ${this.count}`)),
    };
  }

  /**
   * @param options.base what this BTF was split from
   * @param options.what names the blob in errors, `BTF` by default
   * @param options.wholeNames that no name is but the end of another one's string is known, and not looked at before names are searched for
   * @throws ParseError when header, string section or the extent of a record is wrong; what records say is checked when they are unfolded
   */
  static parse(bytes: Uint8Array, options: { base?: Btf; what?: string; wholeNames?: boolean } = {}): Btf {
    const what = options.what ?? 'BTF';
    return new Btf(bytes, what, parseBtfHeader(bytes, what), options.base, options.wholeNames ?? false);
  }

  /** The type with this id. @throws ParseError when there is none, or its record names types or strings that do not exist. */
  type(id: number): BtfType {
    if (id === 0) return VOID;
    if (this.base && id < this.startId) return this.base.type(id);
    const known = this.#types[id - this.startId];
    if (known) return known;
    const type = this.#decode(id);
    this.#types[id - this.startId] = type;
    return type;
  }

  /** Its kind, without unfolding it. @throws ParseError when there is no such type. */
  kind(id: number): BtfKind {
    if (id === 0) return 'VOID';
    if (this.base && id < this.startId) return this.base.kind(id);
    const number = (this.#view.getUint32(this.recordOffset(id) + 4, this.littleEndian) >>> 24) & 0x7f;
    return BTF_KINDS[number] ?? this.fail(id, `kind ${number} is unknown`);
  }

  /** Its name, without unfolding it; `''` for anonymous types. @throws ParseError when there is no such type or string. */
  name(id: number): string {
    if (id === 0) return '';
    if (this.base && id < this.startId) return this.base.name(id);
    return this.strings.at(this.#view.getUint32(this.recordOffset(id), this.littleEndian));
  }

  /** The first type of that name (and kind), the base's before its own. */
  find(name: string, kind?: BtfKind): number | undefined {
    const inherited = this.base?.find(name, kind);
    if (inherited !== undefined) return inherited;
    for (const id of this.#candidates(name, 'full')) {
      if (this.name(id) === name && (kind === undefined || this.kind(id) === kind)) return id;
    }
    return undefined;
  }

  /** Indexes all names at once, for who is going to ask for many of them. */
  indexNames(): void {
    this.#index();
  }

  /** All types of that name, in ascending order of ids. */
  findAll(name: string): number[] {
    const own = [...this.#candidates(name, 'full')].filter((id) => this.name(id) === name);
    return [...(this.base?.findAll(name) ?? []), ...own];
  }

  /** All types that have this name but for a flavor: `task_struct` also finds `task_struct___old`. In ascending order of ids. */
  findEssential(name: string): number[] {
    const own = [...this.#candidates(name, 'essential')].filter((id) => essentialName(this.name(id)) === name);
    return [...(this.base?.findEssential(name) ?? []), ...own];
  }

  /** The ids of this blob's own types, without void and the base's; of one kind, if it is given. */
  *ids(kind?: BtfKind): Generator<number> {
    for (let id = this.startId; id < this.count; id++) if (kind === undefined || this.kind(id) === kind) yield id;
  }

  /** Calls `visit` with every type id that the type names, without unfolding it. @throws ParseError when one does not exist */
  eachReference(id: number, visit: (id: number) => void): void {
    if (id === 0) return;
    if (this.base && id < this.startId) return this.base.eachReference(id, visit);
    this.kind(id);
    visitReferences(this.#readerOf(id), this.recordOffset(id), visit);
  }

  /** Where in `bytes` the record of one of this blob's own types is. @throws ParseError when it is none of them */
  recordOffset(id: number): number {
    return this.recordOffsets[id - this.startId] ?? this.fail(id, `there are only ${this.count} types`);
  }

  /** The string at an offset of the string section (which goes on behind the base's). @throws ParseError when it is outside. */
  stringAt(offset: number): string {
    return this.strings.at(offset);
  }

  /** Says that something about a type cannot be. @throws ParseError always */
  fail(id: number, reason: string): never {
    const own = id >= this.startId && id < this.count;
    throw new ParseError(this.what, own ? this.recordOffsets[id - this.startId]! : 0, `type ${id}: ${reason}`);
  }

  #decode(id: number): BtfType {
    this.kind(id);
    return decodeRecord(this.#readerOf(id), this.recordOffset(id));
  }

  /** The one reader of all records; `id` is for what it has to say of references. */
  #readerOf(id: number): RecordReader {
    this.#reading = id;
    return this.#reader;
  }

  *#candidates(name: string, as: 'full' | 'essential'): Generator<number> {
    if (name === '') return;
    for (const position of this.#search(name, as) ?? this.#index().candidates(name, as)) yield this.startId + position;
  }

  #search(name: string, as: 'full' | 'essential'): number[] | undefined {
    if (this.#searchable === undefined && !this.#names) {
      this.#searchable =
        (!this.base && this.#nameOffsets && NameSearch.over(this.strings.bytes, this.#nameOffsets, this.#wholeNames)) || null;
    }
    return this.#searchable?.positions(name, as);
  }

  #index(): NameIndex {
    this.#searchable = null;
    this.#names ??= new NameIndex(this.recordOffsets.length, this.#nameOffset, this.strings);
    return this.#names;
  }

  readonly #nameOffset = (position: number): number => this.#view.getUint32(this.recordOffsets[position]!, this.littleEndian);
}
