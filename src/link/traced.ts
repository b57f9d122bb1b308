// Programs on perf events and raw tracepoints that no link holds: found through the processes that have them open.
import { closeSync, openSync, readdirSync } from 'node:fs';
import { taskFdQuery } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import { cString } from '../bytes/text.js';

// enum bpf_task_fd_type
const KINDS = ['raw_tracepoint', 'tracepoint', 'kprobe', 'kretprobe', 'uprobe', 'uretprobe'] as const;

/** A descriptor of a process to which a program is attached. */
export interface TracedDescriptor {
  readonly pid: number;
  readonly fd: number;
  readonly progId: number;
  /** Undefined for one that this release does not know. */
  readonly kind: (typeof KINDS)[number] | undefined;
  /** Of the tracepoint, the function, or the file that a user function is in; empty when a kernel function is given by its address. */
  readonly name: string;
  /** In bytes, from the function's or the file's beginning. */
  readonly offset: bigint;
  readonly address: bigint;
}

// PATH_MAX
const NAME_SIZE = 4096;

/**
 * Every descriptor of every process that a program hangs on, by process and number. Processes that may not be looked into are passed over. Perf events
 * that are attached to by a link are not among them: the kernel tells of those by the link.
 * @throws Error with the SyscallError as cause without CAP_SYS_ADMIN
 */
export function* tracedDescriptors(): Generator<TracedDescriptor> {
  const buffer = new Uint8Array(NAME_SIZE);
  mayAsk(buffer);
  for (const pid of numbersIn('/proc')) {
    for (const fd of numbersIn(`/proc/${pid}/fd`)) {
      const found = query(pid, fd, buffer);
      if (!found) continue;
      const { prog_id: progId, fd_type: type, probe_offset: offset, probe_addr: address } = found;
      yield { pid, fd, progId, kind: KINDS[type], name: cString(buffer), offset, address };
    }
  }
}

/** Throws when the kernel answers nobody like us: about a directory of our own it would say that there is nothing. */
function mayAsk(buffer: Uint8Array): void {
  const fd = openSync('/', 'r');
  try {
    taskFdQuery(process.pid, fd, buffer);
  } catch (error) {
    throw new Error('look for programs on perf events', { cause: error });
  } finally {
    closeSync(fd);
  }
}

function query(pid: number, fd: number, buffer: Uint8Array): ReturnType<typeof taskFdQuery> {
  try {
    return taskFdQuery(pid, fd, buffer);
  } catch (error) {
    // A process of another container (EPERM), for example.
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function numbersIn(directory: string): number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    // Gone meanwhile, or not ours to look into.
    return [];
  }
}
