// The reader of the ring buffer benchmark: `ring-consumer MAP_ID [delays | idle]` reads until its standard input is closed and nothing comes any more. Measuring
// how late the event loop is takes time of its own, so it is asked for. With `idle` it is measured from the start, for a buffer that nothing comes through.
import { closeSync, openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RingBuffer } from '../src/events/ring-buffer.js';
import { BpfMap } from '../src/map/map.js';

/** How often it is looked whether something came, and after how many such looks without anything it is the end. */
const LOOK_EVERY_MS = 5;
const SILENT_LOOKS = 10;

/** What a reader of either kind says at its end. */
export interface Reading {
  readonly count: number;
  /** From the first record to the last. */
  readonly seconds: number;
  /** Records that did not have the number after that of the one before. */
  readonly gaps: number;
  /** The longest time, in milliseconds, that the event loop was kept from its turn, as perf_hooks tells. */
  readonly delay?: number;
  /** The same without the time for which the process waited for a CPU. */
  readonly blocked?: number;
}

/** Measures how late a timer is, less the time for which this thread, the main one, could have run and had no CPU (second field of schedstat). */
class Lateness implements Disposable {
  worst = 0;
  readonly #file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  readonly #bytes = Buffer.alloc(64);
  #last = this.#now();
  readonly #timer = setInterval(() => this.#look(), 1);

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    closeSync(this.#file);
  }

  #look(): void {
    const now = this.#now();
    this.worst = Math.max(this.worst, now.at - this.#last.at - (now.waited - this.#last.waited) - 1);
    this.#last = now;
  }

  /** Both clocks at one moment: once more when the CPU was taken away between them. */
  #now(): { readonly at: number; readonly waited: number } {
    for (;;) {
      const [before, at, waited] = [this.#waited(), performance.now(), this.#waited()];
      if (waited === before) return { at, waited };
    }
  }

  #waited(): number {
    const length = readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    return Number(this.#bytes.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  }
}

async function read(id: number, measured: 'delays' | 'idle' | undefined): Promise<Reading> {
  using map = BpfMap.fromId(id);
  const ring = new RingBuffer(map);
  let [count, gaps, next] = [0, 0, 0];
  let [first, last, closed] = [0, 0, false];
  const delays = monitorEventLoopDelay({ resolution: 1 });
  let lateness: Lateness | undefined;
  process.stdin.on('end', () => {
    closed = true;
  });
  process.stdin.resume();
  let [before, silent] = [0, 0];
  const timer = setInterval(() => {
    silent = count === before ? silent + 1 : 0;
    if (silent === 0) last = performance.now();
    else if (closed && silent >= SILENT_LOOKS) ring[Symbol.dispose]();
    before = count;
  }, LOOK_EVERY_MS);
  const measure = () => {
    delays.enable();
    lateness = new Lateness();
  };
  process.stdout.write('ready\n');
  if (measured === 'idle') measure();
  await ring.forEach((_data, start, _length, view) => {
    const number = view.getUint32(start, true);
    if (count === 0) {
      first = performance.now();
      if (measured === 'delays') measure();
    } else if (number !== next) gaps++;
    next = (number + 1) >>> 0;
    count++;
  });
  clearInterval(timer);
  delays.disable();
  lateness?.[Symbol.dispose]();
  return { count, seconds: (last - first) / 1000, gaps, ...(lateness && { delay: delays.max / 1e6, blocked: lateness.worst }) };
}

process.stdout.write(`${JSON.stringify(await read(Number(process.argv[2]), process.argv[3] as 'delays' | 'idle' | undefined))}\n`);
