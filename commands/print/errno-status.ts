import { noteStatus } from './failure.js';

/** Statuses of bpftool: minus an errno, of which a shell sees one byte. */
export const TOO_MANY = status(7);
export const NOT_THERE = status(2);
export const IO_ERROR = status(5);
export const IS_DIRECTORY = status(21);
export const INVALID = status(22);
export const NO_DATA = status(61);

/** The status that an error means; undefined leaves it as it is. */
export type StatusOf = (error: unknown) => number | undefined;

function status(errno: number): number {
  return (256 - Math.abs(errno)) & 0xff;
}

/** Runs a call; when it fails, that ends with this status, or with minus the errno of what was refused (E2BIG: 249, EEXIST: 239). */
export function withStatus<T>(call: () => T, statusOf: number | StatusOf = ofErrno): T {
  try {
    return call();
  } catch (error) {
    noteStatus(error, typeof statusOf === 'number' ? statusOf : statusOf(error));
    throw error;
  }
}

/** As {@link withStatus}, for what ends later. */
export async function endWithStatus<T>(call: () => Promise<T>, statusOf: StatusOf = ofErrno): Promise<T> {
  try {
    return await call();
  } catch (error) {
    noteStatus(error, statusOf(error));
    throw error;
  }
}

/** Minus the errno of the system call behind an error. */
export const ofErrno: StatusOf = (error) => {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { errno } = each as { errno?: unknown };
    if (typeof errno === 'number') return status(errno);
  }
  return undefined;
};
