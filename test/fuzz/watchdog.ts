// What never comes back cannot be measured from within: a thread of its own looks whether the inputs go on, and ends the process when they do not.
import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const PATIENCE_SECONDS = 20;

/** Words that both threads see: number of the target, index of the input. */
type Shared = Int32Array;

export interface Watchdog extends Disposable {
  /** Says which input is read now. */
  at(target: string, index: number): void;
}

/** Starts watching. `names` are all targets. */
export function watch(names: readonly string[], seed: number): Watchdog {
  const shared: Shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: { shared, names, seed } });
  worker.unref();
  return {
    at: (target, index) => {
      shared[0] = names.indexOf(target);
      shared[1] = index;
    },
    [Symbol.dispose]: () => void worker.terminate(),
  };
}

function look(): void {
  const { shared, names, seed } = workerData as { shared: Shared; names: readonly string[]; seed: number };
  let [last, same] = ['', 0];
  setInterval(() => {
    const now = `--target ${names[shared[0]!]} --seed ${seed} --first ${shared[1]} --runs 1`;
    same = now === last ? same + 1 : 0;
    last = now;
    if (same < PATIENCE_SECONDS) return;
    writeSync(2, `no end after ${PATIENCE_SECONDS} seconds: ${now}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, 1000);
}

if (!isMainThread && (workerData as { shared?: Shared } | null)?.shared) look();
