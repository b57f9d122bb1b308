import { btfLoad } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import type { Btf } from '../btf/btf.js';
import { cString } from '../bytes/text.js';
import { Flag } from '../kernel/enums.gen.js';
import { sanitizeBtf } from '../object/sanitize-btf.js';
import type { FeatureSet } from '../probe/features.js';

const LOG_SIZE = 1 << 20;
const MAX_LOG_SIZE = 1 << 26;

/** The object's types in the kernel. */
export interface LoadedBtf {
  readonly fd: Fd;
  /** False when the kernel takes no information on functions and lines. */
  readonly takesInfo: boolean;
}

/**
 * Gives the object's types to the kernel; what an older kernel does not know of them is first put into words it knows.
 *
 * @throws Error with the SyscallError as cause, and the kernel's reason in its message
 */
export function loadObjectBtf(btf: Btf, features: FeatureSet, token: number): LoadedBtf {
  try {
    return { fd: tryLoad(btf.bytes, token), takesInfo: true };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    const simpler = sanitizeBtf(btf, features);
    if (!simpler) throw explain(btf.bytes, token, error);
    return { fd: loadSimpler(simpler, token), takesInfo: features.has('btfFunc') };
  }
}

function loadSimpler(bytes: Uint8Array, token: number): Fd {
  try {
    return tryLoad(bytes, token);
  } catch (error) {
    throw error instanceof SyscallError ? explain(bytes, token, error) : error;
  }
}

function tryLoad(bytes: Uint8Array, token: number, log?: Uint8Array): Fd {
  return btfLoad({
    btf: bytes,
    btf_size: bytes.length,
    btf_log_buf: log,
    btf_log_size: log?.length,
    btf_log_level: log ? 1 : 0,
    btf_flags: token ? Flag.BPF_F_TOKEN_FD : 0,
    btf_token_fd: token || undefined,
  });
}

/** Loads again, with the kernel's log, and says its last words. */
function explain(bytes: Uint8Array, token: number, refused: SyscallError): Error {
  for (let size = LOG_SIZE; size <= MAX_LOG_SIZE; size *= 4) {
    const log = new Uint8Array(size);
    try {
      tryLoad(bytes, token, log)[Symbol.dispose]();
    } catch (error) {
      if (isErrno(error, 'ENOSPC')) continue;
    }
    const reason = cString(log).trimEnd().split('\n').at(-1);
    return new Error(`load the types of the object${reason ? ` (${reason})` : ''}`, { cause: refused });
  }
  return new Error('load the types of the object', { cause: refused });
}
