import type { Case } from '../case.js';
import { file, map, program, sent, typedMap } from '../things.js';

const HASH = map('HASH', { elements: 3 });
const VALUE = '1 2 3 4 5 6 7 8';
const EXPORTED = [
  '{"format":"bpf-ts map","version":1,"name":"faults","type":"hash","key_size":4,"value_size":8,"max_entries":4,"flags":0}',
  '',
];
const entry = (n: number) => `{"key":[${n},0,0,0],"value":[9,0,0,0,0,0,0,0]}\n`;

export const MAP: readonly Case[] = [
  { of: 'map show', varies: true },
  {
    of: 'map show',
    form: 'of a pin, with paths and owners',
    options: '-f',
    line: 'pinned BPFFS/there --owners',
    make: [sent('ring-buffer')],
  },
  { of: 'map dump', line: 'pinned BPFFS/there', make: [HASH] },
  { of: 'map dump', form: 'with types', line: 'pinned BPFFS/there', make: [typedMap('values', 'table', 3)] },
  { of: 'map dump', form: 'per CPU', line: 'pinned BPFFS/there', make: [map('PERCPU_HASH', { elements: 2 })] },
  { of: 'map dump', form: 'by keys', line: 'pinned BPFFS/there', make: [map('LPM_TRIE', { elements: 2 })] },
  { of: 'map dump', form: 'readable', line: 'pinned BPFFS/there --readable', make: [typedMap('values', 'table', 3)] },
  { of: 'map update', line: `pinned BPFFS/there key 0 0 0 0 value ${VALUE}`, make: [HASH], atomic: true },
  { of: 'map lookup', line: 'pinned BPFFS/there key 1 0 0 0', make: [HASH] },
  { of: 'map getnext', line: 'pinned BPFFS/there', make: [HASH] },
  { of: 'map delete', line: 'pinned BPFFS/there key 1 0 0 0', make: [HASH], atomic: true },
  { of: 'map pin', line: 'pinned BPFFS/there BPFFS/again', make: [HASH], atomic: true },
  { of: 'map event_pipe', line: 'pinned BPFFS/there', make: [sent('perf-buffer')], interrupted: true },
  { of: 'map create', line: 'BPFFS/made type hash key 4 value 8 entries 10 name made', atomic: true },
  {
    of: 'map create',
    form: 'of maps',
    line: 'BPFFS/made type hash_of_maps key 4 value 4 entries 2 name outer inner_map pinned BPFFS/there',
    make: [HASH],
    atomic: true,
  },
  { of: 'map peek', line: 'pinned BPFFS/there', make: [map('QUEUE', { elements: 2 })] },
  { of: 'map push', line: `pinned BPFFS/there value ${VALUE}`, make: [map('STACK', { elements: 2 })], atomic: true },
  { of: 'map pop', line: 'pinned BPFFS/there', make: [map('QUEUE', { elements: 2 })], atomic: true },
  { of: 'map freeze', line: 'pinned BPFFS/there', make: [HASH], atomic: true },
  { of: 'map set', line: 'pinned BPFFS/there 1 5', make: [typedMap('run', 'counts', 2)], atomic: true },
  {
    of: 'map set',
    form: 'a program',
    line: 'pinned BPFFS/there 1 pinned BPFFS/see',
    make: [map('PROG_ARRAY'), program('run', 'see', { at: 'see' })],
    atomic: true,
  },
  { of: 'map export', line: 'pinned BPFFS/there FOLDER/exported', make: [HASH], atomic: true },
  { of: 'map export', form: 'to standard output', line: 'pinned BPFFS/there -', make: [HASH] },
  { of: 'map import', line: 'pinned BPFFS/there FOLDER/in', make: [HASH, file('in', EXPORTED.join('\n') + entry(0) + entry(1))] },
  {
    of: 'map import',
    form: 'in place of all',
    line: 'pinned BPFFS/there FOLDER/in --replace',
    make: [HASH, file('in', EXPORTED.join('\n') + entry(0) + entry(3))],
  },
  {
    of: 'map diff',
    status: 1,
    line: 'pinned BPFFS/there file FOLDER/in',
    make: [HASH, file('in', EXPORTED.join('\n') + entry(0) + entry(3))],
  },
  { of: 'map count', line: 'pinned BPFFS/there', make: [HASH] },
  { of: 'map watch', line: 'pinned BPFFS/there --interval 10ms --for 25ms', make: [HASH] },
];
