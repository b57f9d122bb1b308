import { constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { Fd } from '../../native/fd.js';
import { Readiness } from '../../native/poll.js';
import { readSome } from '../system/read-file.js';
import { withTracefs } from '../system/tracefs.js';
import { LineSplitter } from './lines.js';

const PIECE = 1 << 16;

/** Which lines are wanted: true for those that are. Asked once for each, in their order. */
export type LineFilter = (line: string) => boolean;

/**
 * The kernel's trace pipe, where bpf_printk writes: as an async iterable it gives each line with its line feed, and waits without blocking until
 * it is disposed of. What is read is gone from the pipe for other readers, also what the filter leaves out.
 */
export class TracePipe implements Disposable, AsyncIterable<string> {
  readonly #fd: Fd;
  readonly #piece = new Uint8Array(PIECE);
  readonly #lines = new LineSplitter();
  #readiness: Readiness | undefined;
  #open = true;

  /**
   * Only one reader may have it open, in any process. Where tracefs is mounted nowhere it is reached without mounting it for others to see. Needs root, as a rule.
   *
   * @param wanted lines that are given on; all when it is missing. {@link printkFilter} makes one for the programs of an object
   */
  constructor(readonly wanted: LineFilter = () => true) {
    this.#fd = withTracefs(openPipe);
  }

  /** Hands over the lines that are there, without waiting, and gives how many there were, with those that are not wanted. */
  drain(take: (line: string) => void): number {
    const bytes = this.#open ? this.#read() : undefined;
    if (bytes === undefined) return 0;
    const lines = this.#lines.add(bytes);
    for (const line of lines) if (this.wanted(line)) take(line);
    // A piece of a line is something that was there, too.
    return Math.max(1, lines.length);
  }

  /** The lines, as they come, until the iteration is left or the pipe is disposed of. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    this.#readiness ??= new Readiness();
    this.watch(this.#readiness);
    while (this.#open) {
      const lines: string[] = [];
      if (this.drain((line) => lines.push(line)) === 0) await this.#readiness.next();
      yield* lines;
    }
  }

  /** Lets a wait end when there are lines. */
  watch(readiness: Readiness): void {
    readiness.add(this.#fd.number);
  }

  #read(): Uint8Array | undefined {
    try {
      return this.#piece.subarray(0, readSome(this.#fd.number, this.#piece));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw new Error('read the trace pipe', { cause: error });
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#readiness?.[Symbol.dispose]();
    this.#fd[Symbol.dispose]();
  }
}

function openPipe(directory: string): Fd {
  try {
    return new Fd(openSync(join(directory, 'trace_pipe'), constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    const busy = (error as NodeJS.ErrnoException).code === 'EBUSY';
    throw new Error(`open the trace pipe${busy ? ': another process reads it' : ''}`, { cause: error });
  }
}
