import { progLoad, progLoadLogTrueSize } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { cString } from '../bytes/text.js';
import { NotSupportedError, VerifierError } from '../errors.js';
import { progTypeFeature, refusedBy, UNKNOWN } from '../probe/unsupported.js';
import { isBuiltWithout } from '../system/kernel-config.js';
import { isOlderThan, kernelRelease } from '../system/kernel-version.js';

type LoadAttributes = Parameters<typeof progLoad>[0];

/** The end of a log, in which the reason is. Since 6.4 a buffer that is too small holds the end, before that the beginning. */
const TAIL_SIZE = 256 << 10;
/** As much as kernels before 5.2 take (2^24 - 1), and of most programs all of it. */
const FIRST_SIZE = 0xff_ffff;
const MAX_SIZE = 1 << 29;
/** The verifier's own words and numbers without what it walked through: a few lines, however large the program. Since 5.2. */
const BPF_LOG_STATS = 4;

/** A program that the kernel took, and the log of it if one was asked for. */
export interface Verified {
  readonly fd: Fd;
  readonly log: string;
}

/** What came of asking for a log. */
type Outcome = Verified | { readonly error: SyscallError; readonly log: string };

/**
 * Loads a program; one that is refused is loaded once more, for the verifier's reason. The log is not asked for at first: writing it makes loading slow.
 *
 * @param level what log to ask for at once, all of it: 1 or 2 for its detail, + 4 for statistics, 0 for none
 * @param improve replaces what the verifier says about things only the loader knows
 * @param lacking the first kernel that has what the program is for, and the option it needs; where this kernel lacks them and refuses the program before it
 * looks at its instructions, that is the reason
 * @throws VerifierError when the verifier refuses, with the whole log, or without a level with its end; Error with the SyscallError as cause when it did
 * not come to that
 */
export function loadVerified(
  name: string,
  attributes: LoadAttributes,
  level: number,
  improve: (log: string) => string,
  lacking?: { readonly since: string; readonly config?: string | undefined },
): Verified {
  const result = level === 0 ? loadQuietly(attributes) : loadWithLog(attributes, level);
  if (!('error' in result)) return result;
  const log = improve(result.log);
  const what = `load program ${name}`;
  if (lacking && !WALK.test(log) && isErrno(result.error, ...UNKNOWN)) {
    const { since, config } = lacking;
    const cause = result.error;
    if (isOlderThan(since)) throw new NotSupportedError(what, since, kernelRelease(), { cause });
    if (config !== undefined && isBuiltWithout(config)) throw new NotSupportedError(what, undefined, kernelRelease(), { cause, config });
  }
  if (log === '' || isErrno(result.error, ...NOT_ITS_FAULT))
    throw refusedBy(progTypeFeature(attributes.prog_type ?? 0, what), result.error, what);
  throw new VerifierError(`${what}: the verifier refuses it: ${lastWords(log)}`, name, log, { cause: result.error });
}

/** An instruction that the verifier looked at: `12: (85) call ...`. */
const WALK = /^\d+: \([0-9a-f]{2}\) /m;

/** What stops the verifier at its work, or what comes after it, whatever the program. */
const NOT_ITS_FAULT = ['EAGAIN', 'EINTR', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC'];

function loadQuietly(attributes: LoadAttributes): Outcome {
  try {
    return { fd: progLoad(attributes), log: '' };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return loadForReason(attributes, error);
  }
}

/** A program that is far too large has a log of a hundred megabytes: its end says why. `first` is what the kernel said without a log. */
function loadForReason(attributes: LoadAttributes, first: SyscallError): Outcome {
  const tail = attempt(attributes, 1, TAIL_SIZE);
  if (!wasCut(tail)) return tail;
  if (progLoadLogTrueSize() > 0) return { error: first, log: fromWholeLine(tail.log) };
  const all = attempt(attributes, 1, FIRST_SIZE);
  if (!wasCut(all)) return all;
  const words = attempt(attributes, BPF_LOG_STATS, TAIL_SIZE);
  return 'error' in words && words.log !== '' ? words : { error: first, log: all.log };
}

function loadWithLog(attributes: LoadAttributes, level: number): Outcome {
  for (let size = FIRST_SIZE; ; ) {
    const outcome = attempt(attributes, level, size);
    if (!wasCut(outcome) || size >= MAX_SIZE) return outcome;
    size = Math.min(Math.max(size * 2, progLoadLogTrueSize()), MAX_SIZE);
  }
}

function attempt(attributes: LoadAttributes, level: number, size: number): Outcome {
  const buffer = new Uint8Array(size);
  try {
    const fd = progLoad({ ...attributes, log_buf: buffer, log_size: size, log_level: level });
    return { fd, log: cString(buffer) };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return { error, log: cString(buffer) };
  }
}

function wasCut(outcome: Outcome): outcome is Extract<Outcome, { error: SyscallError }> {
  return 'error' in outcome && isErrno(outcome.error, 'ENOSPC');
}

function fromWholeLine(log: string): string {
  return log.slice(log.indexOf('\n') + 1);
}

/** The verifier's reason stands before its statistics, and in a log of nothing else before the line of C. */
function lastWords(log: string): string {
  const lines = log.trimEnd().split('\n');
  return lines.findLast((line) => !NO_REASON.test(line)) ?? '';
}

const NO_REASON = /^(; |processed \d+ insns|verification time|stack depth|$)/;
