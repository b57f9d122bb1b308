// Programs on perf events and raw tracepoints: found through the processes that have these open, and through links.
import { openSync, readdirSync } from 'node:fs';
import { taskFdQuery } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import { close } from '../../native/system.js';
import { cString } from '../bytes/text.js';
import type { LinkTarget } from './info.js';
import { Link } from './link.js';

// enum bpf_task_fd_type
const KINDS = ['raw_tracepoint', 'tracepoint', 'kprobe', 'kretprobe', 'uprobe', 'uretprobe'] as const;

/** What a program that traces is attached to. */
export interface Traced {
  readonly progId: number;
  /** Undefined for one that this release does not know. */
  readonly kind: (typeof KINDS)[number] | undefined;
  /** Of the tracepoint, the function, or the file that a user function is in; empty when a kernel function is given by its address. */
  readonly name: string;
  /** In bytes, from the function's or the file's beginning. */
  readonly offset: bigint;
  readonly address: bigint;
}

/** A descriptor of a process to which a program is attached. */
export interface TracedDescriptor extends Traced {
  readonly pid: number;
  readonly fd: number;
}

/** A link that holds a program at an event. */
export interface TracedLink extends Traced {
  readonly linkId: number;
}

// PATH_MAX
const NAME_SIZE = 4096;

/**
 * Every descriptor of every process that a program hangs on, by process and number. Processes that may not be looked into are passed over. Perf events
 * that are attached to by a link are not among them: those are {@link tracedLinks}.
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

/**
 * Links that hold programs at raw tracepoints, tracepoints and probes: also those that live by a pin alone, which no process has open. What they are at is known
 * since 6.6 (raw tracepoints: since 5.8); links of older kernels, and those of other perf events, are left out. Needs CAP_SYS_ADMIN.
 */
export function* tracedLinks(): Generator<TracedLink> {
  for (using link of Link.all()) {
    const { id, progId, target } = link.info;
    const traced = whereLinkIs(target);
    if (traced) yield { linkId: id, progId, ...traced };
  }
}

function whereLinkIs(target: LinkTarget): Omit<Traced, 'progId'> | undefined {
  const none = { offset: 0n, address: 0n };
  if (target.type === 'raw_tracepoint') return { ...none, kind: 'raw_tracepoint', name: target.tpName };
  if (target.type !== 'perf_event') return undefined;
  const { event } = target;
  switch (event.kind) {
    case 'tracepoint':
      return { ...none, kind: event.kind, name: event.name };
    case 'kprobe':
    case 'kretprobe':
      return { kind: event.kind, name: event.func, offset: BigInt(event.offset), address: event.address };
    case 'uprobe':
    case 'uretprobe':
      return { ...none, kind: event.kind, name: event.file, offset: BigInt(event.offset) };
    default:
      return undefined;
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
    close(fd);
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
