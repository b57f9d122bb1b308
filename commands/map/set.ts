import { UsageError } from '../../src/errors.js';
import type { BpfMap } from '../../src/map/map.js';
import { EntryReader } from '../../src/map/typed-text.js';
import { done, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { withStatus } from '../print/errno-status.js';
import { takeMap, takeProgram } from '../reference/reference.js';
import { takeMode } from './data.js';

/** `map set MAP KEY VALUE [UPDATE_FLAGS]` */
export const set = subcommand({
  name: 'set',
  summary: 'Write an element, key and value written by their types',
  grammar: 'MAP KEY { TYPED | MAP | PROG } [UPDATE_FLAGS]',
  examples: [
    `bpf-ts map set name flows '{ip: "10.0.0.1", port: 80}' '{packets: 5, name: "web"}'`,
    'bpf-ts map set name routes 10.0.0.0/8 7',
    "bpf-ts map set name cpu_counts 1 '[10, 20]'",
    'bpf-ts map set name jumps 0 name tail_program',
  ],
  run: (words) => {
    using map = takeMap(words);
    if (map.row.key === 'none') throw new UsageError(`${map.title} has no keys: use 'map push'`);
    const entry = new EntryReader(map);
    const key = entry.key(words.next('KEY'));
    if (map.row.value === 'map' || map.row.value === 'prog') {
      using object = map.row.value === 'map' ? takeMap(words) : takeProgram(words);
      write(map, key, object.fd, words);
    } else write(map, key, entry.value(words.next('VALUE')), words);
    return done;
  },
});

function write(map: BpfMap, key: Uint8Array, value: Uint8Array | number, words: Words): void {
  const mode = words.left > 0 ? takeMode(words) : undefined;
  words.end();
  withStatus(() => map.update(key, value, mode));
}
