// Runs the tests: `node build/test/run.js [folder or file ...]`. Pure ones everywhere; live, parity and vm ones say why they skip where they must.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { guest } from './support/guest.js';
import { type HookNote, noteOf } from './support/hook-notes.js';
import { kernelObjects, leftInKernel } from './support/kernel-objects.js';
import type { Results } from './support/results.js';
import { isJustified } from './support/skips.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
// What takes minutes has a command of its own.
const APART = ['fuzz'];

interface Outcome {
  passed: number;
  failed: number;
  skipped: Map<string, number>;
  hooks: HookNote[];
  /** How long the tests of each file took, in milliseconds. */
  times: Map<string, number>;
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(path, name))
    .sort();
}

function chosen(): string[] {
  const named = process.argv.slice(2);
  if (named.length > 0) return named.flatMap((name) => filesBelow(resolve(HERE, name)));
  return filesBelow(HERE).filter((file) => !APART.includes(relative(HERE, file).split('/')[0]!));
}

async function runAll(files: string[]): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: 0, skipped: new Map(), hooks: [], times: new Map() };
  const stream = run({ files, concurrency: Math.max(1, availableParallelism()) });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') outcome.failed += 1;
  });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined) outcome.skipped.set(String(event.skip), (outcome.skipped.get(String(event.skip)) ?? 0) + 1);
    else outcome.passed += 1;
  });
  stream.on('test:diagnostic', ({ message }) => {
    const note = noteOf(message);
    if (note) outcome.hooks.push(note);
  });
  // Of the outermost, which run one after the other. What is told of a file comes late when others run beside it, so that no clock here would do.
  for (const type of ['test:pass', 'test:fail'] as const) {
    stream.on(type, ({ file = '', nesting, details }) => {
      if (nesting === 0) outcome.times.set(file, (outcome.times.get(file) ?? 0) + details.duration_ms);
    });
  }
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
  return outcome;
}

function resultsOf(outcome: Outcome): Results {
  const { passed, failed, skipped, hooks } = outcome;
  const total = [...skipped.values()].reduce((sum, n) => sum + n, 0);
  return { passed, failed, skipped: total, reasons: Object.fromEntries(skipped), seconds: Object.fromEntries(seconds(outcome)), hooks };
}

/** Files, without their endings, by the time that their tests took, in seconds, the longest first. As many as there are processors run at a time. */
function seconds({ times }: Outcome): [file: string, seconds: number][] {
  const rounded = [...times].map(([file, ms]): [string, number] => [file.replace(/\.test\.js$/, ''), Math.round(ms / 100) / 10]);
  return rounded.sort((a, b) => b[1] - a[1]);
}

const SLOWEST = 12;

function slowest({ seconds }: Results): string {
  return Object.entries(seconds)
    .slice(0, SLOWEST)
    .map(([file, time]) => `${basename(file)} ${time} s`)
    .join(', ');
}

function report(results: Results): boolean {
  const { passed, failed, skipped, reasons } = results;
  console.log(`slowest files: ${slowest(results)}`);
  for (const [reason, count] of Object.entries(reasons)) console.log(`skipped ${count}: ${reason === 'true' ? 'no reason given' : reason}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (process.env.BPF_TS_RESULTS) writeFileSync(process.env.BPF_TS_RESULTS, JSON.stringify(results));
  // In a virtual machine of test/vm a test may skip only for what its kernel cannot do.
  const wrong = guest === undefined ? [] : Object.keys(reasons).filter((reason) => !isJustified(reason));
  for (const reason of wrong) console.log(`skipped without need: ${reason}`);
  return failed === 0 && passed > 0 && !('true' in reasons) && wrong.length === 0;
}

const before = process.platform === 'linux' ? kernelObjects() : undefined;
const outcome = await runAll(chosen());
const left = before ? await leftInKernel(before) : [];
if (left.length > 0) console.log(`left in the kernel, held by no process: ${left.join(', ')}`);
if (!report(resultsOf(outcome)) || left.length > 0) process.exitCode = 1;
