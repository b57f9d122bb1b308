import { count, listOf, record, text } from '../../src/format/schema.js';
import { done, list, type ObjectSchemas } from './output.js';

const program = record(
  { id: count, attach_type: text, name: text },
  {
    attach_flags: { ...text, description: 'multi, override or empty; not with effective' },
    attach_btf_name: text,
    attach_btf_obj_id: count,
    attach_btf_id: count,
  },
);

export const schemas: ObjectSchemas = {
  show: list(program),
  tree: list(record({ cgroup: text, programs: listOf(program) })),
  attach: done,
  detach: done,
};
