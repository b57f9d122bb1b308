// Reads what strace -f -y writes: which thread made which system call, on what.

/** One system call as it was entered. */
export interface CallLine {
  readonly thread: number;
  readonly name: string;
  /** Which of this thread's calls of this name it is, from 1 up. */
  readonly count: number;
  /** Its arguments and what it gave, as strace shows them. */
  readonly text: string;
  /** What it did, without numbers and data: two calls that are alike in this are the same to whoever wrote the program. */
  readonly what: string;
  readonly injected: boolean;
}

/** Calls in the order in which they were entered. */
export function parseTrace(log: string): CallLine[] {
  const counts = new Map<string, number>();
  const calls: CallLine[] = [];
  for (const [, thread, name, text] of log.matchAll(/^(\d+) +(\w+)\((.*)$/gm)) {
    const key = `${thread} ${name}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    calls.push({
      thread: Number(thread),
      name: name!,
      count,
      text: text!,
      what: whatOf(name!, text!),
      injected: text!.endsWith('(INJECTED)'),
    });
  }
  return calls;
}

// Calls whose arguments say what is asked for; of others only the files count.
const TELLING = /^(socket|setsockopt|sendto|perf_event_open|mount|fsconfig|prlimit64|fcntl|unshare|setns|mmap)$/;
const MOST = 160;

function whatOf(name: string, text: string): string {
  // What a call gives stands in its arguments too, and only where it did not fail.
  const args = text.replace(/ = -?\d+.*$| <unfinished \.\.\.>$| = \?$/, '').replace(/\)$| => .*$/, '');
  const telling =
    name === 'bpf'
      ? bpfIn(args)
      : name === 'ioctl'
        ? requestIn(args)
        : TELLING.test(name)
          ? args.replace(/\\[0-7x]\w*/g, '')
          : filesIn(args);
  const alike = telling.replace(/\/tmp\/bpf-ts-\w+(-\w+)?/g, 'PLACE');
  return `${name}(${alike
    .replace(/0x[0-9a-f]+/g, '@')
    .replace(/\d+/g, '#')
    .slice(0, MOST)})`;
}

/** The command and what it is on, without what an object that happens to be there is called. */
function bpfIn(args: string): string {
  const [command = ''] = args.split(',', 1);
  // Asked in a loop over all that can be attached.
  if (command === 'BPF_PROG_QUERY') return command;
  if (command === 'BPF_OBJ_GET_INFO_BY_FD') return `${command} ${/<(anon_inode:[\w-]+)>/.exec(args)?.[1] ?? ''}`;
  // What follows the attributes is left out where an answer follows in its place.
  return args
    .replace(/\}, \d+$/, '}')
    .replace(/<\/[^>]*>/g, '')
    .replace(/\\[0-7x]\w*/g, '');
}

/** The descriptor, and what is asked of it; what stands behind that is often the answer, which a call that fails does not give. */
function requestIn(args: string): string {
  return args.split(', ', 2).join(', ');
}

/** The file of each descriptor, and names of files; not what is read or written. */
function filesIn(args: string): string {
  const [of] = /^\d+<.*?>(?:\(deleted\))?(?=[,)]|$)/.exec(args) ?? [''];
  const named = /^(?:AT_FDCWD<.*?>, |\d+<.*?>, )?("(?:[^"\\]|\\.)*")/.exec(args)?.[1] ?? '';
  const isData = of !== '' && !args.startsWith(`${of}, ""`) && !/O_|AT_/.test(args);
  return [of, ...(isData ? [] : [named])].join(' ').trim();
}
