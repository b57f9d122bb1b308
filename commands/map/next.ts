import { plainHex } from '../../src/map/entry-layout.js';
import type { BpfMap } from '../../src/map/map.js';
import { one, subcommand } from '../command.js';
import { NOT_THERE, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { takeMap } from '../reference/reference.js';
import { takeElement } from './data.js';

interface Step {
  readonly key: Uint8Array | undefined;
  readonly next: Uint8Array;
}

/** `map getnext MAP [key DATA]` */
export const getnext = subcommand<Step>({
  name: 'getnext',
  summary: 'Print the key after a key, or the first',
  grammar: 'MAP [key DATA]',
  run: (words) => {
    using map = takeMap(words, 'read');
    const { key } = takeElement(words, map, ['key']);
    const next = withStatus(() => map.next(key) ?? noFurtherKey(map, key));
    return one({ key, next });
  },
  plain: ({ key, next }) => `${key ? `key:\n${plainHex(key)}` : 'key: None'}\nnext key:\n${plainHex(next)}\n`,
  json: ({ key, next }) => ({ key: key ? hexList(key) : null, next_key: hexList(next) }),
});

function hexList(bytes: Uint8Array): string[] {
  return Array.from(bytes, (byte) => `0x${byte.toString(16).padStart(2, '0')}`);
}

function noFurtherKey(map: BpfMap, key: Uint8Array | undefined): never {
  throw new Failure(key ? `${map.title} has no key after this one` : `${map.title} has no keys`, { exitCode: NOT_THERE });
}
