// Programs and libraries by the names people give them, and functions in them and in the kernel.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { Elf } from '../elf/elf.js';
import { functionsLike, functionsNamed } from '../elf/functions.js';
import { UsageError } from '../errors.js';
import { isPattern, patternOf } from '../hook/pattern.js';
import type { FunctionPlace } from '../hook/place.js';
import { type Expected, readBounded } from './bounded-file.js';
import { parseLibraryCache } from './library-cache.js';
import { readBytes } from './read-file.js';

const LIBRARY_CACHE = '/etc/ld.so.cache';
// As much as Node reads at once.
const BINARY: Expected = { what: 'a program or library', most: 2047 << 20 };
// What the dynamic linker knows without being told, and where Debian puts libraries of one architecture.
const LIBRARY_DIRECTORIES = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];
const PROGRAM_DIRECTORIES = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/**
 * The path of a program or library. A name without a slash is looked for: a library (`libc.so.6`) as the dynamic linker does, in LD_LIBRARY_PATH, its
 * cache and its directories; a program in PATH; what is neither (`libc`) is a library without its ending.
 *
 * @throws UsageError when there is none
 */
export function findBinary(name: string): string {
  if (name.includes('/')) return requireFile(resolve(name));
  const found = /\.so(\.|$)/.test(name) ? findLibrary(name) : (findProgram(name) ?? findLibraryOfStem(name));
  if (found === undefined) throw new UsageError(`there is no program or library called ${JSON.stringify(name)} on this system`);
  return found;
}

function requireFile(path: string): string {
  if (!isFile(path, constants.R_OK)) throw new UsageError(`${path} is no file that can be read`);
  return path;
}

function findProgram(name: string): string | undefined {
  return firstFile([...directoriesOf('PATH'), ...PROGRAM_DIRECTORIES], name, constants.R_OK | constants.X_OK);
}

function findLibrary(name: string): string | undefined {
  return (
    firstFile(directoriesOf('LD_LIBRARY_PATH'), name, constants.R_OK) ??
    libraryCache().get(name) ??
    firstFile(LIBRARY_DIRECTORIES, name, constants.R_OK)
  );
}

function findLibraryOfStem(stem: string): string | undefined {
  const cache = libraryCache();
  const name = [...cache.keys()].filter((each) => each.startsWith(`${stem}.so`)).toSorted()[0];
  return name === undefined ? findLibrary(`${stem}.so`) : cache.get(name);
}

function libraryCache(): ReadonlyMap<string, string> {
  try {
    return parseLibraryCache(readBytes(LIBRARY_CACHE), process.arch);
  } catch {
    // Systems with another C library have none.
    return new Map();
  }
}

function directoriesOf(variable: string): string[] {
  return (process.env[variable] ?? '').split(delimiter).filter((directory) => directory !== '');
}

function firstFile(directories: readonly string[], name: string, mode: number): string | undefined {
  return directories.map((directory) => join(directory, name)).find((path) => isFile(path, mode));
}

function isFile(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where in its file a place of a function is, in bytes. @throws UsageError when there is no such function, or more than one */
export function userFunctionOffset(path: string, { name, offset }: FunctionPlace): number {
  if (name === '') return offset;
  const found = functionsNamed(readElf(path), name);
  if (found.length === 1) return found[0]!.offset + offset;
  const places = found.map((each) => `0x${each.offset.toString(16)}`).join(', ');
  throw new UsageError(
    found.length === 0
      ? `${path} has no function ${name}, or it was stripped of its name`
      : `${path} has ${found.length} functions called ${name}; say which by its place: ${places}`,
  );
}

/** Where in their file the functions of a name or pattern are, in bytes. @throws UsageError when there are none */
export function userFunctionOffsets(path: string, pattern: string): number[] {
  const elf = readElf(path);
  const found = isPattern(pattern) ? functionsLike(elf, patternOf(pattern)) : functionsNamed(elf, pattern);
  if (found.length === 0) throw new UsageError(`${path} has no function ${pattern}, or it was stripped of its names`);
  return found.map(({ offset }) => offset);
}

/** A program or library as an ELF file. @throws UsageError when it cannot be read; ParseError when it is none */
export function readElf(path: string): Elf {
  try {
    return Elf.parse(readBounded(path, BINARY), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`${path} cannot be read`, { cause: error });
  }
}
