import { raiseMemlockLimit } from '../../native/system.js';
import { isOlderThan } from './kernel-version.js';

let asked = false;

/**
 * Kernels before 5.11 count BPF memory against what a process may lock (RLIMIT_MEMLOCK), which is little, and refuse what is above with EPERM, as if it were
 * not allowed. Raises that limit of this process there, as far as it may; never throws.
 */
export function raiseMemlockWhereCounted(): void {
  if (asked) return;
  asked = true;
  if (isOlderThan('5.11')) raiseMemlockLimit();
}
