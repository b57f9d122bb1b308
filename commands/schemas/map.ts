import {
  anything,
  bytes,
  count,
  dictionary,
  either,
  flag,
  hexBytes,
  listOf,
  named,
  nothing,
  oneOfWords,
  record,
  type Schema,
  text,
} from '../../src/format/schema.js';
import { device, mapHeader, surroundings } from './common.js';
import { done, list, type ObjectSchemas, one, oneOrList } from './output.js';

const map = record(
  { ...mapHeader.required, bytes_key: count, bytes_value: count, max_entries: count, frozen: { enum: [0, 1] } },
  { ...mapHeader.optional, dev: device, bytes_memlock: count, owner_prog_type: named, owner_jited: flag, btf_id: count, ...surroundings },
);

const unreadable = record({ error: text });
const perCpu = (value: Record<string, unknown>) => listOf(record({ cpu: count, value }));
/** Values by their types: structs are objects, arrays and strings as they are. */
const formatted = record({}, { key: anything, value: anything, values: perCpu(anything) });
const element = record(
  {},
  { key: hexBytes, value: either(hexBytes, unreadable), values: perCpu(hexBytes), inner_map_id: count, formatted, error: text },
);
const ofSeveral = record({ ...mapHeader.required, elements: either(listOf(anything), unreadable) }, mapHeader.optional);
const side = { value: anything, value_hex: text, values: listOf(anything), values_hex: listOf(text) };
const keys = { key: anything, key_hex: text };
const changed = (more: Readonly<Record<string, Schema>>) =>
  either(
    record({ ...more, change: oneOfWords('added', 'removed') }, { ...keys, ...side }),
    record({ ...more, change: oneOfWords('changed'), before: record({}, side), after: record({}, side) }, keys),
  );
const change = changed({});
const withTime = changed({ time: text });
const found = one(either(element, nothing));

export const schemas: ObjectSchemas = {
  show: oneOrList(map),
  dump: list(either(element, ofSeveral)),
  update: done,
  lookup: found,
  getnext: one(record({ key: either(hexBytes, nothing), next_key: hexBytes })),
  delete: done,
  pin: done,
  event_pipe: list(
    record({ type: count, cpu: count, index: count }, { timestamp: count, data: bytes, lost: record({ id: count, count }) }),
  ),
  create: done,
  peek: found,
  push: done,
  pop: found,
  freeze: done,
  set: done,
  // Keys and values by their types as `key`, `value` and `values`, others as hex digits: `key_hex`, `value_hex`, `values_hex`.
  diff: list(change),
  count: oneOrList(record({ id: count, type: named, elements: either(count, nothing), max_entries: count }, { name: text })),
  watch: list(
    either(
      record({ time: text, change: oneOfWords('gone') }),
      record({ time: text, change: oneOfWords('missed'), reason: text }),
      withTime,
    ),
  ),
  export: one(either(record({ file: text, elements: count }), dictionary(anything))),
  import: one(record({ added: count, changed: count, same: count, deleted: count, dry_run: flag })),
};
