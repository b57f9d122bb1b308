import { createReadStream, fstatSync, openSync, statSync } from 'node:fs';
import { UsageError } from '../src/errors.js';
import { type Expected, readBounded, readDescriptor } from '../src/system/bounded-file.js';
import { closeRead, readSome } from '../src/system/read-file.js';

const MIB = 1 << 20;

/** What files are read, and how much of each at most. Every command that reads a file that somebody names takes it from here. */
const INPUTS = {
  // The largest object files known have 30 MiB, with debug information.
  object: { what: 'an object file', most: 256 * MIB, starts: isElf },
  // An uncompressed kernel with debug information is one.
  types: { what: 'a file with BTF', most: 1024 * MIB, starts: (head) => isElf(head) || isBtf(head) },
  // For running programs on: the kernel takes less.
  data: { what: 'a file with data', most: 16 * MIB, pipes: true },
  // JavaScript's strings cannot be longer.
  elements: { what: 'an exported map', most: 511 * MIB, pipes: true },
  key: { what: 'a key or certificate', most: MIB, pipes: true },
} as const satisfies Record<string, Expected>;

/**
 * Reads a file that somebody names. What is no regular file, or has no end, is refused at once.
 *
 * @throws UsageError when it is refused; Error with the system call's as cause
 */
export function readFile(path: string, kind: keyof typeof INPUTS): Uint8Array {
  return told(path, () => readBounded(path, INPUTS[kind]));
}

/** Reads standard input to its end. */
export function readInput(kind: keyof typeof INPUTS): Uint8Array {
  return told('standard input', () => readDescriptor(0, 'standard input', INPUTS[kind]));
}

/** Characters of a line, at most: what has longer ones is no text. */
const LONGEST_LINE = 1 << 20;

/**
 * The lines of a text as they come in, so that pipes may be read while they are written to; `-` is standard input.
 *
 * @throws UsageError when a line has more than a million characters; Error with the system call's as cause
 */
export async function* inputLines(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const text of textOf(path)) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      if (rest.length > LONGEST_LINE) throw new UsageError(`${path} is no text: it has a line of more than ${LONGEST_LINE} characters`);
      for (const line of lines) yield line.replace(/\r$/, '');
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw new Error(`read ${path}`, { cause: error });
    throw error;
  }
  if (rest !== '') yield rest;
}

/** What is no file is waited for on the event loop; a file is read here, since Node would ask other threads to, which may be more than there may be. */
function textOf(path: string): Iterable<string> | AsyncIterable<string> {
  const isStandardInput = path === '-';
  if ((isStandardInput ? fstatSync(0) : statSync(path, { throwIfNoEntry: false }))?.isFile()) return textOfFile(isStandardInput ? 0 : path);
  return isStandardInput ? process.stdin.setEncoding('utf8') : createReadStream(path, 'utf8');
}

const PIECE = 1 << 16;

function* textOfFile(file: number | string): Generator<string> {
  const fd = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const piece = new Uint8Array(PIECE);
    for (let length = readSome(fd, piece); length > 0; length = readSome(fd, piece))
      yield decoder.decode(piece.subarray(0, length), { stream: true });
    yield decoder.decode();
  } finally {
    if (fd !== file) closeRead(fd);
  }
}

function told(name: string, read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(`read ${name}`, { cause: error });
  }
}

function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** In either byte order (BTF_MAGIC of include/uapi/linux/btf.h). */
function isBtf(head: Uint8Array): boolean {
  return (head[0] === 0x9f && head[1] === 0xeb) || (head[0] === 0xeb && head[1] === 0x9f);
}
