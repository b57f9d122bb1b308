import { UsageError } from '../../src/errors.js';
import { METRICS, type Metric, MOST_METRICS } from '../../src/load/profile/metrics.js';
import { type Profile, Profiler, type Reading } from '../../src/load/profile/profiler.js';
import { list, type Output, subcommand } from '../command.js';
import { GrammarError, isPrefix, type Words } from '../line/words.js';
import { INVALID } from '../print/errno-status.js';
import { takeProgram } from '../reference/reference.js';
import { Stop } from '../wait.js';

interface Row extends Reading {
  readonly profile: Profile;
}

const LONGEST_SECONDS = 2_147_483;
const WIDTH = { number: 18, name: 20, ratio: 8, text: 30, nothing: 41 };

/** `prog profile PROG [duration SECONDS] METRICS` */
export const profile = subcommand<Row>({
  name: 'profile',
  summary: 'Count what the processor does while a program runs, until Ctrl-C or for some seconds',
  grammar: `PROG [duration SECONDS] { ${METRICS.map(({ name }) => name).join(' | ')} }...`,
  examples: ['bpf-ts prog profile id 7 duration 10 cycles instructions llc_misses', 'bpf-ts prog profile name count cpu_clock'],
  failure: { missing: INVALID },
  run,
  heading: ({ profile: { runs } }) => `\n${number(runs)} ${'run_cnt'.padEnd(WIDTH.name)}\n`,
  plain,
  json: ({ metric, profile: { runs }, value, enabled, running }) => ({ metric: metric.name, run_cnt: runs, value, enabled, running }),
});

async function run(words: Words): Promise<Output<Row>> {
  using program = takeProgram(words);
  const time = words.left > 1 && words.takeIf('duration') ? words.number('duration', LONGEST_SECONDS) * 1000 : undefined;
  const metrics = takeMetrics(words);
  using stop = new Stop();
  using profiler = new Profiler(program, metrics);
  await stop.wait(time);
  const result = profiler.read();
  return list(result.readings.map((reading) => ({ ...reading, profile: result })));
}

/** The metrics that are named, each once, in the order of the table. */
function takeMetrics(words: Words): Metric[] {
  const named = new Set<Metric>();
  do {
    const word = words.next('METRIC');
    const found = METRICS.find(({ name }) => isPrefix(word, name));
    if (!found) throw new GrammarError(`there is no metric '${word}': ${METRICS.map(({ name }) => name).join(', ')}`);
    named.add(found);
  } while (words.left > 0);
  if (named.size > MOST_METRICS) throw new UsageError(`${named.size} metrics are too many: at most ${MOST_METRICS} at a time`);
  return METRICS.filter((metric) => named.has(metric));
}

function plain({ metric, value, enabled, running, profile: { readings } }: Row): string {
  const base = readings.find((reading) => reading.metric.name === metric.ratio?.of)?.value ?? 0n;
  const ratio = metric.ratio && base > 0n ? `# ${ratioText(value, base, metric.ratio)}` : ' '.repeat(WIDTH.nothing);
  const share = enabled > running ? `(${((Number(running) * 100) / Number(enabled)).toFixed(2)}%)` : '';
  return `${number(value)} ${metric.name.padEnd(WIDTH.name)}${ratio}${share}\n`;
}

function ratioText(value: bigint, base: bigint, { times, text }: NonNullable<Metric['ratio']>): string {
  return `${((Number(value) * times) / Number(base)).toFixed(2).padStart(WIDTH.ratio)} ${text.padEnd(WIDTH.text)}`;
}

function number(value: bigint): string {
  return String(value).padStart(WIDTH.number);
}
