import { UsageError } from '../../src/errors.js';
import { plainHex } from '../../src/map/entry-layout.js';
import { formatsOf } from '../../src/map/formats.js';
import type { BpfMap } from '../../src/map/map.js';
import { type EntryForm, MapText } from '../../src/map/map-text.js';
import { type Form, type Output, one, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { NOT_THERE, withStatus } from '../print/errno-status.js';
import { takeMap } from '../reference/reference.js';
import { takeElement, takeKey } from './data.js';

/** Nothing was found: what plain text says of it. JSON says null. */
interface Miss {
  readonly text: string;
}

const missText = (row: Miss) => row.text;
const missJson = () => null;

/** `map lookup MAP [key DATA]` */
export const lookup = subcommand<Miss>({
  name: 'lookup',
  summary: 'Print the element of a key',
  grammar: 'MAP [{ key DATA | KEY }]',
  examples: [
    'bpf-ts map lookup id 7 key 1 0 0 0',
    'bpf-ts map lookup name flows key hex 0a 00 00 01',
    `bpf-ts map lookup name flows '{ip: "10.0.0.1", port: 80}'`,
  ],
  run: (words) => look(words),
  plain: missText,
  json: missJson,
});

/** `map peek MAP` */
export const peek = subcommand<Miss>({
  name: 'peek',
  summary: 'Print the head of a queue or stack, or ask a bloom filter for a value',
  grammar: 'MAP [value DATA]',
  run: (words) => look(words),
  plain: missText,
  json: missJson,
});

function look(words: Words): Output<Miss> {
  using map = takeMap(words, 'read');
  if (map.row.lookup === 'asks') return ask(words, map);
  if (map.row.lookup === 'never' && map.row.instead)
    throw new UsageError(`${map.title} is of type ${map.row.name}, which ${map.row.instead}`);
  const key = takeKey(words, map);
  const value = withStatus(() => map.lookup(key));
  if (value) return found(map, key, value);
  return one({ text: `key:\n${plainHex(key ?? new Uint8Array())}\n\nNot found\n` }, NOT_THERE);
}

/** A bloom filter: the value that is asked for is what is found. */
function ask(words: Words, map: BpfMap): Output<Miss> {
  const { value } = takeElement(words, map, ['value']);
  if (!(value instanceof Uint8Array)) throw new UsageError(`${map.title} only answers whether a value may be in it: give 'value DATA'`);
  if (withStatus(() => map.mayContain(value))) return found(map, undefined, value);
  return one({ text: `value:\n${plainHex(value)}\n\nNot found\n` }, NOT_THERE);
}

function found(map: BpfMap, key: Uint8Array | undefined, value: Uint8Array): Output<Miss> {
  const formats = formatsOf(map);
  return {
    kind: 'stream',
    *chunks(form, depth) {
      const text = new MapText(map, entryForm(form, depth, formats !== undefined), formats);
      yield text.one(key ?? new Uint8Array(), value);
      if (text.form.kind !== 'lines' && text.form.depth === 0) yield Buffer.from('\n');
    },
  };
}

function entryForm(form: Form, depth: number, byTypes: boolean): EntryForm {
  // Plain text stands on no level of JSON.
  if (form === 'plain') return byTypes ? { kind: 'types', pretty: true, depth: 0 } : { kind: 'lines' };
  return { kind: 'json', pretty: form === 'pretty', depth };
}

/** `map pop|dequeue MAP` */
export const pop = subcommand<Miss>({
  name: 'pop',
  aliases: ['dequeue'],
  summary: 'Take the head out of a queue or stack and print it',
  grammar: 'MAP',
  run: (words) => {
    using map = takeMap(words);
    words.end();
    const value = withStatus(() => map.pop());
    return value ? found(map, undefined, value) : one({ text: 'Error: empty map\n' }, NOT_THERE);
  },
  plain: missText,
  json: missJson,
});
