import { constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Fd } from '../../native/fd.js';
import { Readiness } from '../../native/poll.js';
import { withTracefs } from '../system/tracefs.js';

const PIECE = 1 << 16;

/**
 * The kernel's trace pipe, where bpf_printk writes: as an async iterable it gives each line with its line feed, and waits without blocking until
 * it is disposed of. What is read is gone from the pipe for other readers.
 */
export class TracePipe implements Disposable, AsyncIterable<string> {
  readonly #fd: Fd;
  readonly #readiness = new Readiness();
  #open = true;

  /** Only one reader may have it open, in any process. Where tracefs is mounted nowhere it is reached without mounting it for others to see. Needs root, as a rule. */
  constructor() {
    this.#fd = withTracefs(openPipe);
    this.#readiness.add(this.#fd.number);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let begun = '';
    while (this.#open) {
      const bytes = this.#read();
      if (bytes === undefined) {
        await this.#readiness.next();
        continue;
      }
      const lines = (begun + decoder.decode(bytes, { stream: true })).split(/(?<=\n)/);
      begun = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
      yield* lines;
    }
  }

  #read(): Uint8Array | undefined {
    const piece = new Uint8Array(PIECE);
    try {
      return piece.subarray(0, readSync(this.#fd.number, piece));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw new Error('read the trace pipe', { cause: error });
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#readiness[Symbol.dispose]();
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
