import { readFileSync } from 'node:fs';

/** What is read of a process, or a descriptor, which may have gone meanwhile: nothing then. */
export function readIfThere(path: string, read: (path: string) => string = (file) => readFileSync(file, 'utf8')): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}
