import { ParseError } from '../../src/bytes/cursor.js';
import { NotSupportedError, UsageError } from '../../src/errors.js';

/** Whether hostile input may end in this error. */
export function isAnswer(error: unknown): boolean {
  return error instanceof ParseError || error instanceof UsageError || error instanceof NotSupportedError;
}

/** The result, or undefined when the input was refused as it should be. @throws whatever else came */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isAnswer(error)) return undefined;
    throw error;
  }
}

/** Takes everything that an iterable gives, and says how much that was. */
export function drain(iterable: Iterable<unknown>): number {
  let count = 0;
  for (const _ of iterable) count++;
  return count;
}
