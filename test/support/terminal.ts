// A terminal for a command, and the other end of it: what a person sees and types.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { ioctl } from '../../native/system.js';
import { within } from './within.js';

// asm-generic/ioctls.h
const [TCGETS, TIOCSWINSZ, TIOCGPTN, TIOCSPTLCK] = [0x5401, 0x5414, 0x80045430, 0x40045431];
// struct termios: four words of flags, the last one c_lflag.
const [LOCAL_FLAGS, ICANON, ECHO] = [12, 2, 8];
const PATIENCE_MS = 60_000;

/** Why no command can be given a terminal here; false when it can. */
export const noTerminal: string | false = spawnSync('setsid', ['--version']).error ? 'needs setsid(1), for a terminal' : false;

/** A command with a terminal of its own, which controls it. */
export class Terminal implements Disposable {
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; signal: NodeJS.Signals | null }>;
  /** All that was written to the terminal so far. */
  text = '';
  #master: number | undefined;
  readonly #slave: number;
  readonly #reading: NodeJS.Timeout;

  /** `controls` false: it is only open, so that the kernel tells nobody when it goes. */
  constructor(command: readonly string[], { rows = 24, columns = 100, controls = true, env = {} as Record<string, string> } = {}) {
    const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    this.#master = master;
    const number = new Uint32Array(1);
    ioctl(master, TIOCSPTLCK, new Uint8Array(4));
    ioctl(master, TIOCGPTN, new Uint8Array(number.buffer));
    this.#slave = openSync(`/dev/pts/${number[0]}`, constants.O_RDWR | constants.O_NOCTTY);
    this.resize(rows, columns);
    const words = controls ? ['--ctty', ...command] : command;
    const options = { stdio: [this.#slave, this.#slave, this.#slave], env: { ...process.env, TERM: 'xterm', ...env } };
    this.child = spawn('setsid', words, options);
    this.ended = new Promise((resolve) => this.child.on('exit', (status, signal) => resolve({ status, signal })));
    this.#reading = setInterval(() => this.#read(), 5);
  }

  /** Types. */
  send(keys: string): void {
    writeSync(this.#master!, keys);
  }

  resize(rows: number, columns: number): void {
    ioctl(this.#master!, TIOCSWINSZ, new Uint8Array(new Uint16Array([rows, columns, 0, 0]).buffer));
  }

  /** Waits until this was written, behind `from` characters. @throws Error with what was written instead */
  async shows(text: string | RegExp, from = 0): Promise<void> {
    const there = () => (typeof text === 'string' ? this.text.includes(text, from) : text.test(this.text.slice(from)));
    if (!(await within(PATIENCE_MS, there))) throw new Error(`${text} is not in ${JSON.stringify(this.text.slice(from))}`);
  }

  /** Whether keys are gathered to lines, and shown as they are typed: as a shell leaves it to commands. */
  get cooked(): boolean {
    const modes = new Uint8Array(64);
    ioctl(this.#slave, TCGETS, modes);
    const flags = new DataView(modes.buffer).getUint32(LOCAL_FLAGS, true);
    return (flags & (ICANON | ECHO)) === (ICANON | ECHO);
  }

  /** Whether the command is stopped, as by Ctrl-Z. */
  get stopped(): boolean {
    return /^State:\s+T/m.test(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
  }

  /** From now on nobody reads what is written. */
  stall(): void {
    clearInterval(this.#reading);
  }

  /** The window is closed, the connection is lost. */
  hangUp(): void {
    this.stall();
    closeSync(this.#master!);
    this.#master = undefined;
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
    clearInterval(this.#reading);
    if (this.#master !== undefined) closeSync(this.#master);
    closeSync(this.#slave);
  }

  #read(): void {
    const bytes = Buffer.alloc(1 << 16);
    try {
      for (let length = -1; length !== 0; ) {
        length = readSync(this.#master!, bytes);
        this.text += bytes.toString('utf8', 0, length);
      }
    } catch {
      // Nothing there now.
    }
  }
}
