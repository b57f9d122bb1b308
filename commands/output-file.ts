import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../src/errors.js';

/**
 * Writes a file whole or not at all: under a name of its own beside the place, then renamed. What is no regular file (a pipe, `/dev/stdout`) is
 * written to as it is. A file that is new gets `mode`, less what the umask takes away; one that was there keeps its own.
 */
export function writeOutput(path: string, bytes: Uint8Array, mode = 0o666): void {
  const target = followed(path);
  const there = statSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new UsageError(`write ${path}: it is a directory`);
  if (there && !there.isFile()) writeFileSync(target, bytes);
  else replace(target, bytes, there?.mode ?? mode);
}

/** A symbolic link stays one: what it leads to is written. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function replace(path: string, bytes: Uint8Array, mode: number): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const fd = openSync(beside, 'wx', mode & 0o777);
  try {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
