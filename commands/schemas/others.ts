// Objects with few commands.
import {
  anything,
  count,
  dictionary,
  either,
  flag,
  integer,
  listOf,
  nothing,
  number,
  oneOfWords,
  record,
  type Schema,
  text,
} from '../../src/format/schema.js';
import { pids } from './common.js';
import { done, inLanguage, list, type ObjectSchemas, one } from './output.js';

export const gen: ObjectSchemas = {
  object: done,
  skeleton: inLanguage('C'),
  subskeleton: inLanguage('C'),
  min_core_btf: done,
  ts: inLanguage('TypeScript'),
};

export const structOps: ObjectSchemas = {
  show: list(record({ id: count, name: text, kernel_struct_ops: text })),
  register: done,
  unregister: done,
  dump: list({
    ...dictionary(anything),
    description: 'A record of the kernel by its types, under the name of its struct: two for each map',
  }),
};

export const iter: ObjectSchemas = { pin: done };

export const token: ObjectSchemas = {
  show: list(
    record({
      token_info: text,
      allowed_cmds: listOf(text),
      allowed_maps: listOf(text),
      allowed_progs: listOf(text),
      allowed_attachs: listOf(text),
    }),
  ),
};

const targets: readonly Record<string, Schema>[] = [
  { fd_type: oneOfWords('raw_tracepoint', 'tracepoint'), tracepoint: text },
  { fd_type: oneOfWords('kprobe', 'kretprobe'), func: text, offset: count },
  { fd_type: oneOfWords('kprobe', 'kretprobe'), addr: count },
  { fd_type: oneOfWords('uprobe', 'uretprobe'), filename: text, offset: count },
  {},
];

export const perf: ObjectSchemas = {
  show: list(
    either(
      ...targets.map((target) => record({ pid: count, fd: count, prog_id: count, ...target })),
      // A link that is pinned, and that no process has open.
      ...targets.map((target) => record({ link_id: count, prog_id: count, ...target })),
    ),
  ),
};

export const version: ObjectSchemas = {
  '': one(
    record({
      version: text,
      bpftool_version: text,
      libbpf_version: text,
      features: dictionary(flag),
      node: text,
      platform: text,
      kernel: text,
    }),
  ),
};

export const help: ObjectSchemas = { '': one(either(nothing, dictionary(anything))) };

export const batch: ObjectSchemas = {
  '': list(either(record({ command: listOf(text), output: anything }), record({ error: text }))),
};

const buffer = { map: text };
const ofObject = { object: text, map_id: count };
/** What comes through a ring buffer or perf event array. */
const records: readonly Schema[] = [
  record({ ...buffer, type: text, event: anything }, ofObject),
  { ...record({ ...buffer, bytes: text }, ofObject), description: 'A record whose type is not known, or not wanted: hex digits' },
  { ...record({ ...buffer, lost: count }, ofObject), description: 'Records that did not fit the buffer' },
];

export const events: ObjectSchemas = { '': list(either(...records)) };

export const run: ObjectSchemas = {
  '': list(
    either(
      record({ program: text, prog_id: count, attached_to: text }, { link_id: count }),
      record({ program: text, prog_id: count, attached_to: nothing, reason: text }),
      record({ map: text, map_id: count, registered_as: text }, { link_id: count }),
      {
        ...record({ map: text, id: count, elements: anything }, { object: text }),
        description: 'With --dump: a map as `map dump` prints it',
      },
      ...records,
      record({ trace: text }, { object: text }),
      record({ program: text, stream: oneOfWords('stdout', 'stderr'), text }, { object: text }),
      record({ program: text, output: text }, { object: text }),
    ),
  ),
};

export const graph: ObjectSchemas = {
  '': one(
    record(
      {
        nodes: listOf(
          record({
            id: text,
            kind: oneOfWords('program', 'map', 'link', 'btf', 'pin', 'process', 'interface', 'cgroup', 'place'),
            label: text,
          }),
        ),
        edges: listOf(record({ from: text, relation: text, to: text })),
      },
      { start: text },
    ),
  ),
};

const time = { type: 'string', format: 'date-time' };
const change = { time, kind: oneOfWords('program', 'map', 'link', 'btf') };

export const watch: ObjectSchemas = {
  '': list(
    either(
      record({ ...change, change: { const: 'missed' }, first: count, last: count }),
      record({ ...change, change: text, id: count }, { type: either(text, integer), name: text, prog_id: count, pids }),
    ),
  ),
};

export const top: ObjectSchemas = {
  '': list(
    record(
      { time, id: count, type: text, name: text, cpu_percent: number, events_per_second: number, average_ns: number },
      { missed_per_second: number },
    ),
  ),
};

export const completion: ObjectSchemas = {
  bash: one(text),
  zsh: one(text),
  fish: one(text),
  words: list(either(record({ word: text }, { note: text }), record({ delegated: text }))),
};
