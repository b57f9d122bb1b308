import { type ObjectChange, ObjectWatch, WATCHED, type Watched } from '../src/events/object-watch.js';
import { type Options, type Output, subcommand } from './command.js';
import { GrammarError, parseInteger, type Words } from './line/words.js';
import { holdersText } from './surroundings.js';
import { parseDuration, turns } from './wait.js';

type Row = ObjectChange & {
  /** Milliseconds since 1970: when it was seen. */
  readonly time: number;
};

const KINDS: Readonly<Record<string, Watched>> = { prog: 'program', map: 'map', link: 'link', btf: 'btf' };
const INTERVAL = 100;

/** `watch [KIND]...` */
export const command = subcommand<Row>({
  name: 'watch',
  summary: 'Show programs, maps, links and BTF objects that come and go, as they do, and who holds them',
  grammar: '[{ prog | map | link | btf }]...',
  options: [
    { flags: '--interval <time>', summary: 'how often to look (100ms); what comes and goes between two looks is counted' },
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at Ctrl-C' },
    { flags: '--limit <n>', summary: 'end after this many changes' },
  ],
  examples: ['bpf-ts watch', 'bpf-ts watch prog link --for 1m', 'bpf-ts watch --ndjson | jq -r .name'],
  run: (words, { own }): Output<Row> => {
    const kinds = takeKinds(words);
    const request = { interval: duration(own.interval) ?? INTERVAL, time: duration(own.for), limit: limitOf(own.limit) };
    if (request.interval === 0) throw new GrammarError('--interval: 0 leaves no time to wait');
    return { kind: 'list', rows: changes(new ObjectWatch(kinds), request) };
  },
  plain: (row) => `${clock(row.time)} ${text(row)}\n`,
  json: fields,
});

function takeKinds(words: Words): readonly Watched[] {
  const kinds: Watched[] = [];
  while (words.left > 0) kinds.push(KINDS[words.choose('what to watch', Object.keys(KINDS))]!);
  return kinds.length === 0 ? WATCHED : [...new Set(kinds)];
}

function duration(said: Options['own'][string]): number | undefined {
  return typeof said === 'string' ? parseDuration(said) : undefined;
}

function limitOf(said: Options['own'][string]): number {
  if (typeof said !== 'string') return Number.POSITIVE_INFINITY;
  const limit = parseInteger(said);
  if (limit === undefined || limit < 1n) throw new GrammarError(`--limit: '${said}' is no number above 0`);
  return Number(limit);
}

async function* changes(
  watch: ObjectWatch,
  { interval, time, limit }: { interval: number; time: number | undefined; limit: number },
): AsyncGenerator<Row> {
  let left = limit;
  for await (const _ of turns(interval, time)) {
    const seen = Date.now();
    for (const change of watch.look()) {
      yield { ...change, time: seen };
      left -= 1;
      if (left === 0) return;
    }
  }
}

/** The time of day here: for a person who looks on. JSON has the date too, in UTC. */
function clock(time: number): string {
  const date = new Date(time);
  const digits = (value: number, width = 2) => String(value).padStart(width, '0');
  return `${digits(date.getHours())}:${digits(date.getMinutes())}:${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
}

function text(row: Row): string {
  if (row.change === 'missed') return `? ${row.kind} ${missed(row)} came and went unseen`;
  const { id, type, name, program, holders } = row.object;
  const words = [
    row.change === 'came' ? '+' : '-',
    row.kind,
    id,
    type,
    name,
    program ? `prog ${program}` : '',
    holders.length > 0 ? `by ${holdersText(holders)}` : '',
  ];
  return words.filter((word) => word !== undefined && word !== '').join(' ');
}

function missed({ first, last }: Extract<Row, { change: 'missed' }>): string {
  return first === last ? String(first) : `${first} to ${last}`;
}

function fields(row: Row): unknown {
  const head = { time: new Date(row.time).toISOString(), change: row.change, kind: row.kind };
  if (row.change === 'missed') return { ...head, first: row.first, last: row.last };
  const { id, type, name, program, holders } = row.object;
  return {
    ...head,
    id,
    type,
    name,
    prog_id: program,
    pids: holders.length > 0 ? holders.map(({ pid, comm }) => ({ pid, comm })) : undefined,
  };
}
