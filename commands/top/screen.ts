import type { ReadStream, WriteStream } from 'node:tty';
import { TerminalOutput } from './terminal-output.js';
import type { Size } from './view.js';

const STDOUT = 1;
const ESC = '\x1b[';
// Another screen, no cursor, and lines that are too long end at the edge.
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
// What a terminal says whose size nobody knows: 0.
const USUAL: Size = { columns: 80, rows: 24 };

/** Keys that come as more than one character. */
const NAMED: Readonly<Record<string, string>> = {
  '\x03': 'ctrl-c',
  '\x1a': 'ctrl-z',
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

/** Who is told what happens at the terminal. */
export interface Listener {
  readonly key: (key: string) => void;
  /** What is shown has to be drawn anew. */
  readonly resized: () => void;
  /** Nobody is there any more. */
  readonly gone: () => void;
}

/**
 * The whole terminal, for as long as this is open: a second screen, and keys one by one as far as the input is a terminal. The terminal is as before when it is
 * disposed of, while the process is stopped (Ctrl-Z), and also when the process ends in any way that it can see.
 */
export class Screen implements Disposable {
  readonly #output = new TerminalOutput(STDOUT);
  readonly #restore = () => this.#leave();
  readonly #suspend = () => this.suspend();
  readonly #continued = () => this.#enter();
  readonly #gone: () => void;
  readonly #sent: (bytes: Buffer) => void;
  #open = true;

  constructor(
    readonly out: WriteStream,
    readonly input: ReadStream,
    readonly heard: Listener,
  ) {
    this.#gone = () => {
      if (this.#open) heard.gone();
    };
    this.#sent = (bytes) => {
      for (const key of keysIn(bytes.toString('utf8'))) heard.key(key);
    };
    this.#begin();
    process.once('exit', this.#restore);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#continued);
    out.on('resize', heard.resized);
    // Never taken away: a terminal that goes may say so late, and what nobody listens to ends the process with a stack.
    for (const stream of [out, input]) stream.on('error', this.#gone);
    if (!input.isTTY) return;
    input.on('data', this.#sent);
    input.on('end', this.#gone);
  }

  get size(): Size {
    return { columns: this.out.columns || USUAL.columns, rows: this.out.rows || USUAL.rows };
  }

  /** Draws these lines over what stands there: nothing flickers. @throws Error when the terminal has gone */
  draw(lines: readonly string[]): void {
    this.#output.draw(`${ESC}H${lines.map((line) => `${line}${ESC}K`).join('\r\n')}${ESC}J`);
  }

  /** Stops the process as Ctrl-Z does elsewhere, the terminal as before; it goes on here when it is continued, or at once where nobody could do that. */
  suspend(): void {
    this.#end();
    // With nobody listening the signal has its usual effect.
    process.removeListener('SIGTSTP', this.#suspend);
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', this.#suspend);
    this.#enter();
  }

  [Symbol.dispose](): void {
    this.#leave();
    process.removeListener('exit', this.#restore);
    process.removeListener('SIGTSTP', this.#suspend);
    process.removeListener('SIGCONT', this.#continued);
    this.out.removeListener('resize', this.heard.resized);
    this.input.removeListener('data', this.#sent);
    this.input.pause();
  }

  #enter(): void {
    if (!this.#open) return;
    this.#unlessGone(() => this.#begin());
    this.heard.resized();
  }

  #leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#end();
    this.#output[Symbol.dispose]();
  }

  #begin(): void {
    if (this.input.isTTY) this.input.setRawMode(true);
    this.#output.write(ENTER);
  }

  #end(): void {
    this.#unlessGone(() => {
      if (this.input.isTTY) this.input.setRawMode(false);
      this.#output.write(LEAVE);
    });
  }

  /** What has gone has no modes. */
  #unlessGone(change: () => void): void {
    try {
      change();
    } catch {
      this.#gone();
    }
  }
}
