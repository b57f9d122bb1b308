import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../src/errors.js';

/** Reads a file that somebody names. A directory or device is refused before it is read. */
export function readFile(path: string, what: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new UsageError(`${path} is a directory, not ${what}`);
    if (stat.isCharacterDevice() || stat.isBlockDevice()) throw new UsageError(`${path} is a device, not ${what}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new Error(`read ${path}`, { cause: error });
  }
}
