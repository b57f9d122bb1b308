// One command under pressure, and the line of the table that tells of it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from '../../bench/measure.js';
import { LAUNCHER } from '../support/bundle.js';
import { Limited } from '../support/limited.js';

const LIMIT_MS = 300_000;
const MIB = 1 << 20;
const reference = process.env.BPFTOOL;

/** What is tried: arguments of the tool, and whether the reference knows them too. */
export interface Trial {
  readonly what: string;
  readonly args: readonly string[];
  readonly compared?: boolean;
  /** The most memory in MB that it may take. */
  readonly most?: number;
  /** How else it may end than with status 0: the sentence that it then says. */
  readonly refused?: RegExp;
  /** Only the first line is read, and then the pipe is closed. */
  readonly head?: boolean;
}

interface Measured {
  readonly seconds: number;
  /** Of a processor, in user and kernel mode: what a busy machine does not lengthen. */
  readonly busy: number;
  readonly megabytes: number;
  readonly status: number | null;
  readonly err: string;
}

let failures = 0;

/** How many trials went wrong so far. */
export function failed(): number {
  return failures;
}

export function heading(): void {
  line('', ['time', 'CPU time', 'reference', 'peak memory', 'outcome']);
}

/** Runs the command, where it is compared the reference's too, and prints a line. */
export async function tryOut({ what, args, compared, most, refused, head }: Trial): Promise<void> {
  const ours = await measure([process.execPath, LAUNCHER, ...args], head);
  const theirs = compared && reference ? await measure([reference, ...args], head) : undefined;
  const theirTime = theirs === undefined ? '' : seconds(theirs.busy);
  line(what, [seconds(ours.seconds), seconds(ours.busy), theirTime, `${ours.megabytes.toFixed(0)} MB`, outcome(ours, most, refused)]);
}

/** The same in a cgroup that leaves it so many MB: the kernel kills what takes more. */
export async function tryWithin(megabytes: number, { what, args, refused }: Trial): Promise<void> {
  using cgroup = new Limited('memory', megabytes * MIB);
  const ended = await measure([...cgroup.prefix, process.execPath, LAUNCHER, ...args]);
  const peak = cgroup.peak === undefined ? '' : `${(cgroup.peak / MIB).toFixed(0)} MB`;
  line(`${what}, in ${megabytes} MB`, [seconds(ended.seconds), seconds(ended.busy), '', peak, outcome(ended, undefined, refused)]);
}

function outcome({ status, err, megabytes }: Measured, most: number | undefined, refused: RegExp | undefined): string {
  const isSentence = refused !== undefined && status !== null && status > 0 && refused.test(err) && err.trim().split('\n').length === 1;
  if (status !== 0 && !isSentence) return wrong(`WRONG: ${status} ${err.trim().slice(0, 200)}`);
  if (most !== undefined && megabytes > most) return wrong(`TOO MUCH: at most ${most} MB`);
  return status === 0 ? 'done' : `said: ${err.trim()}`;
}

function wrong(text: string): string {
  failures++;
  return text;
}

async function measure([file, ...args]: readonly string[], head = false): Promise<Measured> {
  const start = process.hrtime.bigint();
  const child = spawn(file!, args, { env: ENVIRONMENT, stdio: ['ignore', head ? 'pipe' : 'ignore', 'pipe'], timeout: LIMIT_MS });
  let [megabytes, busy, err] = [0, 0, ''];
  child.stderr!.on('data', (text) => {
    err += text;
  });
  child.stdout?.once('data', () => child.stdout!.destroy());
  const timer = setInterval(() => {
    megabytes = Math.max(megabytes, highWater(child.pid));
    busy = Math.max(busy, busySeconds(child.pid));
  }, 20);
  const status = await new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  clearInterval(timer);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  // A reader that goes ends the work as it ends cat's.
  return { seconds, busy, megabytes, err, status: head && status === 141 ? 0 : status };
}

/** The most memory that a process had until now, which the kernel keeps. */
function highWater(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const TICKS_A_SECOND = 100;

/** utime and stime of /proc/PID/stat, behind a name that may hold anything. */
function busySeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
}

function seconds(number: number): string {
  return `${number.toFixed(1)} s`;
}

function line(what: string, [time = '', busy = '', theirs = '', memory = '', end = '']: readonly string[]): void {
  process.stdout.write(`${what.padEnd(52)}${time.padStart(9)}${busy.padStart(10)}${theirs.padStart(11)}${memory.padStart(13)}  ${end}\n`);
}
