import { SyscallError } from '../../native/error.js';

/** What errors mean here, by their code, where that is more than the words of the errno say. */
export type Reasons = Readonly<Record<string, string>>;

/** Makes a call; when it is refused, throws what {@link refused} makes of it. */
export function attempt<T>(what: string, call: () => T, reasons: Reasons = {}): T {
  try {
    return call();
  } catch (error) {
    throw refused(what, error, reasons);
  }
}

/** An Error that says what was tried, on what, and why not: in the words for this case where there are some, with the system call's own otherwise. */
export function refused(what: string, error: unknown, reasons: Reasons): Error {
  const reason = error instanceof SyscallError ? reasons[error.code] : undefined;
  return reason === undefined ? new Error(what, { cause: error }) : new Error(`${what}: ${reason}`);
}
