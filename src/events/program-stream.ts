import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../program/program.js';
import { LineSplitter } from './lines.js';

/** Nothing can be waited for: the kernel has no poll for streams, so they are looked at so often. */
const LOOK_EVERY_MS = 50;

/**
 * What a program writes to its `stdout` (bpf_stream_printk) or the kernel to its `stderr` (arena faults, deadlocks of locks, timeouts), since 6.17 (`bpf_stream` in
 * kernel/bpf/stream.c): as an async iterable it gives lines, each with its line feed, as they come. The kernel keeps up to 100,000 bytes of a stream;
 * what is written while it is full is lost to the program, which is told so. What is read is gone for other readers.
 */
export class ProgramStream implements Disposable, AsyncIterable<string> {
  readonly #lines = new LineSplitter();
  #open = true;

  /** The program stays the caller's, and has to stay open. */
  constructor(
    readonly program: Program,
    readonly name: 'stdout' | 'stderr',
  ) {}

  /** Hands over the lines that are there, without waiting, and gives their number. @throws NotSupportedError before 6.17 */
  drain(take: (line: string) => void): number {
    let count = 0;
    for (const piece of this.program.stream(this.name)) {
      for (const line of this.#lines.add(piece)) {
        count += 1;
        take(line);
      }
    }
    return count;
  }

  /** What was written without a line feed at its end, for when no more is to come; empty when there is nothing. */
  rest(): string {
    return this.#lines.rest();
  }

  /** The lines, as they come, until the iteration is left or the stream is disposed of; then also what has no line feed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    while (this.#open) {
      const lines: string[] = [];
      if (this.drain((line) => lines.push(line)) === 0) await sleep(LOOK_EVERY_MS);
      yield* lines;
    }
    const rest = this.rest();
    if (rest !== '') yield rest;
  }

  [Symbol.dispose](): void {
    this.#open = false;
  }
}
