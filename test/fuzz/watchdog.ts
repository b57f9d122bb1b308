// What never comes back cannot be measured from within: a thread of its own looks whether the inputs go on, and ends the process when they do not.
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Of processor time, which does not pass while others have the machine. */
const PATIENCE_SECONDS = 20;
/** Of any time: for what waits without doing anything. */
const LONGEST_SECONDS = 600;
/** Inputs that are longer are kept up to here. */
const MOST_BYTES = 1 << 20;

interface Shared {
  /** Number of the target, index of the input, its length. */
  readonly now: Int32Array;
  readonly input: Uint8Array;
  readonly names: readonly string[];
  readonly seed: number;
  readonly keep: string;
}

export interface Watchdog extends Disposable {
  /** Says which input is read now. */
  at(target: string, index: number, input: Uint8Array): void;
}

/** Starts watching. `names` are all targets; an input without an end is written to the directory `keep`. */
export function watch(names: readonly string[], seed: number, keep: string): Watchdog {
  const now = new Int32Array(new SharedArrayBuffer(12));
  const input = new Uint8Array(new SharedArrayBuffer(MOST_BYTES));
  const worker = new Worker(new URL(import.meta.url), { workerData: { now, input, names, seed, keep } satisfies Shared });
  worker.unref();
  return {
    at: (target, index, bytes) => {
      now[0] = names.indexOf(target);
      now[1] = index;
      now[2] = Math.min(bytes.length, MOST_BYTES);
      input.set(bytes.length > MOST_BYTES ? bytes.subarray(0, MOST_BYTES) : bytes);
    },
    [Symbol.dispose]: () => void worker.terminate(),
  };
}

function look(shared: Shared): void {
  const { now, names, seed } = shared;
  let [last, since, cpu] = ['', Date.now(), process.cpuUsage()];
  setInterval(() => {
    const name = `${names[now[0]!]}-${seed}-${now[1]}`;
    if (name !== last) [last, since, cpu] = [name, Date.now(), process.cpuUsage()];
    const { user, system } = process.cpuUsage(cpu);
    if (user + system < PATIENCE_SECONDS * 1e6 && Date.now() - since < LONGEST_SECONDS * 1000) return;
    end(shared, name);
  }, 1000);
}

function end({ now, input, names, keep }: Shared, name: string): never {
  const path = join(keep, name);
  mkdirSync(keep, { recursive: true });
  writeFileSync(path, input.slice(0, now[2]));
  writeSync(2, `no end after ${PATIENCE_SECONDS} seconds: ${path} (--target ${names[now[0]!]} --input ${path})\n`);
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

if (!isMainThread && (workerData as Partial<Shared> | null)?.now) look(workerData as Shared);
