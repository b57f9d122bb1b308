// Reading files that somebody names, which may be anything: a pipe that nobody writes to, a device, a file without end.
import { constants, fstatSync, openSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { close } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { requireMemory } from './memory-left.js';
import { readSome } from './read-file.js';

/** What is expected of a file. */
export interface Expected {
  /** What it should be, in words that follow "is not": `an object file`. */
  readonly what: string;
  /** The most bytes it may have: what has more is refused before it is read, or when that many were. */
  readonly most: number;
  /** How it has to begin. Of what begins in another way only the beginning is given: its parser says what is wrong with it. */
  readonly starts?: (head: Uint8Array) => boolean;
  /** Pipes without a name, such as a shell's `<(...)`, are read to their end, however long that takes. */
  readonly pipes?: boolean;
}

const HEAD = 64;
const CHUNK = 1 << 16;
/** What is taken beside the file while it is read, at least. */
const BESIDE = 1 << 24;

/**
 * Reads a regular file, which has no more bytes than may be expected of it. Never waits: files of /proc whose bytes come later give EAGAIN.
 *
 * @throws UsageError when it is no regular file, or too long; the error of the system call when it cannot be read
 */
export function readBounded(path: string, expected: Expected): Uint8Array {
  // Asked before it is opened: opening some devices does something.
  check(path, statSync(path), expected);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    check(path, stat, expected);
    return stat.isFIFO() ? readPipe(fd, path, expected) : readOpen(fd, path, stat.size, expected);
  } finally {
    close(fd);
  }
}

/** Reads what is open already, from where it stands, such as standard input. @throws UsageError when it is too long */
export function readDescriptor(fd: number, name: string, expected: Expected): Uint8Array {
  return readOpen(fd, name, 0, expected);
}

function check(path: string, stat: Stats, { what, pipes }: Expected): void {
  if (stat.isFile() || (pipes && stat.isFIFO())) return;
  const kind = KINDS.find(([is]) => is(stat))?.[1] ?? 'no regular file';
  throw new UsageError(`${path} is ${kind}, not ${what}`);
}

const KINDS: readonly [(stat: Stats) => boolean, string][] = [
  [(stat) => stat.isDirectory(), 'a directory'],
  [(stat) => stat.isFIFO(), 'a pipe'],
  [(stat) => stat.isSocket(), 'a socket'],
  [(stat) => stat.isCharacterDevice() || stat.isBlockDevice(), 'a device'],
];

/** Somebody who started this process holds the other end of a pipe without a name; nobody needs to hold one with a name, which is then refused. */
function readPipe(fd: number, path: string, expected: Expected): Uint8Array {
  const itself = `/proc/self/fd/${fd}`;
  if (!/^pipe:\[\d+\]$/.test(readlinkSync(itself))) throw new UsageError(`${path} is a pipe with a name, not ${expected.what}`);
  // Once more, to wait for what comes.
  const waiting = openSync(itself, constants.O_RDONLY);
  try {
    return readOpen(waiting, path, 0, expected);
  } finally {
    close(waiting);
  }
}

function readOpen(fd: number, path: string, size: number, { what, most, starts }: Expected): Uint8Array {
  const head = readUpTo(fd, new Uint8Array(HEAD));
  if (head.length < HEAD || (starts && !starts(head))) return head;
  if (size > most) throw tooLong(path, what, most);
  requireMemory(size + BESIDE);
  // Files of /proc say that they are empty, whatever is in them.
  let bytes = new Uint8Array(size > HEAD ? size : CHUNK);
  bytes.set(head);
  let length = HEAD;
  for (;;) {
    const got = readUpTo(fd, bytes.subarray(length)).length;
    length += got;
    if (length < bytes.length || length === size) return bytes.subarray(0, length);
    if (length > most) throw tooLong(path, what, most);
    const larger = new Uint8Array(Math.min(length * 2, most + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

/** Reads until the room is full or the file ends. */
function readUpTo(fd: number, room: Uint8Array): Uint8Array {
  let length = 0;
  while (length < room.length) {
    const got = readSome(fd, room, length);
    if (got === 0) break;
    length += got;
  }
  return room.subarray(0, length);
}

function tooLong(path: string, what: string, most: number): UsageError {
  return new UsageError(`${path} is not ${what}: it has more than ${most / (1 << 20)} MiB`);
}
