import type { BtfKind } from './types.js';

/** How what stands in a word is printed. */
export const FieldForm = {
  /** The id of the type, which is in no word. */
  ID: 0,
  UNSIGNED: 1,
  /** The string at that offset. */
  NAME: 2,
  /** One of the field's `words`, the last of which stands for all numbers beyond. */
  WORD: 3,
  SIGNED: 4,
  /** A number that is left out, with its label, when it is 0. */
  OPTIONAL: 5,
  /** An unsigned value of a 32-bit enum. */
  ENUM_VALUE: 6,
  /** 64 bits in two words, the lower first. */
  UNSIGNED64: 7,
  SIGNED64: 8,
  /** In plain text, the kind and the name of the variable with that id. */
  VARIABLE: 9,
  /** Only the text before it. */
  NOTHING: 10,
} as const;

export type FieldFormNumber = (typeof FieldForm)[keyof typeof FieldForm];

/** A number in a record or in an element of it. */
export interface RawField {
  /** Its name, in plain text and in JSON. */
  readonly label: string;
  /** Which 32-bit word of the record (of the element, in a list) it is in. */
  readonly word: number;
  readonly form: FieldFormNumber;
  /** Where in the word it begins, in bits. */
  readonly shift: number;
  /** Its bits, once they are shifted down. */
  readonly mask: number;
  readonly words?: readonly string[];
}

/** The fields of a kind behind id, kind and name; and of its elements. */
export interface RawKind {
  readonly fields: readonly RawField[];
  /** Elements have `stride` words each, the first of which is their name if they are `named`. */
  readonly list?: { readonly label: string; readonly stride: number; readonly named: boolean; readonly fields: readonly RawField[] };
  /** Between fields in plain text, where it is not a blank. */
  readonly separator?: string;
}

type Details = Partial<Pick<RawField, 'form' | 'shift' | 'mask' | 'words'>>;

const field = (label: string, word: number, { form = FieldForm.UNSIGNED, shift = 0, mask = -1, words }: Details = {}): RawField =>
  words ? { label, word, form: FieldForm.WORD, shift, mask, words } : { label, word, form, shift, mask };

// Words of a record's head (struct btf_type), and the first one behind it.
const INFO = 1;
const SIZE_OR_TYPE = 2;
const TAIL = 3;

const SIZE = field('size', SIZE_OR_TYPE);
const TYPE = field('type_id', SIZE_OR_TYPE);
const VLEN = field('vlen', INFO, { mask: 0xffffff });
const LINKAGES = ['static', 'global', 'extern', '(unknown)'];

const REFERENCE: RawKind = { fields: [TYPE] };

/** With the flag, places of members are in the lower 24 bits, and above them sizes of bitfields. */
const composite = (flag: boolean): RawKind => ({
  fields: [SIZE, VLEN],
  list: {
    label: 'members',
    stride: 3,
    named: true,
    fields: [
      field('type_id', 1),
      field('bits_offset', 2, flag ? { mask: 0xffffff } : {}),
      ...(flag ? [field('bitfield_size', 2, { form: FieldForm.OPTIONAL, shift: 24, mask: 0xff })] : []),
    ],
  },
});

const enumeration = (stride: number, signed: FieldFormNumber, unsigned: FieldFormNumber, flag: boolean): RawKind => ({
  fields: [field('encoding', INFO, { shift: 31, mask: 1, words: ['UNSIGNED', 'SIGNED'] }), SIZE, VLEN],
  list: { label: 'values', stride, named: true, fields: [field('val', 1, { form: flag ? signed : unsigned })] },
});

/** What bpftool prints of each kind, in its words and its order (dump_btf_type). `flag` is the kind flag of the record. */
export const rawKinds = (flag: boolean): Record<BtfKind, RawKind> => ({
  VOID: { fields: [] },
  INT: {
    fields: [
      SIZE,
      field('bits_offset', TAIL, { shift: 16, mask: 0xff }),
      field('nr_bits', TAIL, { mask: 0xff }),
      field('encoding', TAIL, { shift: 24, mask: 0xf, words: ['(none)', 'SIGNED', 'CHAR', 'UNKN', 'BOOL', 'UNKN'] }),
    ],
  },
  PTR: REFERENCE,
  ARRAY: { fields: [field('type_id', TAIL), field('index_type_id', TAIL + 1), field('nr_elems', TAIL + 2)] },
  STRUCT: composite(flag),
  UNION: composite(flag),
  ENUM: enumeration(2, FieldForm.SIGNED, FieldForm.ENUM_VALUE, flag),
  FWD: { fields: [field('fwd_kind', INFO, { shift: 31, mask: 1, words: ['struct', 'union'] })] },
  TYPEDEF: REFERENCE,
  VOLATILE: REFERENCE,
  CONST: REFERENCE,
  RESTRICT: REFERENCE,
  FUNC: { fields: [TYPE, field('linkage', INFO, { mask: 0xffffff, words: LINKAGES })] },
  FUNC_PROTO: {
    fields: [field('ret_type_id', SIZE_OR_TYPE), VLEN],
    list: { label: 'params', stride: 2, named: true, fields: [field('type_id', 1)] },
  },
  VAR: { fields: [TYPE, field('linkage', TAIL, { words: LINKAGES })], separator: ', ' },
  DATASEC: {
    fields: [SIZE, VLEN],
    list: { label: 'vars', stride: 3, named: false, fields: [field('type_id', 0), field('offset', 1), field('size', 2)] },
  },
  FLOAT: { fields: [SIZE] },
  DECL_TAG: { fields: [TYPE, field('component_idx', TAIL, { form: FieldForm.SIGNED })] },
  TYPE_TAG: REFERENCE,
  ENUM64: enumeration(3, FieldForm.SIGNED64, FieldForm.UNSIGNED64, flag),
});
