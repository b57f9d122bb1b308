// System calls other than bpf(2) that have no counterpart in Node, one function each.
import { closeSync } from 'node:fs';
import { SyscallError } from './error.js';
import { Fd } from './fd.js';
import { callSystem } from './ffi.js';
import { addressOf, cText } from './memory.js';

// asm/unistd_64.h (x86-64) and asm-generic/unistd.h (arm64). From 424 on the numbers are the same everywhere.
const NUMBERS = {
  x64: {
    bpf: 321,
    read: 0,
    close: 3,
    openat: 257,
    perf_event_open: 298,
    mmap: 9,
    munmap: 11,
    ioctl: 16,
    fcntl: 72,
    dup3: 292,
    socket: 41,
    bind: 49,
    sendto: 44,
    recvfrom: 45,
    setsockopt: 54,
    getsockname: 51,
    epoll_create1: 291,
    epoll_ctl: 233,
    epoll_pwait: 281,
    ppoll: 271,
    unshare: 272,
    setns: 308,
    mount: 165,
    umount2: 166,
    prlimit64: 302,
    capget: 125,
    capset: 126,
    name_to_handle_at: 303,
    statfs: 137,
    sched_setaffinity: 203,
    signalfd4: 289,
    eventfd2: 290,
    clock_gettime: 228,
    linkat: 265,
    readlinkat: 267,
    add_key: 248,
    keyctl: 250,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    move_mount: 429,
    pidfd_open: 434,
    pidfd_getfd: 438,
    prctl: 157,
    seccomp: 317,
  },
  arm64: {
    bpf: 280,
    read: 63,
    close: 57,
    openat: 56,
    perf_event_open: 241,
    mmap: 222,
    munmap: 215,
    ioctl: 29,
    fcntl: 25,
    dup3: 24,
    socket: 198,
    bind: 200,
    sendto: 206,
    recvfrom: 207,
    setsockopt: 208,
    getsockname: 204,
    epoll_create1: 20,
    epoll_ctl: 21,
    epoll_pwait: 22,
    ppoll: 73,
    unshare: 97,
    setns: 268,
    mount: 40,
    umount2: 39,
    prlimit64: 261,
    capget: 90,
    capset: 91,
    name_to_handle_at: 264,
    statfs: 43,
    sched_setaffinity: 122,
    signalfd4: 74,
    eventfd2: 19,
    clock_gettime: 113,
    linkat: 37,
    readlinkat: 78,
    add_key: 217,
    keyctl: 219,
    fsopen: 430,
    fsconfig: 431,
    fsmount: 432,
    move_mount: 429,
    pidfd_open: 434,
    pidfd_getfd: 438,
    prctl: 167,
    seccomp: 277,
  },
} as const;

export type SystemCall = keyof (typeof NUMBERS)['x64'];

/** The number of a system call on this machine's architecture. */
export function systemCallNumber(name: SystemCall): number {
  const table = (NUMBERS as Record<string, Record<SystemCall, number>>)[process.arch];
  if (!table) throw new Error(`bpf-ts knows the system calls of x64 and arm64; this is ${process.arch}`);
  return table[name];
}

const EINTR = 4;
const ATTEMPTS = 10;

/**
 * Makes a system call and throws a {@link SyscallError} when it fails. A buffer is passed as its address. One that a signal interrupted is made again:
 * none of these has done anything then.
 */
export function systemCall(name: SystemCall, ...args: (number | bigint | Uint8Array)[]): number {
  const words = args.map((arg) => (arg instanceof Uint8Array ? addressOf(arg) : arg));
  for (let attempt = 1; ; attempt++) {
    const result = callSystem(systemCallNumber(name), words);
    if (result >= 0) return result;
    if (result !== -EINTR || attempt === ATTEMPTS) throw new SyscallError(name, -result);
  }
}

/** What a system call without arguments answers, by its number: a result from 0 up, or minus the errno. For finding out whether it is there. */
export function askSystemCall(number: number): number {
  return callSystem(number, []);
}

const F_DUPFD_CLOEXEC = 1030;

/** A copy of a descriptor, numbered `least` or above and closed on exec. */
export function duplicate(fd: number, least: number): number {
  return systemCall('fcntl', fd, F_DUPFD_CLOEXEC, least);
}

/** A copy of a descriptor of another process, since Linux 5.6. @throws SyscallError ESRCH without the process, EBADF without the descriptor */
export function descriptorOf(pid: number, fd: number): Fd {
  using holder = new Fd(systemCall('pidfd_open', pid, 0));
  return new Fd(systemCall('pidfd_getfd', holder.number, fd, 0));
}

/**
 * Closes a descriptor of which nothing is awaited any more. close(2) gives it back whatever it answers, so that only EBADF is an error: one of ours.
 * What a file is written through is closed by node:fs instead, since there the answer may tell of a loss.
 */
export function close(fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBADF') throw error;
  }
}

export const NamespaceFlag = { NEWNS: 0x20000, NEWCGROUP: 0x2000000, NEWNET: 0x40000000, NEWUSER: 0x10000000 } as const;

/** Moves this thread into namespaces of its own. */
export function unshare(flags: number): void {
  systemCall('unshare', flags);
}

/** Moves this thread into the namespace that `fd` refers to; `kind` 0 takes any. */
export function setNamespace(fd: number, kind = 0): void {
  systemCall('setns', fd, kind);
}

export const MountFlag = { BIND: 4096, REC: 16384, PRIVATE: 1 << 18, NOSUID: 2, NODEV: 4, NOEXEC: 8 } as const;

export function mount(source: string, target: string, type: string, flags: number, data?: string): void {
  systemCall('mount', cText(source), cText(target), cText(type), flags, data === undefined ? 0 : cText(data));
}

export function unmount(target: string, flags = 0): void {
  systemCall('umount2', cText(target), flags);
}

/**
 * Mounts a file system of this type nowhere, and gives the descriptor of its root: files in it are reached below /proc/self/fd/N, and when the
 * descriptor is closed the mount is gone. Since 5.2.
 */
export function mountNowhere(type: string): Fd {
  const [FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC, FSCONFIG_CMD_CREATE] = [1, 1, 6];
  using context = new Fd(systemCall('fsopen', cText(type), FSOPEN_CLOEXEC));
  systemCall('fsconfig', context.number, FSCONFIG_CMD_CREATE, 0, 0, 0);
  return new Fd(systemCall('fsmount', context.number, FSMOUNT_CLOEXEC, 0));
}

/** Gives an open file that has no name yet (O_TMPFILE) one. @throws SyscallError EEXIST when there is a file of that name */
export function linkOpenFile(fd: number, path: string): void {
  const [AT_FDCWD, AT_SYMLINK_FOLLOW] = [-100, 0x400];
  systemCall('linkat', AT_FDCWD, cText(`/proc/self/fd/${fd}`), AT_FDCWD, cText(path), AT_SYMLINK_FOLLOW);
}

/** The `f_type` that statfs(2) gives for the file system a path is on, such as 0xcafe4a11 for bpffs. */
export function fileSystemMagic(path: string): number {
  const buffer = new Uint8Array(128);
  systemCall('statfs', cText(path), buffer);
  return new DataView(buffer.buffer).getUint32(0, true);
}

const RLIMIT_MEMLOCK = 8;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/**
 * Raises RLIMIT_MEMLOCK of this process as far as it may: without CAP_SYS_RESOURCE up to its hard limit. Kernels before 5.11 count BPF memory against it.
 * Never throws: what there is may be enough.
 */
export function raiseMemlockLimit(): void {
  if (setMemlockLimit(UNLIMITED, UNLIMITED)) return;
  const limits = new BigUint64Array(2);
  systemCall('prlimit64', 0, RLIMIT_MEMLOCK, 0, new Uint8Array(limits.buffer));
  setMemlockLimit(limits[1]!, limits[1]!);
}

function setMemlockLimit(soft: bigint, hard: bigint): boolean {
  try {
    systemCall('prlimit64', 0, RLIMIT_MEMLOCK, new Uint8Array(new BigUint64Array([soft, hard]).buffer), 0);
    return true;
  } catch {
    return false;
  }
}

/** ioctl(2) with an integer or a buffer. */
export function ioctl(fd: number, request: number, argument: number | Uint8Array = 0): number {
  return systemCall('ioctl', fd, request, argument);
}

export const Clock = { REALTIME: 0, MONOTONIC: 1, BOOTTIME: 7 } as const;

/** What a clock shows, in nanoseconds. Programs and BPF helpers tell time by BOOTTIME and MONOTONIC. */
export function readClock(clock: number): bigint {
  const time = new BigInt64Array(2);
  systemCall('clock_gettime', clock, new Uint8Array(time.buffer));
  return time[0]! * 1_000_000_000n + time[1]!;
}

/** Sets an option of SOL_SOCKET that takes an int. */
export function setSocketOption(socket: number, option: number, value: number): void {
  const SOL_SOCKET = 1;
  systemCall('setsockopt', socket, SOL_SOCKET, option, new Uint8Array(new Int32Array([value]).buffer), 4);
}

const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

/** The capabilities that this thread may use now, as bits. */
export function capabilities(): bigint {
  const [low = 0, , , high = 0] = readCapabilitySets();
  return (BigInt(high) << 32n) | BigInt(low);
}

function capabilityHeader(): Uint8Array {
  return new Uint8Array(new Uint32Array([LINUX_CAPABILITY_VERSION_3, 0]).buffer);
}

/** Two times effective, permitted, inheritable: the lower halves, then the upper ones. */
function readCapabilitySets(): Uint32Array {
  const sets = new Uint32Array(6);
  systemCall('capget', capabilityHeader(), new Uint8Array(sets.buffer));
  return sets;
}

/**
 * Takes capabilities, given by their bits, out of the effective set of this thread: the kernel then treats its calls as those of a process without
 * them. They stay permitted.
 */
export function lowerCapabilities(bits: bigint): void {
  const sets = readCapabilitySets();
  sets[0]! &= ~Number(bits & 0xffff_ffffn);
  sets[3]! &= ~Number(bits >> 32n);
  systemCall('capset', capabilityHeader(), new Uint8Array(sets.buffer));
}
