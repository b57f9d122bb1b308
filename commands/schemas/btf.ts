import { count, either, flag, integer, listOf, oneOfWords, record, type Schema, text } from '../../src/format/schema.js';
import { pids } from './common.js';
import { type ObjectSchemas, one, oneOrList } from './output.js';

const object = record({ id: count, size: count, prog_ids: listOf(count), map_ids: listOf(count), kernel: flag }, { name: text, pids });

const composite = { size: count, vlen: count };
const member = record({ name: text, type_id: count, bits_offset: count }, { bitfield_size: count });
const values = { encoding: text, ...composite, values: listOf(record({ name: text, val: integer })) };

/** The fields of each kind behind `id`, `kind` and `name`. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  INT: { size: count, bits_offset: count, nr_bits: count, encoding: text },
  PTR: { type_id: count },
  CONST: { type_id: count },
  VOLATILE: { type_id: count },
  RESTRICT: { type_id: count },
  TYPEDEF: { type_id: count },
  TYPE_TAG: { type_id: count },
  ARRAY: { type_id: count, index_type_id: count, nr_elems: count },
  STRUCT: { ...composite, members: listOf(member) },
  UNION: { ...composite, members: listOf(member) },
  ENUM: values,
  ENUM64: values,
  FWD: { fwd_kind: oneOfWords('struct', 'union') },
  FUNC: { type_id: count, linkage: text },
  FUNC_PROTO: { ret_type_id: count, vlen: count, params: listOf(record({ name: text, type_id: count })) },
  VAR: { type_id: count, linkage: text },
  DATASEC: { ...composite, vars: listOf(record({ type_id: count, offset: count, size: count }, { name: text })) },
  FLOAT: { size: count },
  DECL_TAG: { type_id: count, component_idx: integer },
  UNKN: {},
};

const type: Schema = either(
  ...Object.entries(KINDS).map(([kind, fields]) => record({ id: count, kind: { const: kind }, name: text, ...fields })),
);

const place = { offset: count, size: count, bits_offset: count, bits: count };
/** A member, of an anonymous struct or union with its own ones, or bits that belong to none. */
const part = either(
  record(
    { name: text, ...place, bitfield: flag },
    { declaration: text, kind: oneOfWords('struct', 'union'), members: listOf({ type: 'object' }) },
  ),
  record({ hole: oneOfWords('hole', 'padding'), ...place }),
);
/** What `btf show NAME` prints: one type, or those of the name. */
const shown = record(
  { id: count, kind: text },
  {
    name: text,
    size: count,
    of: oneOfWords('struct', 'union'),
    members: listOf(part),
    signed: flag,
    values: listOf(record({ name: text, value: integer })),
    declaration: text,
    variables: listOf(record({ name: text, type_id: count, offset: count, size: count, declaration: text })),
  },
);

export const schemas: ObjectSchemas = {
  show: oneOrList(either(object, shown)),
  dump: one(record({ types: listOf(type) }), type),
};
