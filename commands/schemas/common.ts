// What stands in the output of several commands.
import { count, described, flag, integer, listOf, named, record, type Schema, text } from '../../src/format/schema.js';

const owner = {
  cmdline: described(listOf(text), 'With --owners: the arguments, at most 4096 bytes'),
  cgroup: described(text, 'With --owners'),
  container: record({ id: text }, { runtime: text, pod: text }),
  netns: described(count, 'With --owners: the inode of the network namespace'),
};

/** The processes that hold an object. */
export const pids: Schema = listOf(record({ pid: count, comm: text }, owner));

/** Pins and processes of an object. */
export const surroundings = { pinned: described(listOf(text), 'With -f, where anything of this kind is pinned'), pids };

export const device: Schema = record({}, { ifindex: integer, ns_dev: integer, ns_inode: integer, ifname: text });

/** What stands above the dump of one of several programs, and begins the row of each in a list. */
export const programHeader = {
  required: {
    id: count,
    type: named,
    tag: described({ type: 'string', pattern: '^[0-9a-f]{16}$' }, 'A hash of the instructions'),
    gpl_compatible: flag,
  },
  optional: {
    name: text,
    run_time_ns: described(count, 'While statistics are on (kernel.bpf_stats_enabled)'),
    run_cnt: count,
    recursion_misses: count,
  },
};

/** The same of a map. */
export const mapHeader = { required: { id: count, type: named, flags: count }, optional: { name: text } };

/** What a netfilter link is attached to; numbers as in linux/netfilter.h. */
export const netfilter = { pf: count, hook: count, prio: integer, flags: count };
