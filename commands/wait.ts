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
  #stopped = false;
  #wake: (() => void) | undefined;
  readonly #signals = onStop(() => {
    this.#stopped = true;
    this.#wake?.();
  });

  /** Waits for a signal, or until the time is over. */
  async wait(milliseconds = LONGEST): Promise<void> {
    if (this.#stopped) return;
    // A signal listener alone does not keep the process alive; a timer does.
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#signals[Symbol.dispose]();
  }
}
