import { count, either, flag, integer, listOf, named, nothing, record, type Schema, text } from '../../src/format/schema.js';
import { netfilter, surroundings } from './common.js';
import { done, type ObjectSchemas, oneOrList } from './output.js';

const onInterface = { devname: text, ifindex: count };
const probe = { retprobe: flag, cookie: count };

/** By type, what a link has between `prog_id` and `pinned`. Fields that depend on the kernel or the target are optional. */
const KINDS: Readonly<Record<string, readonly [required: Record<string, Schema>, optional?: Record<string, Schema>]>> = {
  raw_tracepoint: [{ tp_name: text, cookie: count }],
  tracing: [{ attach_type: named, target_obj_id: count, target_btf_id: count, cookie: count }, { prog_type: named }],
  cgroup: [{ cgroup_id: count, attach_type: named }],
  iter: [{ target_name: text }, { map_id: count, tid: count, pid: count, cgroup_id: count, order: text }],
  netns: [{ netns_ino: count, attach_type: named }],
  netfilter: [netfilter],
  tcx: [{ ...onInterface, attach_type: named }],
  netkit: [{ ...onInterface, attach_type: named }],
  sockmap: [{ map_id: count, attach_type: named }],
  xdp: [onInterface],
  struct_ops: [{ map_id: count }],
  kprobe_multi: [
    {
      retprobe: flag,
      func_cnt: count,
      missed: count,
      funcs: listOf(record({ addr: count, func: either(text, nothing), module: either(text, nothing), cookie: count })),
    },
  ],
  uprobe_multi: [
    {
      retprobe: flag,
      path: text,
      func_cnt: count,
      pid: integer,
      funcs: listOf(record({ offset: count, ref_ctr_offset: count, cookie: count })),
    },
  ],
};

/** What a link to a perf event has depends on the event. */
const PERF: readonly Record<string, Schema>[] = [
  { event_type: named, event_config: named, cookie: count },
  { tracepoint: text, cookie: count },
  { ...probe, addr: count, func: text, offset: count, missed: count },
  { ...probe, file: text, offset: count, ref_ctr_offset: count },
  {},
];

function linkOf(more: Readonly<Record<string, Schema>>): Schema {
  const head = { id: count, prog_id: count };
  const named_ = (type: Schema, required: Record<string, Schema>, optional: Record<string, Schema> = {}) =>
    record({ ...head, type, ...required }, { ...optional, ...more });
  return either(
    ...Object.entries(KINDS).map(([type, [required, optional]]) => named_({ const: type }, required, optional)),
    ...PERF.map((fields) => named_({ const: 'perf_event' }, fields)),
    // A type that bpf-ts knows no fields of, by its name or number.
    named_({ type: ['string', 'integer'], not: { enum: [...Object.keys(KINDS), 'perf_event'] } }, {}),
  );
}

const attached_to = text;

export const schemas: ObjectSchemas = {
  show: oneOrList(linkOf(surroundings)),
  pin: done,
  detach: done,
  attach: {
    kind: 'one or list',
    row: either(linkOf({ attached_to }), record({ attached_to })),
  },
  update: done,
};
