// Whether a test is right to skip. In a guest of test/vm everything is there but what its kernel lacks: a skip for another reason hides a failure.
import { isBuiltWithout } from '../../src/system/kernel-config.js';
import { isOlderThan } from '../../src/system/kernel-version.js';

/** What a kernel has to have for a test. */
export interface Needs {
  /** The first kernel, as `6.6`. */
  readonly since?: string;
  /** Options of its configuration, as `NETKIT`. */
  readonly config?: readonly string[];
}

/** Why a test has to skip on this kernel, in the words that {@link isJustified} knows; false when it may not. */
export function lacks({ since, config = [] }: Needs): string | false {
  if (since !== undefined && isOlderThan(since)) return `needs Linux ${since}`;
  const missing = config.find((option) => isBuiltWithout(option));
  return missing === undefined ? false : `needs CONFIG_${missing}`;
}

/** Reasons that lie outside of the kernel. */
const OUTSIDE: readonly RegExp[] = [
  // What the test compares with, or asks for help.
  /^needs (bpftool|cpio|clang|python3|bash|zsh|fish)\b/,
  // Of Debian's kernels none is without them.
  /^needs a kernel without kprobes/,
  // QEMU has no counters for its guests; CONFIG_FUNCTION_ERROR_INJECTION and the like stand in `needs CONFIG_...`.
  /^needs hardware performance counters/,
];

/** Whether what a reason says is so: that the kernel is too old, too new, or made without an option, or that something is missing outside of it. */
export function isJustified(reason: string): boolean {
  const [, since] = /^needs Linux (\d+\.\d+)/.exec(reason) ?? /\((?:since )?(\d+\.\d+)\)$/.exec(reason) ?? [];
  if (since !== undefined) return isOlderThan(since);
  const [, before] = /^needs a kernel before (\d+\.\d+)/.exec(reason) ?? [];
  if (before !== undefined) return !isOlderThan(before);
  const [, option] = /^needs CONFIG_(\w+)/.exec(reason) ?? [];
  if (option !== undefined) return isBuiltWithout(option);
  return OUTSIDE.some((pattern) => pattern.test(reason));
}
