// Which of a command's system calls are made to fail, out of all that strace saw.
import type { Effect } from './strace.js';
import type { CallLine } from './trace.js';

export const ERRORS = ['EPERM', 'ENOMEM', 'EINTR', 'EAGAIN', 'EBUSY', 'E2BIG', 'ENOSPC'].map((error) => ({ error })) satisfies Effect[];
export const SIGNALS = (['SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGPIPE'] as const).map((signal) => ({ signal })) satisfies Effect[];

/** A refusal, what asks for another attempt, and a signal. */
const OF_EACH_KIND: readonly Effect[] = [ERRORS[0]!, ERRORS[2]!, SIGNALS[0]!];
const REFUSED: readonly Effect[] = [ERRORS[0]!];

/** A call to be met, and with what. */
export interface Target {
  readonly call: CallLine;
  readonly effects: readonly Effect[];
  /** On a thread of the pool calls are found by their file, since how many it made before differs from run to run. */
  readonly path?: string;
}

/** The memory, threads, signals and clocks of Node, V8 and libc: nothing that the tool asks for. */
const NODES =
  /^(brk|munmap|mprotect|madvise|mremap|futex|rt_\w+|clone3?|exit|exit_group|getpid|gettid|uname|getrandom|set_\w+|rseq|prctl|arch_prctl|sched_\w+|clock_\w+|restart_syscall|membarrier|getuid|geteuid|getgid|getegid|sysinfo|times|getrusage|execve|execveat|wait4|kill|tgkill|sigaltstack|pipe2|prlimit64)$/;

/** Node takes its standard descriptors as they are at its start, and puts them so at its end; it ends itself where that fails (ResetStdio). */
// So does koffi, which flushes them at its end.
const STANDARD = /^(fsync|fstat|fcntl|ioctl|tcgetattr) [012]</;

// libuv ends the process itself where its own wait, or its pipe for signals, fails (uv__io_poll, uv__async_send, uv__signal_event): only signals can be told
// there. The tool itself has no pipes but the standard descriptors, which are none here.
const LOOP =
  /^epoll_|^ioctl\(#<anon_inode:\[eventpoll\]>|^(read|write|close|fcntl|eventfd2)\(#<(anon_inode:\[event(poll|fd)\]|pipe:\[#\])>/;

/** A chunk of the bundle, a package, or what finding one asks: loading is the same for every command, and is met whole in one of them. */
const LOADING = /\/(dist|node_modules|bin)\b|koffi|\/etc\/ld\.so|\/lib\/|package\.json|libstdc|cachedData/;

/** The first call of the tool itself: what starts it has been read. */
const isMarker = ({ name, text }: CallLine) => name === 'openat' && text.includes('/dist/main.cjs');

/** The calls of the tool itself: those after its start that are not Node's. */
export function ownCalls(calls: readonly CallLine[]): CallLine[] {
  const start = calls.findIndex(isMarker);
  if (start < 0) throw new Error('the trace does not show where the tool begins: is the bundle built?');
  const main = calls[start]!.thread;
  return calls.slice(start).filter((call) => !isNodes(call) && (call.thread === main || isOnFile(call)));
}

function isNodes({ name, text }: CallLine): boolean {
  return (
    STANDARD.test(`${name} ${text}`) ||
    (NODES.test(name) && !/RLIMIT_MEMLOCK/.test(text)) ||
    (name === 'mmap' && text.includes('MAP_ANONYMOUS'))
  );
}

const isOnFile = ({ text }: CallLine) => /^(\d+<|AT_FDCWD<[^>]*>, ")\//.test(text) && !LOADING.test(text);

/** Calls that read files: Node tells of each in the same way, so that not every one has to fail in all ways. */
const READING =
  /^(openat|read|pread64|readv|close|statx|newfstatat|fstat|lstat|stat|lseek|readlink|readlinkat|getdents64|access|faccessat2?|mmap|statfs|getcwd)$/;

/**
 * Each distinct call, where it is made first, with every effect. What only reads files meets every effect once for each name of a system call, and then a
 * refusal. The last repetition of other calls meets one of each kind. What is in `seen` another form of the same command has met, and is left
 * out. Of those that load parts of the tool, unless `loading` is asked for, one for each part.
 */
export function targetsOf(calls: readonly CallLine[], loading: boolean, seen: Set<string>): Target[] {
  const main = calls[0]?.thread;
  return [...groupBy(calls).values()].flatMap((group): Target[] => {
    const first = group[0]!;
    const path = first.thread === main ? {} : { path: pathOf(first) };
    if (seen.has(first.what)) return [];
    seen.add(first.what);
    if (LOOP.test(first.what)) return [{ call: first, effects: SIGNALS, ...path }];
    if (!loading && LOADING.test(first.text)) return first.name === 'openat' ? [{ call: first, effects: [ERRORS[0]!] }] : [];
    const isNew = !READING.test(first.name) || !seen.has(first.name);
    seen.add(first.name);
    const once: Target = { call: first, effects: effectsOn(first.name, isNew), ...path };
    return group.length > 1 && !READING.test(first.name) ? [once, { call: group.at(-1)!, effects: OF_EACH_KIND, ...path }] : [once];
  });
}

function effectsOn(name: string, isNew: boolean): readonly Effect[] {
  return isNew || !READING.test(name) ? [...ERRORS, ...SIGNALS] : REFUSED;
}

function groupBy(calls: readonly CallLine[]): Map<string, CallLine[]> {
  const groups = new Map<string, CallLine[]>();
  for (const call of calls) {
    const group = groups.get(call.what);
    if (group) group.push(call);
    else groups.set(call.what, [call]);
  }
  return groups;
}

function pathOf({ text }: CallLine): string {
  return /^(?:\d+<([^>]*)>|AT_FDCWD<[^>]*>, "([^"]*)")/
    .exec(text)!
    .slice(1)
    .find((path) => path !== undefined)!;
}
