// Kills commands at random moments, and judges what they leave.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random, seedOf } from '../fuzz/random.js';
import { LAUNCHER } from '../support/bundle.js';
import type { KillCase } from './cases.js';
import { orphans } from './orphans.js';
import type { Place } from './place.js';

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const PATIENCE_MS = 5000;
/** Undisturbed runs of which the middle one says how long a command takes. */
const RUNS = 3;

export type Signal = (typeof SIGNALS)[number];

/** What a killed command left: nothing, all that it was asked for, or a part of it, which only SIGKILL may leave. */
export type Left = 'nothing' | 'all' | 'part';

/** One kill. */
export interface Kill {
  readonly index: number;
  readonly signal: Signal;
  /** Milliseconds after the start. */
  readonly after: number;
  readonly left: Left;
  /** What is wrong with it, if anything is. */
  readonly wrong: string | undefined;
}

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

/** A command with what it takes when nobody disturbs it. */
export class Victim {
  readonly #before: readonly string[];

  private constructor(
    readonly each: KillCase,
    readonly place: Place,
    readonly duration: number,
    before: readonly string[],
    readonly done: readonly string[],
  ) {
    this.#before = before;
  }

  /** Runs a command to its end, some times. @throws Error when it fails, or leaves something that nobody asked for */
  static async of(each: KillCase, place: Place, runs = RUNS): Promise<Victim> {
    const durations: number[] = [];
    let [before, done]: string[][] = [[], []];
    for (let i = 0; i < runs; i++) {
      before = begin(each, place);
      const start = performance.now();
      const { status, err } = await new Tool(each.args(place)).ended;
      durations.push(performance.now() - start);
      if (status !== 0) throw new Error(`${each.name} fails undisturbed: ${err}`);
      done = place.state();
    }
    const victim = new Victim(each, place, durations.sort((a, b) => a - b)[runs >> 1]!, before, done);
    const [orphan] = await victim.#orphans();
    if (orphan !== undefined) throw new Error(`${each.name} leaves ${orphan} undisturbed`);
    return victim;
  }

  /** Kills it at a moment that follows from seed and index; undefined when it had ended by then. */
  async kill(seed: number, index: number): Promise<Kill | undefined> {
    const random = new Random(seedOf(seed, this.each.name, index));
    // A generator's first numbers are much alike for seeds that are.
    for (let i = 0; i < 8; i++) random.word();
    const signal = random.pick(SIGNALS);
    const after = this.#moment(random);
    begin(this.each, this.place);
    const tool = new Tool(this.each.args(this.place));
    await Promise.race([sleep(after), tool.ended]);
    if (!tool.running) return undefined;
    tool.child.kill(signal);
    const ended = await tool.ended;
    const left = await this.#left(signal);
    return { index, signal, after, left: left ?? 'part', wrong: await this.#wrong(signal, ended, left) };
  }

  /** Every other one is in the second half: the first half is mostly the start of Node. */
  #moment(random: Random): number {
    const earliest = random.once(2) ? 0 : this.duration / 2;
    return earliest + random.below(Math.ceil((this.duration - earliest) * 1000)) / 1000;
  }

  async #wrong(signal: Signal, ended: Ended, left: Left | undefined): Promise<string | undefined> {
    if (left === undefined) return `it leaves what nobody asked for: ${this.#strange(signal).join('; ')}`;
    if (left === 'part' && signal !== 'SIGKILL')
      return `it leaves a part: ${missingIn(this.done, this.place.state()).join('; ')} is missing`;
    const [orphan] = await this.#orphans();
    if (orphan !== undefined) return `it leaves ${orphan} in the kernel`;
    if (signal !== 'SIGKILL' && this.each.starts && isRunning(this.each.starts(this.place))) return 'what it started goes on';
    return this.#wrongEnd(signal, ended, left);
  }

  #wrongEnd(signal: Signal, ended: Ended, left: Left): string | undefined {
    if (/\n {4}at |node:internal/.test(ended.err)) return `it shows a stack: ${ended.err}`;
    if (ended.signal === signal) return undefined;
    if (ended.signal !== null) return `it ends by ${ended.signal}`;
    // A command that was told to stop may say so; what it had done by then it has done.
    if (this.each.live || (ended.status === 0 && left === 'all')) return undefined;
    return ended.status === 255 && left === 'nothing' && /^Error: .*signal/.test(ended.err)
      ? undefined
      : `it ends with status ${ended.status}: ${ended.err}`;
  }

  /** Waits for what the kernel does later. Undefined when something is there that belongs to no end of the command. */
  async #left(signal: Signal): Promise<Left | undefined> {
    let left: Left | undefined;
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20)) {
      left = this.#compare(signal);
      if (left !== undefined && (left !== 'part' || signal === 'SIGKILL')) break;
    }
    return left;
  }

  #compare(signal: Signal): Left | undefined {
    const now = this.place.state();
    const text = now.join('\n');
    if (text === this.#before.join('\n')) return 'nothing';
    if (text === this.done.join('\n')) return 'all';
    return this.#strange(signal).length === 0 ? 'part' : undefined;
  }

  /** What is there that was not before and is not to be, and what was to stay and is not there. */
  #strange(signal: Signal): string[] {
    const now = this.place.state();
    const mayStay = (line: string) => signal === 'SIGKILL' && this.each.stays?.test(line) === true;
    const added = missingIn(now, [...this.#before, ...this.done]).filter((line) => !mayStay(line));
    const kept = this.#before.filter((line) => this.done.includes(line));
    return [...added, ...missingIn(kept, now).map((line) => `no ${line}`)];
  }

  async #orphans(): Promise<string[]> {
    let found = orphans(this.place, this.place.last);
    for (const end = Date.now() + PATIENCE_MS; found.length > 0 && Date.now() < end; ) {
      await sleep(50);
      found = orphans(this.place, this.place.last);
    }
    return found;
  }
}

class Tool {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    this.child.stderr!.on('data', (data) => {
      err += data;
    });
    this.ended = new Promise((resolve) => this.child.on('exit', (status, signal) => resolve({ status, signal, err })));
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

function begin(each: KillCase, place: Place): string[] {
  place.clear();
  each.prepare?.(place);
  return place.state();
}

function missingIn(lines: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others);
  return lines.filter((line) => !there.has(line));
}

function isRunning(commandLine: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() === commandLine;
    } catch {
      return false;
    }
  });
}
