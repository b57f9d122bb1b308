// Runs the tool under strace, which makes a system call fail or ends the process at it.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../support/tool-main.js', import.meta.url));
const TIME_LIMIT = 60_000;

/** The calls of bpf-ts itself; Node makes none of them on its own. */
export const CALLS = [
  'bpf',
  'mkdir',
  'rmdir',
  'unlink',
  'rename',
  'mount',
  'statfs',
  'socket',
  'bind',
  'sendto',
  'recvfrom',
  'setsockopt',
  'perf_event_open',
] as const;

export type Call = (typeof CALLS)[number];

/** What happens at one call: the `count`th of its kind fails with an error, or a signal comes. */
export interface Fault {
  readonly call: Call;
  readonly count: number;
  readonly effect: { readonly error: string } | { readonly signal: NodeJS.Signals };
}

export interface Outcome {
  /** null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Why no fault can be injected here; false when it can. */
export function noStrace(): string | false {
  const { status } = spawnSync('strace', ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=bpf', 'true']);
  return status === 0 ? false : 'needs strace 5.3 and leave to trace';
}

/** Runs a command line to its end; with a fault, it meets it. */
export function runWith(args: readonly string[], fault?: Fault): Promise<Outcome> {
  return strace(['-o', '/dev/null', ...injection(fault)], args);
}

/** How often a command makes each call when nothing is wrong, by its main thread. */
export async function countCalls(args: readonly string[], folder: string): Promise<{ outcome: Outcome; calls: ReadonlyMap<Call, number> }> {
  const log = join(folder, 'calls');
  const outcome = await strace(['-o', log, '-e', `trace=${CALLS.join(',')}`], args);
  const calls = new Map<Call, number>();
  for (const [, call] of readFileSync(log, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)) calls.set(call as Call, (calls.get(call as Call) ?? 0) + 1);
  return { outcome, calls };
}

function injection(fault: Fault | undefined): string[] {
  if (!fault) return ['-e', 'trace=none'];
  const { call, count, effect } = fault;
  const what = 'error' in effect ? `error=${effect.error}` : `signal=${effect.signal}`;
  return ['-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${count}`];
}

function strace(options: readonly string[], args: readonly string[]): Promise<Outcome> {
  const child = spawn('strace', ['-f', '--seccomp-bpf', '-qq', ...options, process.execPath, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  return new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, out, err })));
}
