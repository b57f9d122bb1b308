import { UsageError } from '../../src/errors.js';
import { done, type Output, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { NOT_THERE, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { takeMap } from '../reference/reference.js';
import { neededKey, takeElement } from './data.js';

/** `map update MAP [key DATA] [value VALUE] [UPDATE_FLAGS]` */
export const update = subcommand({
  name: 'update',
  summary: 'Write an element; in a per-CPU map for all CPUs',
  grammar: 'MAP [key DATA] [value VALUE] [UPDATE_FLAGS]',
  examples: [
    'bpf-ts map update id 7 key 1 0 0 0 value 42 0 0 0 0 0 0 0',
    'bpf-ts map update name jumps key 0 0 0 0 value name tail_program',
  ],
  run: write,
});

/** `map push|enqueue MAP value VALUE` */
export const push = subcommand({
  name: 'push',
  aliases: ['enqueue'],
  summary: 'Add to a queue, stack or bloom filter',
  grammar: 'MAP value VALUE',
  run: write,
});

function write(words: Words): Output<never> {
  using map = takeMap(words);
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
  grammar: 'MAP key DATA',
  run: (words) => {
    using map = takeMap(words);
    const key = neededKey(takeElement(words, map, ['key']), map);
    if (!key) throw new UsageError(`${map.title} has no keys: use 'map pop'`);
    if (!withStatus(() => map.delete(key))) throw new Failure(`${map.title} has no element with this key`, { exitCode: NOT_THERE });
    return done;
  },
});
