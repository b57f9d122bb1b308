import type { ReadStream, WriteStream } from 'node:tty';
import type { Size } from './view.js';

const ESC = '\x1b[';
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;

/** Keys that come as more than one character. */
const NAMED: Readonly<Record<string, string>> = {
  '\x03': 'ctrl-c',
  '\r': 'enter',
  '\n': 'enter',
  '\x1b': 'escape',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1b[5~': 'pageup',
  '\x1b[6~': 'pagedown',
};

/** The keys in what a terminal sends, by their names; what is no known key is left out. */
export function keysIn(sent: string): string[] {
  return (sent.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[\s\S]/gu) ?? [])
    .map((key) => NAMED[key] ?? key)
    .filter((key) => /^[a-z-]{2,}$/.test(key) || /^[^\p{Cc}]$/u.test(key));
}

/**
 * The whole terminal, for as long as this is open: a second screen, and keys one by one as far as the input is a terminal. The terminal is as before when it is
 * disposed of, and also when the process ends in any way that it can see.
 */
export class Screen implements Disposable {
  readonly #restore = () => this.#leave();
  readonly #resized: () => void;
  readonly #sent: (bytes: Buffer) => void;
  #open = true;

  constructor(
    readonly out: WriteStream,
    readonly input: ReadStream,
    heard: { readonly key: (key: string) => void; readonly resized: () => void },
  ) {
    this.#resized = heard.resized;
    this.#sent = (bytes) => {
      for (const key of keysIn(bytes.toString('utf8'))) heard.key(key);
    };
    process.once('exit', this.#restore);
    out.on('resize', this.#resized);
    out.write(ENTER);
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.on('data', this.#sent);
  }

  get size(): Size {
    return { columns: this.out.columns ?? 80, rows: this.out.rows ?? 24 };
  }

  /** Draws these lines over what stands there: nothing flickers. */
  draw(lines: readonly string[]): void {
    this.out.write(`${ESC}H${lines.map((line) => `${line}${ESC}K`).join('\r\n')}${ESC}J`);
  }

  [Symbol.dispose](): void {
    this.#leave();
    process.removeListener('exit', this.#restore);
    this.out.removeListener('resize', this.#resized);
    this.input.removeListener('data', this.#sent);
    this.input.pause();
  }

  #leave(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.input.isTTY) this.input.setRawMode(false);
    this.out.write(LEAVE);
  }
}
