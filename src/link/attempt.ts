import { isErrno, SyscallError } from '../../native/error.js';
import { NotSupportedError, Refusal } from '../errors.js';
import { isBuiltWithout } from '../system/kernel-config.js';
import { isOlderThan, kernelRelease } from '../system/kernel-version.js';

/** What errors mean here, by their code, where that is more than the words of the errno say. */
export type Reasons = Readonly<Record<string, string | undefined>>;

/**
 * Makes a call; when it is refused, throws what {@link refused} makes of it. `since` is the first kernel that can do it.
 */
export function attempt<T>(what: string, call: () => T, reasons: Reasons = {}, since?: string): T {
  try {
    return call();
  } catch (error) {
    throw refused(what, error, reasons, since);
  }
}

// Answers that a kernel gives to what it does not know; others have a reason of their own.
const UNKNOWN = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUPP', 'ENOSYS', 'E2BIG'];

/**
 * An Error that says what was tried, on what, and why not: that the kernel is too old, or was built without an option, where it is; in the words for this case where there are some; or with
 * the system call's own.
 */
export function refused(what: string, error: unknown, reasons: Reasons, since?: string, config?: string): Error {
  if (since !== undefined && isErrno(error, ...UNKNOWN) && isOlderThan(since))
    return new NotSupportedError(what, since, kernelRelease(), { cause: error });
  if (config !== undefined && isErrno(error, ...UNKNOWN) && isBuiltWithout(config))
    return new NotSupportedError(what, undefined, kernelRelease(), { cause: error, config });
  const reason = error instanceof SyscallError ? reasons[error.code] : undefined;
  return reason === undefined ? new Error(what, { cause: error }) : new Refusal(`${what}: ${reason}`, (error as SyscallError).errno);
}
