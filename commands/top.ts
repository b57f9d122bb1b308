import { shortNumber, shortTime } from '../src/format/quantity.js';
import { ActivitySampler } from '../src/program/run-stats.js';
import { type Column, type Options, type Output, subcommand } from './command.js';
import { GrammarError } from './line/words.js';
import type { Printer } from './print/printer.js';
import { isMeant, type Rates, ratesOf, SORT_KEYS, type SortKey } from './top/activity.js';
import type { TopRequest } from './top/interactive.js';
import { turns } from './wait.js';
import { durationOf } from './watching.js';

interface Row extends Rates {
  /** Milliseconds since 1970: the end of the sample. */
  readonly time: number;
  /** The first row of its sample. */
  readonly first: boolean;
}

const INTERVAL = 1000;

/** `top` */
export const command = subcommand<Row>({
  name: 'top',
  summary: 'Show programs by what they do now: share of the CPU, events a second, time of a run',
  options: [
    { flags: '--once', summary: 'one sample, then end' },
    { flags: '--interval <time>', summary: 'how long a sample is (1s)' },
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at q or Ctrl-C' },
    { flags: '--sort <key>', summary: `order by ${SORT_KEYS.join(', ')}; at first by cpu` },
    { flags: '--filter <text>', summary: 'only programs that have this in their name or type, or as id' },
  ],
  examples: ['bpf-ts top', 'bpf-ts top --once --sort events', 'bpf-ts top --ndjson --interval 5s --filter xdp'],
  run: (words, { own, json }): Output<Row> => {
    words.end();
    const request = requestOf(own);
    if (own.once === true) return samples({ ...request, time: request.interval });
    return json ? samples(request) : { kind: 'commands', run: (printer) => live(request, printer) };
  },
  plain: (row) => (row.first ? TITLES : '') + line(row),
  json: ({ time, id, type, name, cpu, rate, average, missed }) => ({
    time: new Date(time).toISOString(),
    id,
    type,
    name,
    cpu_percent: rounded(cpu),
    events_per_second: rounded(rate),
    average_ns: rounded(average),
    missed_per_second: rounded(missed),
  }),
  columns: columns(),
});

function requestOf(own: Options['own']): TopRequest {
  const interval = durationOf(own.interval) ?? INTERVAL;
  if (interval < 10) throw new GrammarError('--interval: a sample takes 10ms at least');
  return {
    sort: sortKey(own.sort),
    filter: String(own.filter ?? ''),
    interval,
    time: durationOf(own.for),
  };
}

function sortKey(said: Options['own'][string]): SortKey {
  if (said === undefined) return 'cpu';
  const found = SORT_KEYS.find((key) => key === said);
  if (!found) throw new GrammarError(`--sort takes ${SORT_KEYS.join(', ')}, not '${said}'`);
  return found;
}

/** On a terminal the whole screen; into anything else one table after the other. */
async function live(request: TopRequest, printer: Printer): Promise<number> {
  if (!printer.streams.isTerminal('out') || printer.options.plain) return printer.print(command, samples(request) as Output<never>);
  const { interactive } = await import('./top/interactive.js');
  await interactive(request, printer.options.color !== false);
  return 0;
}

function samples(request: TopRequest): Output<Row> {
  return { kind: 'list', rows: rows(request) };
}

async function* rows({ sort, filter, interval, time }: TopRequest): AsyncGenerator<Row> {
  using sampler = new ActivitySampler();
  let begun = false;
  for await (const _ of turns(interval, time)) {
    // The first turn is where the first sample begins.
    if (begun) yield* sampleRows(sampler, sort, filter);
    begun = true;
  }
}

function* sampleRows(sampler: ActivitySampler, sort: SortKey, filter: string): Generator<Row> {
  const time = Date.now();
  const all = ratesOf(sampler.sample(), sort).filter((row) => isMeant(row, filter));
  for (const [i, row] of all.entries()) yield { ...row, time, first: i === 0 };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const TITLES = '     ID    CPU% EVENTS/S  AVERAGE MISSED/S TYPE             NAME\n';

function line({ id, cpu, rate, average, missed, type, name }: Row): string {
  const numbers = [String(id).padStart(7), cpu.toFixed(2).padStart(7), shortNumber(rate).padStart(8), timeText(average).padStart(8)];
  return `${[...numbers, shortNumber(missed).padStart(8), type.padEnd(16), name].join(' ').trimEnd()}\n`;
}

function timeText(average: number): string {
  return average === 0 ? '-' : shortTime(average);
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: ({ id }) => id, align: 'right', colour: 'id' },
    { title: 'CPU %', cell: ({ cpu }) => cpu.toFixed(2), align: 'right' },
    { title: 'Events/s', cell: ({ rate }) => shortNumber(rate), align: 'right' },
    { title: 'Average', cell: ({ average }) => timeText(average), align: 'right' },
    { title: 'Missed/s', cell: ({ missed }) => missed && shortNumber(missed), align: 'right' },
    { title: 'Type', cell: ({ type }) => type, colour: 'type' },
    { title: 'Name', cell: ({ name }) => name, colour: 'name' },
  ];
}
