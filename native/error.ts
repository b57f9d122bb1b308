// Errno values that Node does not name: of the kernel's own (524 leaks to user space from bpf(2)) and of its keyrings and namespaces.
const MORE: Record<string, number> = {
  ENOTSUPP: 524,
  ENOKEY: 126,
  EKEYEXPIRED: 127,
  EKEYREVOKED: 128,
  EKEYREJECTED: 129,
  EUCLEAN: 117,
  ENODATA: 61,
  ENOPKG: 65,
  EREMOTE: 66,
};

let names: Map<number, string> | undefined;

/** Made when the first error is named: node:os takes half a millisecond to load. */
function errnoNames(): Map<number, string> {
  if (names) return names;
  const { constants } = process.getBuiltinModule('node:os');
  names = new Map();
  for (const [name, value] of Object.entries({ ...MORE, ...constants.errno })) if (!names.has(value)) names.set(value, name);
  return names.set(11, 'EAGAIN').set(95, 'EOPNOTSUPP');
}

const SENTENCES: Record<string, string> = {
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or object',
  ESRCH: 'no such process or type',
  EINTR: 'interrupted by a signal',
  EIO: 'input/output error',
  E2BIG: 'too big',
  EBADF: 'bad file descriptor',
  EAGAIN: 'the resource is busy for now',
  ENOMEM: 'out of memory',
  EACCES: 'permission denied',
  EFAULT: 'bad address',
  EBUSY: 'in use',
  EEXIST: 'already exists',
  ENODEV: 'no such device',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  EINVAL: 'invalid argument',
  ENFILE: 'too many open files in the system',
  EMFILE: 'too many open files in this process',
  ENOSPC: 'no space left',
  EROFS: 'the file system is read-only',
  ERANGE: 'out of range',
  ENAMETOOLONG: 'name too long',
  ENOSYS: 'the system call is not there',
  EOPNOTSUPP: 'operation not supported',
  ENOTSUPP: 'operation not supported',
  ENETDOWN: 'the network is down',
  ENOKEY: 'the key is not there',
  EKEYREJECTED: 'the key was refused',
  ETIMEDOUT: 'timed out',
};

/** The symbolic name of an errno, such as `EPERM`, or its number as text. */
export function errnoName(errno: number): string {
  return errnoNames().get(errno) ?? `errno ${errno}`;
}

/** What an errno means, in lower case and without a full stop. */
export function errnoSentence(errno: number): string {
  const name = errnoName(errno);
  return SENTENCES[name] ?? name;
}

/** A system call failed. `code` is the errno's name; the message says only which call and why: each layer above adds what it knows. */
export class SyscallError extends Error {
  override readonly name = 'SyscallError';
  readonly code: string;

  constructor(
    readonly syscall: string,
    readonly errno: number,
    options?: ErrorOptions,
  ) {
    super(`${syscall}: ${errnoSentence(errno)} (${errnoName(errno)})`, options);
    this.code = errnoName(errno);
  }

  /** The reason alone, such as `operation not permitted`. */
  get reason(): string {
    return errnoSentence(this.errno);
  }
}

/** Whether an error is a failed system call with one of these errno names. */
export function isErrno(error: unknown, ...codes: string[]): error is SyscallError {
  return error instanceof SyscallError && codes.includes(error.code);
}

/** Whether a call failed for want of descriptors: that says nothing on what was asked for. */
export function isShortage(error: unknown): boolean {
  return isErrno(error, 'EMFILE', 'ENFILE');
}
