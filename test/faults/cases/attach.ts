import type { Case } from '../case.js';
import { held, linked, map, onCgroup, onInterface, program, registered } from '../things.js';

const SEE = program('run', 'see');
const XDP = program('hooks-net', 'count_xdp');
const EGRESS = program('hooks-cgroup', 'skb_out');

export const ATTACH: readonly Case[] = [
  { of: 'link show', varies: true },
  { of: 'link show', form: 'of a pin, with paths', options: '-f', line: 'pinned BPFFS/link', make: [SEE, linked] },
  { of: 'link pin', line: 'pinned BPFFS/link BPFFS/again', make: [SEE, linked], atomic: true },
  { of: 'link detach', line: 'pinned BPFFS/link', make: [SEE, linked], atomic: true },
  { of: 'link attach', line: 'pinned BPFFS/there tcx/ingress dev near pin BPFFS/link', make: [SEE], atomic: true },
  {
    of: 'link attach',
    form: 'to a cgroup',
    line: 'pinned BPFFS/there cgroup_skb/egress cgroup CGROUP pin BPFFS/link',
    make: [EGRESS],
    atomic: true,
  },
  {
    of: 'link update',
    line: 'pinned BPFFS/link pinned BPFFS/other',
    make: [SEE, linked, program('events', 'say', { at: 'other' })],
    atomic: true,
  },
  { of: 'cgroup show', line: 'CGROUP', make: [EGRESS, onCgroup] },
  { of: 'cgroup tree', line: 'CGROUP', make: [EGRESS, onCgroup] },
  { of: 'cgroup attach', line: 'CGROUP cgroup_inet_egress pinned BPFFS/there multi', make: [EGRESS], atomic: true },
  { of: 'cgroup detach', line: 'CGROUP cgroup_inet_egress pinned BPFFS/there', make: [EGRESS, onCgroup], atomic: true },
  {
    of: 'perf show',
    make: [program('hooks-named', 'on_clock'), held('perf_event', { event: 'page-faults', pid: process.pid })],
    varies: true,
  },
  { of: 'net show', line: 'dev near', make: [SEE, onInterface({ tcx: 'ingress' })] },
  { of: 'net attach', form: 'tcx', line: 'tcx_ingress pinned BPFFS/there dev near', make: [SEE], atomic: true },
  { of: 'net attach', form: 'xdp', line: 'xdpgeneric pinned BPFFS/there dev near', make: [XDP], atomic: true },
  { of: 'net detach', form: 'tcx', line: 'tcx_ingress dev near', make: [SEE, onInterface({ tcx: 'ingress' })], atomic: true },
  { of: 'net detach', form: 'xdp', line: 'xdpgeneric dev near', make: [XDP, onInterface({ xdp: 'generic' })], atomic: true },
  { of: 'struct_ops show', make: [registered], varies: true },
  { of: 'struct_ops dump', line: 'name plain', make: [registered] },
  { of: 'struct_ops register', line: 'OBJ/struct-ops-plain' },
  { of: 'struct_ops unregister', line: 'name plain', make: [registered] },
  { of: 'iter pin', line: 'OBJ/iterates BPFFS/iterator', atomic: true },
  {
    of: 'iter pin',
    form: 'over the elements of a map',
    line: 'OBJ/iter-elements BPFFS/iterator map pinned BPFFS/there',
    make: [map('HASH', { elements: 2, more: { valueSize: 8 } })],
    atomic: true,
  },
];
