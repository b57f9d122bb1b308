// Reading files of the kernel's whole. Node's readFileSync gives up when a signal comes, and Node 20 ends the process when a file of text cannot be closed.
import { openSync, readSync } from 'node:fs';
import { close } from '../../native/system.js';
import { attempt } from './gone.js';

const ROOM = 1 << 16;
const ATTEMPTS = 10;
let buffer = Buffer.alloc(0);

/**
 * The bytes of a file that a name in /proc or /sys leads to, whatever size it says it has. They are the caller's. For files that a person names there is
 * `readBounded`.
 *
 * @throws the error of node:fs when it cannot be opened or read
 */
export function readBytes(path: string): Buffer {
  return Buffer.from(readShared(path));
}

/** The same as text. Names in the kernel's own tables are ASCII, which `latin1` reads faster. */
export function readText(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  return readShared(path).toString(encoding);
}

/** The same text; undefined where there is no such file, or it may not be read. */
export function readTextIfAny(path: string, encoding?: 'utf8' | 'latin1'): string | undefined {
  return attempt(() => readText(path, encoding));
}

/** In memory that the next call uses again. */
function readShared(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    if (buffer.length === 0) buffer = Buffer.alloc(ROOM);
    let length = 0;
    for (;;) {
      if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const got = readSome(fd, buffer, length);
      if (got === 0) return buffer.subarray(0, length);
      length += got;
    }
  } finally {
    close(fd);
  }
}

/**
 * read(2) into `room` from `at` on, from where a descriptor stands or from `position`. It is made again when a signal came before there was anything: libuv
 * does that for all calls but this one.
 *
 * @throws the error of node:fs
 */
export function readSome(
  fd: number,
  room: Uint8Array,
  at = 0,
  position: number | null = null,
  again: readonly string[] = ['EINTR'],
): number {
  for (let attempt = 1; ; attempt++) {
    try {
      return readSync(fd, room, at, room.length - at, position);
    } catch (error) {
      if (!again.includes((error as NodeJS.ErrnoException).code ?? '') || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Closes what was only read: whatever close(2) says, it has been read. */
export const closeRead: (fd: number) => void = close;
