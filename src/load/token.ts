import { tokenCreate, tryTokenCreate } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { UsageError } from '../errors.js';
import { STANDARD_BPFFS } from '../system/bpffs.js';
import { openDirectory } from './kernel.js';

/**
 * A BPF token, by which the owner of a bpffs delegates what it may be used for to a user namespace. Without a path one is tried to be got from the
 * standard place, and done without when there is none. Since 6.9.
 *
 * @param path '' for none
 * @throws Error when a path is given and gives no token
 */
export function openToken(path: string | undefined): Fd | undefined {
  if (path === '') return undefined;
  try {
    using directory = openDirectory(path ?? STANDARD_BPFFS);
    return path === undefined ? tryTokenCreate(directory.number) : tokenCreate(directory.number);
  } catch (error) {
    if (path === undefined) return undefined;
    if (!(error instanceof SyscallError)) throw new UsageError(`open ${path} for a BPF token`, { cause: error });
    throw new Error(`get a BPF token from ${path}`, { cause: error });
  }
}
