import { GrammarError } from './line/words.js';
import { onStop } from './signals.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST = 2 ** 31 - 1;

/** A duration such as `5s`, `500ms`, `1.5m` or `10` (seconds), in milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const value = match ? Number(match[1]) * UNITS[match[2] ?? 's']! : Number.NaN;
  if (!(value <= LONGEST)) throw new GrammarError(`'${text}' is no duration (5s, 500ms, 10m; at most 24 days)`);
  return value;
}

/**
 * Ctrl-C, SIGTERM or SIGHUP as an end of the work instead of the process: from its making on such a signal is kept, and {@link wait} returns. A second one
 * ends the process as ever.
 */
export class Stop implements Disposable {
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  readonly #signals = onStop(() => this.end());

  /** Aborted when the work is to end: by a signal, by {@link end}, or when the time of {@link endAfter} is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  end(): void {
    this.#abort.abort();
  }

  endAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => this.end(), milliseconds);
  }

  /** Waits for a signal, or until the time is over; a signal that comes later has its usual effect again. */
  async wait(milliseconds = LONGEST): Promise<void> {
    await this.pause(milliseconds);
    this[Symbol.dispose]();
  }

  /** Waits until the time is over, and gives false; true when a signal came before, now or earlier. May be called again. */
  async pause(milliseconds: number): Promise<boolean> {
    if (this.stopped) return true;
    // A signal listener alone does not keep the process alive; a timer does.
    await new Promise<void>((resolve) => {
      const over = () => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, milliseconds);
      this.signal.addEventListener('abort', over);
    });
    return this.stopped;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signals[Symbol.dispose]();
  }
}

/**
 * A turn at once, then one at every `interval` (milliseconds) until a signal comes or `time` is over, with a last one at that end. Each gives the milliseconds
 * since the first. A turn that takes longer than the interval delays the next one; none is made up for.
 */
export async function* turns(interval: number, time = LONGEST): AsyncGenerator<number> {
  using stop = new Stop();
  const began = performance.now();
  const passed = () => performance.now() - began;
  for (let due = 0; due < time; ) {
    yield passed();
    due = Math.min(due + interval * Math.max(1, Math.ceil((passed() - due) / interval)), time);
    if (await stop.pause(Math.max(0, due - passed()))) break;
  }
  yield passed();
}
