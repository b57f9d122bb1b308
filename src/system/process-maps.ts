// Where the files that a process runs lie in its memory.
import { realpathSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { readText } from './read-file.js';

/** A part of a process's memory: /proc/PID/maps, see proc_pid_maps(5). Addresses and offsets in bytes. */
export interface MappedPart {
  readonly start: number;
  readonly end: number;
  readonly executable: boolean;
  /** Where in the file it begins. */
  readonly offset: number;
  readonly path: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+\s+(\/.*)$/;

/** The parts that files were mapped to. */
export function parseMaps(text: string): MappedPart[] {
  return text.split('\n').flatMap((line) => {
    const [, start, end, rights, offset, path] = LINE.exec(line) ?? [];
    if (path === undefined) return [];
    const number = (digits: string | undefined) => Number.parseInt(digits!, 16);
    return [{ start: number(start), end: number(end), executable: rights![2] === 'x', offset: number(offset), path }];
  });
}

/** The address that code of a file has in a process. @throws UsageError when the process is not there, or does not run the file */
export function addressIn(pid: number, file: string, offset: number): number {
  const path = realpathSync(file);
  const found = mapsOf(pid).find(
    (part) => part.executable && part.path === path && offset >= part.offset && offset < part.offset + (part.end - part.start),
  );
  if (!found) throw new UsageError(`process ${pid} does not run ${file}`);
  return found.start + (offset - found.offset);
}

function mapsOf(pid: number): MappedPart[] {
  try {
    return parseMaps(readText(`/proc/${pid}/maps`));
  } catch {
    throw new UsageError(`there is no process ${pid}, or its memory may not be looked at`);
  }
}
