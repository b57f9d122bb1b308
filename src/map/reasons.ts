import type { SyscallError } from '../../native/error.js';

// In the words of bpftool, which prints what the C library says: scripts compare them.
const TEXTS: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EFAULT: 'Bad address',
  EBUSY: 'Device or resource busy',
  EINVAL: 'Invalid argument',
  ENOSPC: 'No space left on device',
  E2BIG: 'Argument list too long',
  EOPNOTSUPP: 'Operation not supported',
  ENOTSUPP: 'Unknown error 524',
};

/** Why a value is not shown. Lines of plain text have shorter words for the two commonest reasons. */
export function reasonText(mapType: string, error: SyscallError, short: boolean): string {
  if (short && error.code === 'ENOENT') return '<no entry>';
  if (short && error.code === 'ENOSPC' && mapType === 'reuseport_sockarray') return '<cannot read>';
  return TEXTS[error.code] ?? `Unknown error ${error.errno}`;
}
