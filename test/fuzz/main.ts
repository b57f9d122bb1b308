// Damages valid inputs and reads them: `npm run fuzz -- --runs 100000 --seed 7 [--target btf] [--first N] [--for 10m] [--keep DIRECTORY]`; see docs/fuzzing.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../commands/wait.js';
import { type Failure, fuzz } from './engine.js';
import { TARGETS, type Target } from './targets.js';
import { watch } from './watchdog.js';

/** Inputs of one round when a time is given. */
const ROUND = 5000;
/** So many different failures are enough for one run. */
const ENOUGH = 20;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: [] },
    first: { type: 'string', default: '0' },
    for: { type: 'string' },
    keep: { type: 'string', default: 'fuzz-failures' },
  },
});
const seed = Number(values.seed);
const chosen = values.target.length > 0 ? values.target.map(targetNamed) : TARGETS;
const shares = chosen.reduce((sum, { share }) => sum + share, 0);
const seen = new Map<string, number>();

using watchdog = watch(
  TARGETS.map(({ name }) => name),
  seed,
);
if (values.for === undefined) for (const target of chosen) run(target, Number(values.first), share(target, Number(values.runs)));
else runFor(parseDuration(values.for));
if (seen.size > 0) process.exitCode = 1;

function targetNamed(name: string): Target {
  const found = TARGETS.find((target) => target.name === name);
  if (!found) throw new Error(`there is no target '${name}', only ${TARGETS.map((target) => target.name).join(', ')}`);
  return found;
}

function share(target: Target, runs: number): number {
  return Math.max(1, Math.round((runs * target.share) / shares));
}

function run(target: Target, first: number, count: number): void {
  const start = performance.now();
  fuzz(target, { seed, first, count, onInput: (index) => watchdog.at(target.name, index), onFailure: report });
  const seconds = (performance.now() - start) / 1000;
  console.log(`${target.name}: ${count} inputs, ${Math.round(count / seconds)} a second`);
}

/** Rounds over all targets until the time is over; each goes on where the one before ended. */
function runFor(milliseconds: number): void {
  let inputs = 0;
  for (let round = 0; performance.now() < milliseconds; round++) {
    for (const target of chosen) {
      const count = share(target, ROUND);
      fuzz(target, { seed, first: round * count, count, onInput: (index) => watchdog.at(target.name, index), onFailure: report });
      inputs += count;
    }
  }
  console.log(`${inputs} inputs in ${Math.round(performance.now() / 1000)} s`);
}

/** Tells of each failure once, and keeps its input. */
function report(failure: Failure): void {
  const places = failure.reason.split('\n').filter((line) => line.startsWith('    at '));
  const key = `${failure.target}: ${places.slice(0, 3).join('\n') || failure.reason.replace(/\d+/, '')}`;
  seen.set(key, (seen.get(key) ?? 0) + 1);
  if (seen.get(key)! > 1) return;
  mkdirSync(values.keep, { recursive: true });
  const path = join(values.keep, `${failure.target}-${failure.seed}-${failure.index}`);
  writeFileSync(path, failure.input);
  console.error(`\n${path} (--target ${failure.target} --seed ${failure.seed} --first ${failure.index} --runs 1):\n${failure.reason}`);
  if (seen.size < ENOUGH) return;
  console.error(`${ENOUGH} different failures are enough`);
  process.exit(1);
}
