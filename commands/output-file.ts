import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../src/errors.js';

/**
 * Writes a file whole or not at all: under a name of its own beside the place, then renamed. What is no regular file (a pipe, `/dev/stdout`) is
 * written to as it is. A file that is new gets `mode`, less what the umask takes away; one that was there keeps its own.
 */
export function writeOutput(path: string, bytes: Uint8Array, mode = 0o666): void {
  using file = new OutputFile(path, mode);
  file.write(bytes);
  file.commit();
}

/** The same for what is written in pieces: the file is there once {@link commit} was called; disposing of it before leaves nothing. */
export class OutputFile implements Disposable {
  readonly #target: string;
  /** Where it is written; undefined for what is no regular file. */
  readonly #beside: string | undefined;
  #fd: number | undefined;

  constructor(path: string, mode = 0o666) {
    this.#target = followed(path);
    const there = statSync(this.#target, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new UsageError(`write ${path}: it is a directory`);
    if (there && !there.isFile()) this.#fd = openSync(this.#target, 'w');
    else {
      this.#beside = join(dirname(this.#target), `.${basename(this.#target)}.${process.pid}`);
      this.#fd = openSync(this.#beside, 'wx', (there?.mode ?? mode) & 0o777);
    }
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd!, bytes, at);
  }

  commit(): void {
    this.#close();
    if (this.#beside !== undefined) {
      try {
        renameSync(this.#beside, this.#target);
      } catch (error) {
        rmSync(this.#beside, { force: true });
        throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd === undefined) return;
    this.#close();
    if (this.#beside !== undefined) rmSync(this.#beside, { force: true });
  }

  #close(): void {
    const fd = this.#fd!;
    this.#fd = undefined;
    closeSync(fd);
  }
}

/** A symbolic link stays one: what it leads to is written. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
