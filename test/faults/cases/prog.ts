import type { Case } from '../case.js';
import { file, map, onSockets, program, sent } from '../things.js';

const SEE = program('run', 'see');
const SOCKETS = [program('hooks-socket', 'message'), map('SOCKMAP', { at: 'sockets', more: { valueSize: 4 } })];

export const PROG: readonly Case[] = [
  { of: 'prog show', varies: true },
  {
    of: 'prog show',
    form: 'of a pin, with paths and owners',
    options: '-f',
    line: 'pinned BPFFS/there',
    make: [SEE, sent('ring-buffer', 'events')],
  },
  { of: 'prog show', form: 'by name', line: 'name send_event --owners', make: [sent('ring-buffer')], varies: true },
  { of: 'prog show', form: 'with statistics', line: 'pinned BPFFS/there --stats --for 10ms', make: [SEE], varies: true },
  { of: 'prog dump', form: 'xlated', line: 'xlated pinned BPFFS/there linum', make: [SEE] },
  { of: 'prog dump', form: 'xlated into a file', line: 'xlated pinned BPFFS/there file FOLDER/out', make: [SEE], atomic: true },
  { of: 'prog dump', form: 'visual', line: 'xlated pinned BPFFS/there visual', make: [SEE] },
  { of: 'prog dump', form: 'jited', line: 'jited pinned BPFFS/there', make: [SEE] },
  { of: 'prog dump', form: 'jited, with symbols', line: 'jited pinned BPFFS/there --symbols', make: [SEE] },
  { of: 'prog pin', line: 'pinned BPFFS/there BPFFS/again', make: [SEE], atomic: true },
  { of: 'prog load', line: 'OBJ/run BPFFS/program', atomic: true },
  { of: 'prog load', form: 'a map that pins itself', line: 'OBJ/run-pinned BPFFS/x' },
  { of: 'prog load', form: 'by a loader program', options: '-L', line: 'OBJ/load-data BPFFS/light' },
  { of: 'prog load', form: 'with maps in a new directory', line: 'OBJ/run BPFFS/program pinmaps BPFFS/maps' },
  { of: 'prog load', form: 'dry run', line: 'OBJ/run --dry-run' },
  { of: 'prog loadall', form: 'with maps', line: 'OBJ/run BPFFS/programs pinmaps BPFFS/maps' },
  { of: 'prog attach', line: 'pinned BPFFS/there sk_msg_verdict pinned BPFFS/sockets', make: SOCKETS, atomic: true },
  {
    of: 'prog attach',
    form: 'flow dissector',
    line: 'pinned BPFFS/there flow_dissector',
    make: [program('hooks-socket', 'dissect')],
    atomic: true,
  },
  { of: 'prog detach', line: 'pinned BPFFS/there sk_msg_verdict pinned BPFFS/sockets', make: [...SOCKETS, onSockets], atomic: true },
  { of: 'prog tracelog', interrupted: true, varies: true },
  { of: 'prog tracelog', form: 'of a stream', line: 'stdout pinned BPFFS/there', make: [program('streams', 'speak')] },
  {
    of: 'prog run',
    line: 'pinned BPFFS/there data_in FOLDER/in data_out FOLDER/out repeat 2',
    make: [SEE, file('in', new Uint8Array(64))],
    atomic: true,
    varies: true,
  },
  // Some kernels of virtual machines refuse programs on the functions of others, and many machines show no counters of their processors.
  { of: 'prog profile', line: 'pinned BPFFS/there duration 1 cpu_clock', make: [SEE], varies: true },
  { of: 'prog profile', form: 'by a counter of the processor', line: 'pinned BPFFS/there duration 1 cycles', make: [SEE], varies: true },
];
