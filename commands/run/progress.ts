import { isTerminal } from '../print/sink.js';
import { say } from '../print/warn.js';

const EVERY_MS = 500;
const STDERR = 2;

/** The line at the bottom of a terminal that says how many events come; nothing where stderr is no terminal. */
export class Progress {
  readonly #on = isTerminal(STDERR);
  readonly #began = performance.now();
  #drawn = false;
  /** Events and time when the rate was measured last. */
  #last = { events: 0, at: this.#began };
  #rate = 0;

  /** Draws it when it is not there, and anew when it is old. */
  draw(events: number, lost: bigint): void {
    if (!this.#on) return;
    const now = performance.now();
    const old = now - this.#last.at >= EVERY_MS;
    if (old) {
      this.#rate = ((events - this.#last.events) * 1000) / (now - this.#last.at);
      this.#last = { events, at: now };
    }
    if (this.#drawn && !old) return;
    this.#drawn = true;
    say(`\r\x1b[K${progressText((now - this.#began) / 1000, events, this.#rate, lost)}`);
  }

  /** Takes it away, so that other text can stand there. */
  clear(): void {
    if (!this.#drawn) return;
    this.#drawn = false;
    say('\r\x1b[K');
  }
}

/** `1:05  1,234 events  56/s  3 lost` */
export function progressText(seconds: number, events: number, rate: number, lost: bigint): string {
  const whole = Math.floor(seconds);
  const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  const number = (value: number | bigint) => value.toLocaleString('en-US');
  return [time, `${number(events)} events`, `${number(Math.round(rate))}/s`, ...(lost > 0n ? [`${number(lost)} lost`] : [])].join('  ');
}
