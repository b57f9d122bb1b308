import { progLoad, progLoadLogTrueSize } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { cString } from '../bytes/text.js';
import { VerifierError } from '../errors.js';
import { progTypeFeature, refusedBy } from '../probe/unsupported.js';

type LoadAttributes = Parameters<typeof progLoad>[0];

/** The verifier's log is not asked for at first: writing it makes loading slow. It grows until all of it fits. */
const FIRST_SIZE = 0xff_ffff;
const MAX_SIZE = 1 << 29;

/** A program that the kernel took, and the log of it if one was asked for. */
export interface Verified {
  readonly fd: Fd;
  readonly log: string;
}

/**
 * Loads a program; one that is refused is loaded once more, for the verifier's reason.
 *
 * @param level what log to ask for at once: 1 or 2 for its detail, + 4 for statistics, 0 for none
 * @param improve replaces what the verifier says about things only the loader knows
 * @throws VerifierError with the whole log when the verifier refuses; Error with the SyscallError as cause when it did not come to that
 */
export function loadVerified(name: string, attributes: LoadAttributes, level: number, improve: (log: string) => string): Verified {
  try {
    if (level === 0) return { fd: progLoad(attributes), log: '' };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
  const result = loadWithLog(attributes, level || 1);
  if (!('error' in result)) return result;
  const log = improve(result.log);
  if (log === '' || isErrno(result.error, ...NOT_ITS_FAULT))
    throw refusedBy(progTypeFeature(attributes.prog_type ?? 0, `load program ${name}`), result.error, `load program ${name}`);
  throw new VerifierError(`load program ${name}: the verifier refuses it: ${lastWords(log)}`, name, log, { cause: result.error });
}

/** What stops the verifier at its work, whatever the program. */
const NOT_ITS_FAULT = ['EAGAIN', 'EINTR', 'ENOMEM', 'ENOSPC'];

function loadWithLog(attributes: LoadAttributes, level: number): Verified | { error: SyscallError; log: string } {
  for (let size = FIRST_SIZE; ; ) {
    const buffer = new Uint8Array(size);
    try {
      const fd = progLoad({ ...attributes, log_buf: buffer, log_size: size, log_level: level });
      return { fd, log: cString(buffer) };
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (!isErrno(error, 'ENOSPC') || size >= MAX_SIZE) return { error, log: cString(buffer) };
      size = Math.min(Math.max(size * 2, progLoadLogTrueSize()), MAX_SIZE);
    }
  }
}

/** The verifier's reason stands before its statistics. */
function lastWords(log: string): string {
  const lines = log.trimEnd().split('\n');
  return lines.findLast((line) => !STATISTICS.test(line)) ?? '';
}

const STATISTICS = /^(processed \d+ insns|verification time|stack depth|$)/;
