// A command that `run` starts: it exists, with its process id, before it begins, so that programs can be attached to it.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';

const SHELL = '/bin/sh';
// Waits for a byte; when there is none, since we were killed, the command does not begin. The process stays the same when it becomes the command.
const GATE = 'read -r _ <&3 || exit 125; exec 3<&-; exec "$@"';
const GATE_FD = 3;
/** What ends it when it does not end by itself, and after how many milliseconds. */
const PATIENCE_MS = 3000;
const SIGNAL_BASE = 128;

/** A command under observation. Disposing of it kills what has not ended. */
export class ObservedCommand implements Disposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #status: number | undefined;

  /** `output` is the descriptor that its standard output goes to. @throws Error when no process can be made */
  constructor(command: readonly string[], output: number) {
    this.#child = spawn(SHELL, ['-c', GATE, ...command.slice(0, 1), ...command], { stdio: ['inherit', output, 'inherit', 'pipe'] });
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', () => resolve());
      this.#child.on('exit', (code, signal) => {
        this.#status = code ?? SIGNAL_BASE + (process.getBuiltinModule('node:os').constants.signals[signal!] ?? 0);
        resolve();
      });
    });
    if (this.#child.pid === undefined) throw new Error(`start ${command[0]}: no process could be made`);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** As a shell tells it: 128 and the signal's number for what a signal ended, 127 for a command that was not found. Undefined while it runs. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Lets it begin; `over` is called when it has ended. */
  begin(over: () => void): void {
    const gate = this.#child.stdio[GATE_FD] as Duplex;
    // It may have ended without reading, killed by somebody.
    gate.on('error', () => {});
    gate.end('\n');
    void this.#ended.then(over);
  }

  /** Asks it to end, and waits until it has. */
  async end(): Promise<void> {
    if (this.#status !== undefined) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  [Symbol.dispose](): void {
    if (this.#status === undefined) this.#child.kill('SIGKILL');
  }
}
