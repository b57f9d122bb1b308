import { UsageError } from '../../src/errors.js';
import type { BpfMap } from '../../src/map/map.js';
import { EntryReader } from '../../src/map/typed-text.js';
import { done, type Output, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { NOT_THERE, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { takeMap } from '../reference/reference.js';
import { neededKey, takeElement, takeKey } from './data.js';

/** `map update MAP [key DATA] [value VALUE] [UPDATE_FLAGS]` */
export const update = subcommand({
  name: 'update',
  summary: 'Write an element; in a per-CPU map for all CPUs',
  grammar: 'MAP [key DATA] [value VALUE] [UPDATE_FLAGS]',
  examples: [
    'bpf-ts map update id 7 key 1 0 0 0 value 42 0 0 0 0 0 0 0',
    'bpf-ts map update name jumps key 0 0 0 0 value name tail_program',
  ],
  run: (words) => {
    using map = takeMap(words);
    return write(map, words);
  },
});

/** `map push|enqueue MAP value VALUE` */
export const push = subcommand({
  name: 'push',
  aliases: ['enqueue'],
  summary: 'Add to a queue, stack or bloom filter',
  grammar: 'MAP { value VALUE | TYPED }',
  examples: ["bpf-ts map push name waiting '{a: 1, b: 2}'"],
  run: (words) => {
    using map = takeMap(words);
    if (map.row.key !== 'none' || words.left !== 1 || words.is('value')) return write(map, words);
    const value = new EntryReader(map).value(words.next('VALUE'));
    withStatus(() => map.push(value));
    return done;
  },
});

function write(map: BpfMap, words: Words): Output<never> {
  const element = takeElement(words, map, ['key', 'value', 'mode']);
  const key = neededKey(element, map);
  const { value, mode } = element;
  if (value === undefined) throw new UsageError(`the value is missing: ${map.title} has values of ${map.info.valueSize} bytes`);
  if (value instanceof Uint8Array) withStatus(() => map.update(key, value, mode));
  else {
    using object = value;
    withStatus(() => map.update(key, object.fd, mode));
  }
  return done;
}

/** `map delete MAP key DATA` */
export const remove = subcommand({
  name: 'delete',
  summary: 'Delete the element of a key',
  grammar: 'MAP { key DATA | KEY }',
  run: (words) => {
    using map = takeMap(words);
    const key = takeKey(words, map);
    if (!key) throw new UsageError(`${map.title} has no keys: use 'map pop'`);
    if (!withStatus(() => map.delete(key))) throw new Failure(`${map.title} has no element with this key`, { exitCode: NOT_THERE });
    return done;
  },
});
