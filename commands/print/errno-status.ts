import { Failure } from './failure.js';

/** What bpftool exits with when something is not there: minus ENOENT. */
export const NOT_THERE = 254;

/** Runs a call whose refusal by the kernel ends with minus its errno as the exit status, as in bpftool (E2BIG: 249, EEXIST: 239). */
export function withStatus<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const refused = error instanceof Error ? error.cause : undefined;
    const errno = (refused as { errno?: unknown } | undefined)?.errno;
    if (!(error instanceof Error) || typeof errno !== 'number') throw error;
    throw new Failure(error.message, { exitCode: (256 - errno) & 0xff }, { cause: refused });
  }
}
