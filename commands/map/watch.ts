import { BpfMap } from '../../src/map/map.js';
import { MapWatch, type Sight } from '../../src/map/map-watch.js';
import type { Difference, Snapshot } from '../../src/map/snapshot.js';
import { list, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { takeMap } from '../reference/reference.js';
import { turns } from '../wait.js';
import { clock, durationOf, intervalOf, limitOf } from '../watching.js';
import { belowMargin, CHANGE_COLOURS, changeFields, changeRead, changeText, type ShownChange, shown, Writers } from './difference.js';

type Row = { /** Milliseconds since 1970: when it was seen. */ readonly time: number } & (ShownChange | Exclude<Sight, Difference>);

const INTERVAL = 1000;

/** `map watch MAP` */
export const watch = subcommand<Row>({
  name: 'watch',
  summary: 'Show the elements of a map, then which come, go and change, until Ctrl-C or until the map is gone',
  grammar: 'MAP',
  options: [
    { flags: '--interval <time>', summary: 'how often to look (1s); what comes and goes between two looks is not seen' },
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at Ctrl-C' },
    { flags: '--limit <n>', summary: 'end after this many changes' },
  ],
  examples: ['bpf-ts map watch name flows --interval 200ms', 'bpf-ts --ndjson map watch name flows --for 1m | jq -c .after'],
  run: async (words, { own }) => {
    const open = reopening(words);
    const request = { interval: intervalOf(own.interval, INTERVAL), time: durationOf(own.for), limit: limitOf(own.limit) };
    using map = open();
    if (!map) throw new Error('the map is gone');
    const writers = new Writers(map);
    const looks = new MapWatch(open);
    // Read once before anything is printed: a map that cannot be read is an error, not a stream.
    const first = await looks.first();
    return list(rows(looks, writers, first, request));
  },
  plain: (row) => `${clock(row.time)} ${text(row, changeText)}\n`,
  terminal: (row) => belowMargin(`${clock(row.time)} `, text(row, changeRead)),
  highlight: CHANGE_COLOURS,
  json: (row) => ({ time: new Date(row.time).toISOString(), ...fields(row) }),
});

/** Opens the map that the words name, again and again: by its id, or its pin where ids may not be used. */
function reopening(words: Words): () => BpfMap | undefined {
  const path = words.is('pinned') ? words.all[words.all.length - words.left + 1] : undefined;
  using map = takeMap(words, 'read');
  words.end();
  const { id } = map;
  return () => {
    const again = path === undefined ? byId(id) : atPin(path);
    if (again?.id === id) return again;
    again?.[Symbol.dispose]();
    return undefined;
  };
}

function byId(id: number): BpfMap | undefined {
  return unlessAbsent(() => BpfMap.fromId(id, 'read'));
}

function atPin(path: string): BpfMap | undefined {
  return unlessAbsent(() => BpfMap.fromPin(path, 'read'));
}

function unlessAbsent(open: () => BpfMap): BpfMap | undefined {
  try {
    return open();
  } catch (error) {
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      if ('code' in each && each.code === 'ENOENT') return undefined;
    throw error;
  }
}

interface Request {
  readonly interval: number;
  readonly time: number | undefined;
  readonly limit: number;
}

async function* rows(looks: MapWatch, writers: Writers, first: Snapshot, { interval, time, limit }: Request): AsyncGenerator<Row> {
  const started = Date.now();
  for (const [key, after] of first) {
    yield { ...shown(writers, { change: 'added', key, before: undefined, after }), change: 'present', time: started };
  }
  let left = limit;
  for await (const _ of turns(interval, time)) {
    const seen = Date.now();
    for await (const sight of looks.look()) {
      yield { ...('key' in sight ? shown(writers, sight) : sight), time: seen };
      left -= 1;
      if (left === 0 || sight.change === 'gone') return;
    }
  }
}

function text(row: Row, changed: (change: ShownChange) => string): string {
  if (row.change === 'missed') return `? ${row.reason}`;
  return row.change === 'gone' ? '- the map is gone' : changed(row);
}

function fields(row: Row): Record<string, unknown> {
  if (row.change === 'missed') return { change: row.change, reason: row.reason };
  return row.change === 'gone' ? { change: row.change } : changeFields(row);
}
