import { BTF_KINDS, type BtfType } from './types.js';

/** What a decoder reads a record through. Record and elements are known to lie inside the bytes. */
export interface RecordReader {
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** The string at an offset of the string section, checked. */
  string(offset: number): string;
  /** A type id, checked to exist. */
  reference(id: number): number;
}

/** The fields of `struct btf_type`; `tail` is where the record goes on behind its 12 bytes. */
interface Head {
  readonly name: number;
  readonly vlen: number;
  readonly kindFlag: boolean;
  readonly sizeOrType: number;
  readonly tail: number;
}

type Decoder = (reader: RecordReader, head: Head) => BtfType;

/** Unfolds the record of one type at an absolute offset. Kind and extent have been checked when the types were indexed. */
export function decodeRecord(reader: RecordReader, offset: number): BtfType {
  const { view, littleEndian } = reader;
  const info = view.getUint32(offset + 4, littleEndian);
  return DECODERS[(info >>> 24) & 0x7f]!(reader, {
    name: view.getUint32(offset, littleEndian),
    vlen: info & 0xffffff,
    kindFlag: info >>> 31 === 1,
    sizeOrType: view.getUint32(offset + 8, littleEndian),
    tail: offset + 12,
  });
}

const reference =
  (kind: 'PTR' | 'VOLATILE' | 'CONST' | 'RESTRICT'): Decoder =>
  (reader, head) => ({ kind, type: reader.reference(head.sizeOrType) });

const composite =
  (kind: 'STRUCT' | 'UNION'): Decoder =>
  (reader, head) => ({
    kind,
    name: reader.string(head.name),
    size: head.sizeOrType,
    members: elements(reader, head, 12, (word, at) => {
      const offset = word(at + 8);
      return {
        name: reader.string(word(at)),
        type: reader.reference(word(at + 4)),
        bitOffset: head.kindFlag ? offset & 0xffffff : offset,
        bitfieldSize: head.kindFlag ? offset >>> 24 : 0,
      };
    }),
    kindFlag: head.kindFlag,
  });

const enumeration =
  (kind: 'ENUM' | 'ENUM64', bits: 32 | 64): Decoder =>
  (reader, head) => ({
    kind,
    name: reader.string(head.name),
    size: head.sizeOrType,
    signed: head.kindFlag,
    values: elements(reader, head, bits === 32 ? 8 : 12, (word, at) => {
      const raw = bits === 32 ? BigInt(word(at + 4)) : BigInt(word(at + 4)) | (BigInt(word(at + 8)) << 32n);
      return { name: reader.string(word(at)), value: head.kindFlag ? BigInt.asIntN(bits, raw) : raw };
    }),
  });

/** One function for each kind, by number; kind 0 has no record. */
const DECODERS: readonly Decoder[] = BTF_KINDS.map(
  (kind): Decoder =>
    ({
      VOID: () => ({ kind: 'VOID' as const }),
      INT: decodeInt,
      PTR: reference('PTR'),
      ARRAY: decodeArray,
      STRUCT: composite('STRUCT'),
      UNION: composite('UNION'),
      ENUM: enumeration('ENUM', 32),
      FWD: (reader: RecordReader, head: Head) => ({ kind: 'FWD' as const, name: reader.string(head.name), union: head.kindFlag }),
      TYPEDEF: (reader: RecordReader, head: Head) => ({ kind: 'TYPEDEF' as const, ...named(reader, head) }),
      VOLATILE: reference('VOLATILE'),
      CONST: reference('CONST'),
      RESTRICT: reference('RESTRICT'),
      FUNC: (reader: RecordReader, head: Head) => ({ kind: 'FUNC' as const, ...named(reader, head), linkage: head.vlen }),
      FUNC_PROTO: decodeFuncProto,
      VAR: decodeVar,
      DATASEC: decodeDatasec,
      FLOAT: (reader: RecordReader, head: Head) => ({ kind: 'FLOAT' as const, name: reader.string(head.name), size: head.sizeOrType }),
      DECL_TAG: decodeDeclTag,
      TYPE_TAG: (reader: RecordReader, head: Head) => ({ kind: 'TYPE_TAG' as const, ...named(reader, head), kindFlag: head.kindFlag }),
      ENUM64: enumeration('ENUM64', 64),
    })[kind],
);

function decodeInt(reader: RecordReader, head: Head): BtfType {
  const word = words(reader)(head.tail);
  return {
    kind: 'INT',
    name: reader.string(head.name),
    size: head.sizeOrType,
    bits: word & 0xff,
    offset: (word >>> 16) & 0xff,
    encoding: (word >>> 24) & 0xf,
  };
}

function decodeArray(reader: RecordReader, { tail }: Head): BtfType {
  const word = words(reader);
  return { kind: 'ARRAY', type: reader.reference(word(tail)), index: reader.reference(word(tail + 4)), length: word(tail + 8) };
}

function decodeFuncProto(reader: RecordReader, head: Head): BtfType {
  return {
    kind: 'FUNC_PROTO',
    returns: reader.reference(head.sizeOrType),
    params: elements(reader, head, 8, (word, at) => ({ name: reader.string(word(at)), type: reader.reference(word(at + 4)) })),
  };
}

function decodeVar(reader: RecordReader, head: Head): BtfType {
  return { kind: 'VAR', ...named(reader, head), linkage: words(reader)(head.tail) };
}

function decodeDatasec(reader: RecordReader, head: Head): BtfType {
  return {
    kind: 'DATASEC',
    name: reader.string(head.name),
    size: head.sizeOrType,
    entries: elements(reader, head, 12, (word, at) => ({ type: reader.reference(word(at)), offset: word(at + 4), size: word(at + 8) })),
  };
}

function decodeDeclTag(reader: RecordReader, head: Head): BtfType {
  const componentIndex = reader.view.getInt32(head.tail, reader.littleEndian);
  return { kind: 'DECL_TAG', ...named(reader, head), componentIndex, kindFlag: head.kindFlag };
}

function named(reader: RecordReader, head: Head): { name: string; type: number } {
  return { name: reader.string(head.name), type: reader.reference(head.sizeOrType) };
}

function elements<T>(reader: RecordReader, head: Head, size: number, decode: (word: (at: number) => number, at: number) => T): T[] {
  const word = words(reader);
  const list: T[] = [];
  for (let i = 0; i < head.vlen; i++) list.push(decode(word, head.tail + i * size));
  return list;
}

function words({ view, littleEndian }: RecordReader): (at: number) => number {
  return (at) => view.getUint32(at, littleEndian);
}
