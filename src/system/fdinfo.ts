import { openSync } from 'node:fs';
import { close } from '../../native/system.js';
import { readSome, readText } from './read-file.js';

// Node's own readFileSync takes 64 KB anew for each file that says it is empty, as all of /proc do: in long listings that is most of the time.
let buffer = Buffer.alloc(0);
const ROOM = 1 << 14;

/** The lines `name:\tvalue` of /proc/self/fdinfo for one of our own descriptors. Empty when they cannot be read. */
export function ownFdinfo(fd: number): ReadonlyMap<string, string> {
  return parseFdinfo(ownFdinfoText(fd));
}

/** The lines of /proc/self/fdinfo for one of our own descriptors as they are, for {@link fdinfoField}. Empty when they cannot be read. */
export function ownFdinfoText(fd: number): string {
  try {
    return readFdinfo(`/proc/self/fdinfo/${fd}`);
  } catch {
    return '';
  }
}

/** The value of one line of fdinfo, which is much faster than taking all of them apart. Not for the first line. */
export function fdinfoField(text: string, name: string): string | undefined {
  const at = text.indexOf(`\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 2;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end).trim();
}

/** The bytes that a program or map takes, by the text of an fdinfo of it, of any process's descriptor; undefined when that does not say. */
export function memlockIn(text: string): bigint | undefined {
  const memlock = fdinfoField(text, 'memlock');
  return memlock === undefined ? undefined : BigInt(memlock);
}

/** The text of a file in /proc/PID/fdinfo. Throws as Node's functions do. */
export function readFdinfo(path: string): string {
  if (buffer.length === 0) buffer = Buffer.alloc(ROOM);
  const fd = openSync(path, 'r');
  try {
    // The kernel makes all of such a file in one go, so what fits was read whole (single_open in fs/proc/fd.c).
    const length = readSome(fd, buffer, 0, 0);
    return length < ROOM ? buffer.toString('latin1', 0, length) : readText(path, 'latin1');
  } finally {
    close(fd);
  }
}

/** Reads the text of an fdinfo file. A name that stands several times keeps its first value. */
export function parseFdinfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
