import { TextBuffer } from '../bytes/text-buffer.js';
import type { Btf } from './btf.js';
import { BTF_MAGIC } from './header.js';
import { BTF_KINDS, type BtfType } from './types.js';

const HEADER_SIZE = 24;
/** Room to begin with: most BTF that is made anew is small. */
const SMALL = 1 << 12;

export interface EncodeOptions {
  /** What the new BTF is split from: ids and string offsets go on behind its own. */
  readonly base?: Btf;
  /** The strings of this BTF keep their offsets, for what refers to them from outside (.BTF.ext). It has to have the same base. */
  readonly keepStrings?: Btf;
  /** True by default. */
  readonly littleEndian?: boolean;
}

/** The bytes of a BTF of these types; the first gets the id 1, or the base's `count`. Strings are written once. */
export function encodeBtf(types: Iterable<BtfType>, options: EncodeOptions = {}): Uint8Array {
  const builder = new BtfBuilder(options);
  for (const type of types) builder.add(type);
  return builder.bytes();
}

/** Makes BTF of types that are added one after another. References may run ahead. */
export class BtfBuilder {
  readonly #words = new TextBuffer(SMALL);
  readonly #strings = new Map<string, number>([['', 0]]);
  readonly #stringBytes = new TextBuffer(SMALL);
  readonly #littleEndian: boolean;
  #stringEnd: number;
  #nextId: number;

  constructor({ base, keepStrings, littleEndian = true }: EncodeOptions = {}) {
    this.#littleEndian = littleEndian;
    this.#nextId = base?.count ?? 1;
    this.#stringEnd = base?.strings.end ?? 0;
    this.#append(keepStrings?.strings.bytes ?? new Uint8Array(base ? 0 : 1));
    if (keepStrings) this.#noteStrings(keepStrings);
  }

  /** The id that the next type will get. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Returns the id of the type. */
  add(type: BtfType): number {
    const { name, vlen = 0, sizeOrType = 0, kindFlag = false, tail = [] } = parts(type, (text) => this.string(text));
    const info = (kindFlag ? 0x80000000 : 0) + BTF_KINDS.indexOf(type.kind) * 0x1000000 + vlen;
    for (const word of [this.string(name ?? ''), info, sizeOrType]) this.#word(word);
    for (const word of tail) this.#word(word);
    return this.#nextId++;
  }

  /** The offset of a string, which is added if it is not there yet. */
  string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const offset = this.#stringEnd;
    const before = this.#stringBytes.length;
    this.#stringBytes.addText(`${text}\0`);
    this.#stringEnd += this.#stringBytes.length - before;
    this.#strings.set(text, offset);
    return offset;
  }

  /** All that has been added, with the header before it. */
  bytes(): Uint8Array {
    const [types, strings] = [this.#words.written, this.#stringBytes.written];
    const [typeLength, stringLength] = [types.length, strings.length];
    const bytes = new Uint8Array(HEADER_SIZE + typeLength + stringLength);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, BTF_MAGIC, this.#littleEndian);
    view.setUint8(2, 1);
    const header = [HEADER_SIZE, 0, typeLength, typeLength, stringLength];
    header.forEach((word, i) => void view.setUint32(4 + i * 4, word, this.#littleEndian));
    bytes.set(types, HEADER_SIZE);
    bytes.set(strings, HEADER_SIZE + typeLength);
    return bytes;
  }

  #word(word: number): void {
    const at = this.#words.claim(4);
    this.#words.view.setUint32(at, word, this.#littleEndian);
  }

  #append(part: Uint8Array): void {
    this.#stringBytes.add(part);
    this.#stringEnd += part.length;
  }

  #noteStrings({ strings }: Btf): void {
    for (let offset = strings.start; offset < strings.end; ) {
      const text = strings.at(offset);
      if (!this.#strings.has(text)) this.#strings.set(text, offset);
      offset = strings.start + strings.bytes.indexOf(0, offset - strings.start) + 1;
    }
  }
}

/** What of a record differs from kind to kind. `tail` are the words behind its head. */
interface Parts {
  readonly name?: string;
  readonly vlen?: number;
  readonly sizeOrType?: number;
  readonly kindFlag?: boolean;
  readonly tail?: readonly number[];
}

type StringOffset = (text: string) => number;

function parts(type: BtfType, string: StringOffset): Parts {
  switch (type.kind) {
    case 'VOID':
      throw new TypeError('void has no record: it is id 0 of any BTF');
    case 'INT':
      return { name: type.name, sizeOrType: type.size, tail: [type.encoding * 0x1000000 + type.offset * 0x10000 + type.bits] };
    case 'PTR':
    case 'VOLATILE':
    case 'CONST':
    case 'RESTRICT':
      return { sizeOrType: type.type };
    case 'TYPEDEF':
      return { name: type.name, sizeOrType: type.type };
    case 'TYPE_TAG':
      return { name: type.name, sizeOrType: type.type, kindFlag: type.kindFlag };
    case 'ARRAY':
      return { tail: [type.type, type.index, type.length] };
    case 'STRUCT':
    case 'UNION':
      return compositeParts(type, string);
    case 'ENUM':
    case 'ENUM64':
      return enumParts(type, string);
    case 'FWD':
      return { name: type.name, kindFlag: type.union };
    case 'FUNC':
      return { name: type.name, vlen: type.linkage, sizeOrType: type.type };
    case 'FUNC_PROTO':
      return { vlen: type.params.length, sizeOrType: type.returns, tail: type.params.flatMap((p) => [string(p.name), p.type]) };
    case 'VAR':
      return { name: type.name, sizeOrType: type.type, tail: [type.linkage] };
    case 'DATASEC': {
      const tail = type.entries.flatMap((entry) => [entry.type, entry.offset, entry.size]);
      return { name: type.name, vlen: type.entries.length, sizeOrType: type.size, tail };
    }
    case 'FLOAT':
      return { name: type.name, sizeOrType: type.size };
    case 'DECL_TAG':
      return { name: type.name, sizeOrType: type.type, kindFlag: type.kindFlag, tail: [type.componentIndex] };
  }
}

function compositeParts(type: Extract<BtfType, { kind: 'STRUCT' | 'UNION' }>, string: StringOffset): Parts {
  const { name, size: sizeOrType, members } = type;
  const kindFlag = type.kindFlag || members.some(({ bitfieldSize }) => bitfieldSize > 0);
  const tail = members.flatMap((member) => [string(member.name), member.type, member.bitfieldSize * 0x1000000 + member.bitOffset]);
  return { name, vlen: members.length, sizeOrType, kindFlag, tail };
}

function enumParts(type: Extract<BtfType, { kind: 'ENUM' | 'ENUM64' }>, string: StringOffset): Parts {
  const wide = type.kind === 'ENUM64';
  const tail = type.values.flatMap(({ name, value }) => {
    const low = Number(BigInt.asUintN(32, value));
    return wide ? [string(name), low, Number(BigInt.asUintN(32, value >> 32n))] : [string(name), low];
  });
  return { name: type.name, vlen: type.values.length, sizeOrType: type.size, kindFlag: type.signed, tail };
}
