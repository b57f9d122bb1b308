import { isErrno } from '../../native/error.js';

/**
 * What `open` gives, or undefined when the object went away between its id and its descriptor: the kernel then says ENOENT, or another of `codes`.
 */
export function unlessGone<T>(open: () => T, ...codes: string[]): T | undefined {
  try {
    return open();
  } catch (error) {
    if (isErrno(error, 'ENOENT', ...codes)) return undefined;
    throw error;
  }
}

/** What `read` gives, or undefined when it cannot: processes, descriptors and files come and go while they are looked at, and some are not ours to look into. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
