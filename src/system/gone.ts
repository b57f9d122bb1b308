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
