import { count, either, listOf, oneOfWords, record, text } from '../../src/format/schema.js';
import { netfilter } from './common.js';
import { done, list, type ObjectSchemas } from './output.js';

const onInterface = { devname: text, ifindex: count };
const mode = oneOfWords('driver', 'generic', 'offload');
const xdp = either(
  record({ ...onInterface, mode, id: count }),
  record({ ...onInterface, multi_attachments: listOf(record({ mode, id: count })) }),
);
const tcx = record(
  { ...onInterface, kind: text, prog_id: count, prog_flags: listOf(count), link_id: count, link_flags: listOf(count) },
  { name: text },
);
const filter = record({ ...onInterface, kind: text }, { name: text, id: count, act: listOf(record({}, { name: text, id: count })) });

export const schemas: ObjectSchemas = {
  show: list(
    record({
      xdp: listOf(xdp),
      tc: listOf(either(tcx, filter)),
      flow_dissector: listOf(record({ id: count })),
      netfilter: listOf(record({ ...netfilter, id: count })),
    }),
  ),
  attach: done,
  detach: done,
};
