import { fstatSync, writeSync } from 'node:fs';
import { isDevice } from '../gone-terminal.js';

/** The reader of our output has gone, as `head` does: the end of the work, not an error. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** What the shell reports of a program that SIGPIPE ended. */
export const CLOSED_PIPE_STATUS = 141;

/** Where output goes: a file descriptor, or memory in tests. */
export interface Sink {
  write(chunk: string | Uint8Array): void;
  /** Passes on what was kept back. */
  flush(): void;
  /** {@link write}, but that the event loop goes on while the reader takes nothing. Missing where no reader can be slow. */
  writeWhenTaken?(chunk: Uint8Array): Promise<void>;
}

/** Where a run of the tool writes; tests give sinks of their own. */
export interface Streams {
  readonly out: Sink;
  readonly err: Sink;
  /** Whether `out` or `err` is a terminal. */
  readonly isTerminal: (which: 'out' | 'err') => boolean;
}

const KEPT = 1 << 16;
const PIECE = 1 << 20;

/**
 * Output to a file descriptor by plain write(2) calls, which start faster and order better than Node's streams.
 * Small pieces are gathered; a descriptor that takes nothing for now (O_NONBLOCK set by another process) is tried again.
 */
export class FileSink implements Sink {
  #kept = '';

  constructor(readonly fd: number) {}

  write(chunk: string | Uint8Array): void {
    if (typeof chunk === 'string') {
      this.#kept += chunk;
      if (this.#kept.length >= KEPT) this.flush();
      return;
    }
    this.flush();
    writeAll(this.fd, chunk);
  }

  flush(): void {
    if (this.#kept === '') return;
    const text = this.#kept;
    this.#kept = '';
    writeAll(this.fd, Buffer.from(text));
  }

  async writeWhenTaken(chunk: Uint8Array): Promise<void> {
    this.flush();
    const { ATOMIC_BYTES, untilWritable } = await import('../../src/system/writable.js');
    for (let at = 0; at < chunk.length; ) {
      await untilWritable(this.fd);
      at += writeSome(this.fd, chunk.subarray(0, at + ATOMIC_BYTES), at);
    }
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSome(fd, bytes, at);
}

function writeSome(fd: number, bytes: Uint8Array, at: number): number {
  try {
    return writeSync(fd, bytes, at, Math.min(PIECE, bytes.length - at));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new ClosedPipe('the reader has gone');
    if (code === 'EIO' && isDevice(fd)) throw new ClosedPipe('the terminal has gone');
    if (code !== 'EAGAIN') throw new Error(`write to ${fd === 1 ? 'standard output' : 'standard error'}`, { cause: error });
    pause(2);
    return 0;
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const MEMORY_DEVICES = 1;

/**
 * Whether a descriptor is a terminal. Node's own answer costs the loading of its streams, so it is asked only where the answer may be
 * yes: about character devices other than /dev/null and its kin.
 */
export function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    if (!stat.isCharacterDevice() || stat.rdev >> 8 === MEMORY_DEVICES) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}
