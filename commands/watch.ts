import { type ObjectChange, ObjectWatch, WATCHED, type Watched } from '../src/events/object-watch.js';
import { type Output, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { holdersText } from './surroundings.js';
import { turns } from './wait.js';
import { clock, durationOf, intervalOf, limitOf } from './watching.js';

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
    const request = { interval: intervalOf(own.interval, INTERVAL), time: durationOf(own.for), limit: limitOf(own.limit) };
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
