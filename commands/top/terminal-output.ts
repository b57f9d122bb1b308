import { closeSync, constants, openSync, writeSync } from 'node:fs';

/**
 * Writing to a terminal without ever waiting for it: one that takes nothing for now (a stalled connection, a window that is held) must not keep the process
 * from its signals.
 */
export class TerminalOutput implements Disposable {
  readonly #fd: number;
  readonly #own: boolean;
  #rest = Buffer.alloc(0);

  /** `fd` is the terminal's; what others do with it stays as it is. */
  constructor(fd: number) {
    const opened = openAgain(fd);
    [this.#fd, this.#own] = [opened ?? fd, opened !== undefined];
  }

  /** Writes a whole picture. It is left out while part of an earlier one waits: the next one shows the same. @throws Error when the terminal has gone */
  draw(picture: string): void {
    this.#push();
    if (this.#rest.length === 0) this.write(picture);
  }

  /** Writes what must not be left out, such as a change of modes, as far as the terminal takes it. @throws Error when the terminal has gone */
  write(text: string): void {
    this.#rest = Buffer.concat([this.#rest, Buffer.from(text)]);
    this.#push();
  }

  [Symbol.dispose](): void {
    if (this.#own) closeSync(this.#fd);
  }

  #push(): void {
    try {
      while (this.#rest.length > 0) this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

/** The same terminal as a file of its own, which does not wait; O_NONBLOCK of the given one is shared with other processes. */
function openAgain(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
