import type { BtfKind } from './types.js';

/** A record, or an element of it, as it lies in the bytes. `info` is that of the record's head. */
export interface RawRecord {
  readonly view: DataView;
  readonly littleEndian: boolean;
  at: number;
  info: number;
}

/** What a field is read from, and how it is printed. `label` is its name in both forms. */
export type RawField = { readonly label: string } & (
  | { readonly number: (record: RawRecord) => number }
  /** undefined: the field is left out. */
  | { readonly optional: (record: RawRecord) => number | undefined }
  /** An index of `words`, the last of which stands for all others. */
  | { readonly word: (record: RawRecord) => number; readonly words: readonly string[] }
  /** 64 bits, with a suffix in plain text. */
  | { readonly long: (record: RawRecord) => bigint; readonly suffix: (record: RawRecord) => string }
  /** A value of a 32-bit enum, whose sign plain text and JSON see differently. */
  | { readonly enumValue: (record: RawRecord) => number }
);

/** The fields of a kind behind id, kind and name; and of its elements. */
export interface RawKind {
  readonly fields: readonly RawField[];
  readonly list?: { readonly label: string; readonly size: number; readonly named: boolean; readonly fields: readonly RawField[] };
  /** Between fields in plain text, where it is not a blank. */
  readonly separator?: string;
}

const word =
  (offset: number) =>
  ({ view, littleEndian, at }: RawRecord): number =>
    view.getUint32(at + offset, littleEndian);

const signed =
  (offset: number) =>
  ({ view, littleEndian, at }: RawRecord): number =>
    view.getInt32(at + offset, littleEndian);

const head = word(8);
const integer = word(12);
const vlen = ({ info }: RawRecord): number => info & 0xffffff;
const flag = ({ info }: RawRecord): number => info >>> 31;
/** An entry for each number that is a word of its own; the last for all others. */
const oneOf = (read: (record: RawRecord) => number, numbers: readonly number[]) => (record: RawRecord) => {
  const index = numbers.indexOf(read(record));
  return index < 0 ? numbers.length : index;
};

const SIZE: RawField = { label: 'size', number: head };
const VLEN: RawField = { label: 'vlen', number: vlen };
const TYPE: RawField = { label: 'type_id', number: head };
const SIGN: RawField = { label: 'encoding', word: flag, words: ['UNSIGNED', 'SIGNED'] };

const LINKAGES = ['static', 'global', 'extern', '(unknown)'];

const COMPOSITE: RawKind = {
  fields: [SIZE, VLEN],
  list: {
    label: 'members',
    size: 12,
    named: true,
    fields: [
      { label: 'type_id', number: word(4) },
      { label: 'bits_offset', number: (record) => (record.info >>> 31 ? word(8)(record) & 0xffffff : word(8)(record)) },
      { label: 'bitfield_size', optional: (record) => (record.info >>> 31 && word(8)(record) >>> 24) || undefined },
    ],
  },
};

const REFERENCE: RawKind = { fields: [TYPE] };

/** What bpftool prints of each kind, in its words and its order (dump_btf_type). */
export const RAW_KINDS: Record<BtfKind, RawKind> = {
  VOID: { fields: [] },
  INT: {
    fields: [
      SIZE,
      { label: 'bits_offset', number: (record) => (integer(record) >>> 16) & 0xff },
      { label: 'nr_bits', number: (record) => integer(record) & 0xff },
      {
        label: 'encoding',
        word: oneOf((record) => (integer(record) >>> 24) & 0xf, [0, 1, 2, 4]),
        words: ['(none)', 'SIGNED', 'CHAR', 'BOOL', 'UNKN'],
      },
    ],
  },
  PTR: REFERENCE,
  ARRAY: {
    fields: [
      { label: 'type_id', number: word(12) },
      { label: 'index_type_id', number: word(16) },
      { label: 'nr_elems', number: word(20) },
    ],
  },
  STRUCT: COMPOSITE,
  UNION: COMPOSITE,
  ENUM: { fields: [SIGN, SIZE, VLEN], list: { label: 'values', size: 8, named: true, fields: [{ label: 'val', enumValue: signed(4) }] } },
  FWD: { fields: [{ label: 'fwd_kind', word: flag, words: ['struct', 'union'] }] },
  TYPEDEF: REFERENCE,
  VOLATILE: REFERENCE,
  CONST: REFERENCE,
  RESTRICT: REFERENCE,
  FUNC: { fields: [TYPE, { label: 'linkage', word: oneOf(vlen, [0, 1, 2]), words: LINKAGES }] },
  FUNC_PROTO: {
    fields: [{ label: 'ret_type_id', number: head }, VLEN],
    list: { label: 'params', size: 8, named: true, fields: [{ label: 'type_id', number: word(4) }] },
  },
  VAR: { fields: [TYPE, { label: 'linkage', word: oneOf(integer, [0, 1, 2]), words: LINKAGES }], separator: ', ' },
  DATASEC: {
    fields: [SIZE, VLEN],
    list: {
      label: 'vars',
      size: 12,
      named: false,
      fields: [
        { label: 'type_id', number: word(0) },
        { label: 'offset', number: word(4) },
        { label: 'size', number: word(8) },
      ],
    },
  },
  FLOAT: { fields: [SIZE] },
  DECL_TAG: { fields: [TYPE, { label: 'component_idx', number: signed(12) }] },
  TYPE_TAG: REFERENCE,
  ENUM64: {
    fields: [SIGN, SIZE, VLEN],
    list: {
      label: 'values',
      size: 12,
      named: true,
      fields: [
        {
          label: 'val',
          long: (record) => {
            const value = (BigInt(word(8)(record)) << 32n) | BigInt(word(4)(record));
            return flag(record) ? BigInt.asIntN(64, value) : value;
          },
          suffix: (record) => (flag(record) ? 'LL' : 'ULL'),
        },
      ],
    },
  },
};
