import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '../../commands/wait.js';
import { readCorpus, writeCorpus } from './corpus.js';
import { type Failure, failureOf, fuzz } from './engine.js';
import { words } from './fields.js';
import { Guide } from './guide.js';
import type { FuzzOptions } from './main.js';
import { Sums } from './sums.js';
import { TARGETS, type Target } from './targets.js';
import { type Watchdog, watch } from './watchdog.js';

/** How long a round over all targets takes, in milliseconds, when a time is given. */
const ROUND = 20_000;
/** Inputs between two looks at the clock. */
const STEP = 50;
/** So many different failures are enough for one run. */
const ENOUGH = 20;
const TOOK_MEMORY = /^it took \d+ MB$/;

/** What `npm run fuzz` was asked for. The exit status is 1 when an input failed. */
export function runSession(options: FuzzOptions): void {
  const seed = Number(options.seed);
  using watchdog = watch(
    TARGETS.map(({ name }) => name),
    seed,
    options.keep,
  );
  const chosen = options.target.length > 0 ? options.target.map(targetNamed) : TARGETS;
  if (options.input !== undefined) return readOnce(chosen, options.input);
  const session = new Session(chosen, seed, options, watchdog);
  if (options.for === undefined) session.runCount(Number(options.first), Number(options.runs));
  else session.runFor(parseDuration(options.for), Number(options.first));
  session.end();
}

function targetNamed(name: string): Target {
  const found = TARGETS.find((target) => target.name === name);
  if (!found) throw new Error(`there is no target '${name}', only ${TARGETS.map((target) => target.name).join(', ')}`);
  return found;
}

/** Reads an input that was kept, with each of the targets. */
function readOnce(targets: readonly Target[], path: string): void {
  const input = new Uint8Array(readFileSync(path));
  for (const target of targets) {
    const reason = failureOf(target, input);
    console.log(`${target.name}: ${reason ?? 'read or refused as it should be'}`);
    if (reason !== undefined) process.exitCode = 1;
  }
}

/** A guide that knows what the saved corpus reaches. */
function guideOf(target: Target): Guide {
  const guide = new Guide();
  for (const bytes of readCorpus(target.name)) {
    guide.before();
    failureOf(target, bytes);
    guide.after({ name: 'corpus', bytes, groups: [words(0, bytes.length)] });
  }
  return guide;
}

class Session {
  readonly #guides = new Map<Target, Guide>();
  readonly #sums: Sums;
  /** The index of each target's next input. */
  readonly #next = new Map<Target, number>();
  readonly #seen = new Map<string, number>();

  constructor(
    readonly targets: readonly Target[],
    readonly seed: number,
    readonly options: FuzzOptions,
    readonly watchdog: Watchdog,
  ) {
    this.#sums = new Sums(options.sums);
    if (options.unguided) return;
    for (const target of targets) this.#guides.set(target, guideOf(target));
  }

  /** Inputs `first` and those behind it, `count` in all, shared out among the targets. */
  runCount(first: number, count: number): void {
    for (const target of this.targets) {
      this.#next.set(target, first);
      this.#run(target, Math.max(1, Math.round(count * this.#part(target))));
    }
    this.#sums.write();
  }

  /** Rounds over all targets until the time is over; each goes on where it was. */
  runFor(milliseconds: number, first: number): void {
    for (const target of this.targets) this.#next.set(target, first);
    while (performance.now() < milliseconds) {
      for (const target of this.targets) {
        const end = performance.now() + ROUND * this.#part(target);
        while (performance.now() < end) this.#run(target, STEP);
      }
      this.#sums.write();
    }
  }

  #part({ share }: Target): number {
    return share / this.targets.reduce((sum, target) => sum + target.share, 0);
  }

  end(): void {
    this.#sums.print();
    if (this.options['save-corpus']) for (const [target, guide] of this.#guides) writeCorpus(target, guide.kept);
    if (this.#seen.size > 0) process.exitCode = 1;
  }

  #run(target: Target, count: number): void {
    const first = this.#next.get(target)!;
    this.#next.set(target, first + count);
    const start = performance.now();
    const guide = this.#guides.get(target);
    const onInput = (index: number, input: Uint8Array) => this.watchdog.at(target.name, index, input);
    fuzz(target, { seed: this.seed, first, count, guide, onInput, onFailure: (failure) => this.#report(failure) });
    this.#sums.add(target.name, { executions: count, seconds: (performance.now() - start) / 1000, blocks: guide?.blocks });
  }

  /** Tells of each failure once, and keeps its input. */
  #report(failure: Failure): void {
    if (TOOK_MEMORY.test(failure.reason) && this.#isHarmlessAlone(failure)) return;
    this.#sums.add(failure.target, { findings: 1 });
    const places = failure.reason.split('\n').filter((line) => line.startsWith('    at '));
    const key = `${failure.target}: ${places.slice(0, 3).join('\n') || failure.reason.replace(/\d+/, '')}`;
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
    if (this.#seen.get(key)! > 1) return;
    const path = this.#keep(failure);
    console.error(`\n${path} (--target ${failure.target} --input ${path}):\n${failure.reason}`);
    if (this.#seen.size < ENOUGH) return;
    console.error(`${ENOUGH} different failures are enough`);
    this.#sums.write();
    process.exit(1);
  }

  #keep({ target, seed, index, input }: Failure): string {
    mkdirSync(this.options.keep, { recursive: true });
    const path = join(this.options.keep, `${target}-${seed}-${index}`);
    writeFileSync(path, input);
    return path;
  }

  /** Whether a process of its own reads the input in little memory: this one has what millions of inputs left behind. */
  #isHarmlessAlone(failure: Failure): boolean {
    const path = this.#keep(failure);
    const { status } = spawnSync(process.execPath, [process.argv[1]!, '--target', failure.target, '--input', path], { stdio: 'ignore' });
    if (status === 0) unlinkSync(path);
    return status === 0;
  }
}
