// Runs the tests that need a kernel on other kernels, each in a guest of its own: `npm run test:vm -- 6.1 6.12`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PROGRAMS } from '../support/programs.js';
import type { Results } from '../support/results.js';
import { type Choice, chooseAccelerator } from './accelerator.js';
import { BUNDLED, bundleTests } from './bundle.js';
import { CannotRun, requirePrograms } from './command.js';
import { type Ended, runInGuest } from './guest.js';
import { type Column, hookPage } from './hook-table.js';
import { inTurn } from './in-turn.js';
import { type Kernel, kernelOf } from './kernel.js';
import { LEFT_OUT } from './left-out.js';
import { SERIES, type Series } from './series.js';

const DEFAULT_LIMIT = '1800';
const USAGE = `Runs the tests that need a kernel on Debian's kernels, in virtual machines: npm run test:vm -- [SERIES...] [options]
  SERIES            ${SERIES.map(({ name }) => name).join(', ')}; all when none is named
  --only NAME       only files of tests whose names contain this; may be given again
  --command TEXT    a shell command in place of the tests
  --renew           asks Debian's archive for a newer kernel than the one kept
  --emulate         does not try KVM
  --jobs N          so many guests at a time; what each prints then comes when it has ended
  --limit SECONDS   ends a guest after this time (${DEFAULT_LIMIT})
  --results FILE    writes what came out, as JSON
  --with FILE       adds what an earlier run wrote of kernels that do not run now
  --hooks FILE      writes the table of hooks by kernel, as Markdown
It ends with 0 when all passed, 1 when something failed, 2 when something could not be run here.`;

const TESTS = fileURLToPath(new URL('../', import.meta.url));
// Tests elsewhere ask no kernel: they hold texts and bytes against what is made of them.
const FOLDER = 'live';
const RUNNER = 'run.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    command: { type: 'string' },
    renew: { type: 'boolean' },
    emulate: { type: 'boolean' },
    jobs: { type: 'string', default: '1' },
    limit: { type: 'string', default: DEFAULT_LIMIT },
    results: { type: 'string' },
    with: { type: 'string' },
    hooks: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

/** What came of one kernel. */
interface Report {
  readonly series: string;
  readonly release?: string;
  readonly accelerator?: string;
  readonly seconds?: number;
  readonly status?: number;
  readonly results?: Results;
  /** Why nothing ran. */
  readonly reason?: string;
}

function chosenSeries(): readonly Series[] {
  const unknown = positionals.find((name) => !SERIES.some((series) => series.name === name));
  if (unknown !== undefined) throw new CannotRun(`'${unknown}' is none of the kernels: ${SERIES.map(({ name }) => name).join(', ')}`);
  return positionals.length === 0 ? SERIES : SERIES.filter(({ name }) => positionals.includes(name));
}

/** Files of tests, relative to the folder of tests. */
function chosenFiles(): string[] {
  const files = readdirSync(join(TESTS, FOLDER), { recursive: true, encoding: 'utf8' }).map((file) => join(FOLDER, file));
  const isWanted = (file: string) => (values.only ? values.only.some((part) => file.includes(part)) : !(bareName(file) in LEFT_OUT));
  const wanted = files.filter((file) => file.endsWith('.test.js') && isWanted(file)).sort();
  if (wanted.length === 0) throw new CannotRun(`no file of tests has a name with '${values.only?.join("' or '")}' in it`);
  return wanted;
}

/** `live/hooks/net` */
function bareName(file: string): string {
  return file.replace(/\.test\.js$/, '');
}

/** Runs the bundled tests. */
function testsOf(files: readonly string[]): string {
  const [runner, ...paths] = files.map((file) => `'${join(BUNDLED, file)}'`);
  return `BPF_TS_RESULTS=/run/results/results.json '${process.execPath}' ${runner} ${paths.join(' ')}`;
}

async function prepared(): Promise<string> {
  const files = values.command === undefined ? [RUNNER, ...chosenFiles()] : [];
  await bundleTests([...PROGRAMS.map((name) => `${name}.js`), ...files]);
  return values.command ?? testsOf(files);
}

let choice: Promise<Choice> | undefined;

/** Asked once for all guests. */
function accelerate(kernel: Kernel): Promise<Choice> {
  choice ??= values.emulate ? Promise.resolve({ accelerator: 'emulation' }) : chooseAccelerator(kernel).then(sayWhy);
  return choice;
}

function sayWhy(choice: Choice): Choice {
  if (choice.reason) console.log(`guests are emulated: ${choice.reason}`);
  return choice;
}

async function runOn(series: Series, command: string): Promise<Report> {
  try {
    const kernel = kernelOf(series, values.renew, (line) => console.log(`${series.name}: ${line}`));
    const { accelerator } = await accelerate(kernel);
    console.log(`${series.name}: ${kernel.release} (${accelerator})`);
    const start = Date.now();
    let held = '';
    const hold = (text: string) => {
      held += text;
    };
    const print = Number(values.jobs) > 1 ? hold : (text: string) => void process.stdout.write(text);
    const ended = await runInGuest(kernel, { command, accelerator, limit: Number(values.limit), print });
    process.stdout.write(held);
    const seconds = Math.round((Date.now() - start) / 1000);
    return { series: series.name, release: kernel.release, accelerator, seconds, ...outcomeOf(ended, seconds) };
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return { series: series.name, reason: error.message };
  }
}

function outcomeOf({ status, results, console }: Ended, seconds: number): Pick<Report, 'status' | 'results' | 'reason'> {
  const parsed = results === undefined ? {} : { results: JSON.parse(results) as Results };
  if (status !== undefined) return { status, ...parsed };
  const why = seconds >= Number(values.limit) ? 'it was ended at the limit of time' : 'it ended without a status';
  process.stdout.write(`${console.split('\n').slice(-20).join('\n')}\n`);
  return { status: 1, reason: why };
}

function line({ series, release, accelerator, seconds, status, results, reason }: Report): string {
  const counts = results && `${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`;
  const how = release && `${release}, ${accelerator}, ${seconds} s: ${counts ?? reason ?? `status ${status}`}`;
  return `${series.padEnd(5)} ${how ?? `not run: ${reason}`}`;
}

/** In the order of the series. */
function withEarlier(now: readonly Report[]): Report[] {
  const earlier = values.with === undefined ? [] : (JSON.parse(readFileSync(values.with, 'utf8')) as Report[]);
  return SERIES.flatMap(({ name }) => [...now, ...earlier].find(({ series }) => series === name) ?? []);
}

function columnOf({ release, results }: Report): Column[] {
  return release !== undefined && results ? [{ release, notes: results.hooks }] : [];
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  requirePrograms();
  const series = chosenSeries();
  const command = await prepared();
  const now = await inTurn(series, Number(values.jobs), (each) => runOn(each, command));
  const reports = withEarlier(now);
  for (const report of reports) console.log(line(report));
  if (values.results) writeFileSync(values.results, `${JSON.stringify(reports, null, 2)}\n`);
  if (values.hooks) writeFileSync(values.hooks, hookPage(reports.flatMap(columnOf), new Date().toISOString().slice(0, 10)));
  if (reports.some(({ status }) => status !== undefined && status !== 0)) return 1;
  return reports.some(({ status }) => status === undefined) ? 2 : 0;
}

// Each guest has two of them.
process.setMaxListeners(SERIES.length * 3);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  console.error(`The tests cannot run in virtual machines here: ${error.message}`);
  process.exitCode = 2;
}
