import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../src/errors.js';
import { nameFile, openUnnamed } from '../src/system/unnamed-file.js';
import { holdSignals } from './signals.js';

/**
 * Writes a file whole or not at all: without a name, which it gets in the end. What is no regular file (a pipe, `/dev/stdout`) is written to as it is.
 * A file that is new gets `mode`, less what the umask takes away; one that was there keeps its own.
 */
export function writeOutput(path: string, bytes: Uint8Array, mode = 0o666): void {
  using file = new OutputFile(path, mode);
  file.write(bytes);
  file.commit();
}

/** The same for what is written in pieces: the file is there once {@link commit} was called; disposing of it before leaves nothing. */
export class OutputFile implements Disposable {
  readonly #target: string;
  /** A name beside the place; undefined for what is no regular file. */
  readonly #beside: string | undefined;
  /** Where a file cannot be without a name, it has that one from the beginning, and signals wait until it is gone. */
  #named: Disposable | undefined;
  #fd: number | undefined;

  constructor(path: string, mode = 0o666) {
    this.#target = followed(path);
    const there = statSync(this.#target, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new UsageError(`write ${path}: it is a directory`);
    if (there && !there.isFile()) this.#fd = openSync(this.#target, 'w');
    else {
      this.#beside = join(dirname(this.#target), `.${basename(this.#target)}.${process.pid}`);
      const bits = (there?.mode ?? mode) & 0o777;
      this.#fd = openUnnamed(dirname(this.#target), bits) ?? this.#openNamed(this.#beside, bits);
    }
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd!, bytes, at);
  }

  commit(): void {
    // Between two names there is a moment with one too many.
    using _ = holdSignals();
    if (this.#beside !== undefined && this.#named === undefined && this.#name(this.#beside))
      return removing(this.#target, () => this.#close());
    if (this.#beside === undefined) return this.#close();
    const beside = this.#beside;
    removing(beside, () => {
      this.#close();
      renameSync(beside, this.#target);
    });
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) {
      try {
        this.#close();
      } catch {
        // Nobody gets the file, and why is told.
      }
      if (this.#named && this.#beside !== undefined) rmSync(this.#beside, { force: true });
    }
    this.#named?.[Symbol.dispose]();
  }

  #openNamed(path: string, mode: number): number {
    this.#named = holdSignals();
    try {
      return openSync(path, 'wx', mode);
    } catch (error) {
      this.#named[Symbol.dispose]();
      throw error;
    }
  }

  /** True when it has the place's name now; false when that is taken, and it has the one beside. */
  #name(beside: string): boolean {
    if (nameFile(this.#fd!, this.#target)) return true;
    if (!nameFile(this.#fd!, beside)) throw new Error(`write ${this.#target}: there is a file ${beside}`);
    return false;
  }

  #close(): void {
    const fd = this.#fd!;
    this.#fd = undefined;
    closeSync(fd);
  }
}

/** Does the last of the writing; where that fails, some file systems only find at close(2) that there is no space, what was named is taken away. */
function removing(path: string, finish: () => void): void {
  try {
    finish();
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
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
