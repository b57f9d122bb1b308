// Runs the tool under strace, which makes a system call fail or sends the process a signal at it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAUNCHER } from '../support/bundle.js';
import { type CallLine, parseTrace } from './trace.js';

/** What runs longer hangs, on a machine that is busy too. */
const TIME_LIMIT = 60_000;
const LOOK_EVERY = 60;

/** What happens at a call: an error in its place, or a signal as it is entered. */
export type Effect = { readonly error: string } | { readonly signal: NodeJS.Signals };

/** The error or the signal. */
export const nameOf = (effect: Effect): string => ('error' in effect ? effect.error : effect.signal);

/** One fault: the `count`th call of this name that a thread makes or, with `path`, that it makes on that file. */
export interface Fault {
  readonly call: string;
  readonly count: number;
  readonly path?: string;
  readonly effect: Effect;
}

export interface Outcome {
  /** null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly hung: boolean;
  /** Calls of the kind that were made: of all kinds without a fault. */
  readonly calls: readonly CallLine[];
}

/** How a command is run. */
export interface Running {
  /** Where the log may stand for the time of the run. */
  readonly folder: string;
  /** It gets SIGINT when it waits: for commands that have no end of their own. */
  readonly interrupted?: boolean | undefined;
}

/** Why no fault can be injected here; false when it can. */
export function noStrace(): string | false {
  const { status } = spawnSync('strace', ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=bpf', 'true']);
  return status === 0 ? false : 'needs strace 5.3 and leave to trace';
}

/** Runs a command line to its end; with a fault, it meets it. */
export async function runWith(args: readonly string[], running: Running, fault?: Fault): Promise<Outcome> {
  // Not among what the command works on.
  const log = join(running.folder, '..', `${process.pid}.calls`);
  const options = fault ? ['--seccomp-bpf', ...injection(fault)] : [];
  const ended = await start(['-f', '-y', '-qq', '-o', log, ...options, process.execPath, LAUNCHER, ...args], running.interrupted);
  const calls = existsSync(log) ? parseTrace(readFileSync(log, 'utf8')) : [];
  rmSync(log, { force: true });
  return { ...ended, calls };
}

function injection({ call, count, path, effect }: Fault): string[] {
  const what = 'error' in effect ? `error=${effect.error}` : `signal=${effect.signal}`;
  return [...(path === undefined ? [] : ['-P', path]), '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${count}`];
}

type Ended = Omit<Outcome, 'calls'>;

function start(args: readonly string[], interrupted = false): Promise<Ended> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn('strace', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [out, err, hung] = ['', '', false];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const stop = interrupted ? interruptWhenItWaits(child.pid!) : undefined;
  const limit = setTimeout(() => {
    hung = true;
    signalTool(child.pid!, 'SIGKILL');
  }, TIME_LIMIT);
  return new Promise((resolve) =>
    child.on('close', (status, signal) => {
      stop?.();
      clearTimeout(limit);
      resolve({ status, signal, out, err, hung });
    }),
  );
}

/** The tool is the only child of strace. */
function toolOf(strace: number): number {
  return Number(readFileSync(`/proc/${strace}/task/${strace}/children`, 'utf8').trim().split(' ')[0]);
}

/** The number of epoll_pwait(2), as /proc/PID/syscall shows it. */
const EPOLL_PWAIT = process.arch === 'arm64' ? 22 : 281;

/** Whether it waits for events: all that it does before it waits is done, the listening to signals too. */
function waits(strace: number): boolean {
  try {
    return readFileSync(`/proc/${toolOf(strace)}/syscall`, 'utf8').startsWith(`${EPOLL_PWAIT} `);
  } catch {
    return false;
  }
}

/** Sends SIGINT, once, when it is seen waiting twice. Gives what ends that. */
function interruptWhenItWaits(strace: number): () => void {
  let seen = 0;
  const timer = setInterval(() => {
    seen = waits(strace) ? seen + 1 : 0;
    if (seen < 2) return;
    clearInterval(timer);
    signalTool(strace, 'SIGINT');
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

function signalTool(strace: number, signal: NodeJS.Signals): void {
  try {
    const tool = toolOf(strace);
    if (tool > 0) process.kill(tool, signal);
  } catch {
    // It has just ended.
  }
}
