// Turns what is said about a target in words into the kernel's numbers.
import { openSync } from 'node:fs';
import { isErrno } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { descriptorOf } from '../../native/system.js';
import { UsageError } from '../errors.js';
import type { SectionMatch } from '../hook/all.js';
import type { Anchor, Target, TargetKind, TargetWord, XdpMode } from '../hook/hook.js';
import { PERF_EVENTS, type PerfEventName } from '../hook/perf-event.js';
import { openCgroup } from '../system/cgroups.js';
import { onlineCpus } from '../system/cpus.js';
import { requireInterface } from '../system/interfaces.js';
import { type Later, resolveName } from './resolve.js';

/** Where to attach, beyond what the section says. The names are the words of the command line. */
export interface TargetWords {
  /** Name of a network interface. */
  readonly dev?: string | undefined;
  /** Path of a cgroup's directory. */
  readonly cgroup?: string | undefined;
  /** Path of a network namespace, such as /run/netns/NAME; this process's own otherwise. */
  readonly netns?: string | undefined;
  /** A map, such as a BpfMap. */
  readonly map?: { readonly fd: number; readonly id: number } | undefined;
  /** Where packets of a route go to: `10.1.0.0/24`, `fd00::/64`; with `local`, they are for this host. */
  readonly route?: string | undefined;
  readonly local?: boolean | undefined;
  /** Path of a device, such as /dev/lirc0. */
  readonly device?: string | undefined;
  /** Descriptor of a socket of this process, or `PID:FD`: one of another. */
  readonly socket?: number | string | undefined;
  /** How an XDP program runs; the kernel chooses otherwise. */
  readonly mode?: XdpMode | undefined;
  /** Attach over netlink, without a link. */
  readonly netlink?: boolean | undefined;
  /** What bpf_get_attach_cookie() gives the program. */
  readonly cookie?: bigint | undefined;
  /** Before or after a program or link in the hook's list, or at its beginning or end. */
  readonly before?: Anchor['of'] | 'all' | undefined;
  readonly after?: Anchor['of'] | 'all' | undefined;
  readonly priority?: number | undefined;
  readonly handle?: number | undefined;
  readonly egress?: boolean | undefined;
  /** The process that an iterator, a probe or a perf event is limited to. */
  readonly pid?: number | undefined;
  /** What perf counts, `cpu-clock` otherwise; how often a second it is to happen, or at every how many; on which CPU. */
  readonly event?: PerfEventName | undefined;
  readonly frequency?: number | undefined;
  readonly period?: bigint | undefined;
  readonly cpu?: number | undefined;
  readonly order?: CgroupOrder | undefined;
  readonly family?: NetfilterFamily | undefined;
  readonly hook?: NetfilterHook | undefined;
  readonly defrag?: boolean | undefined;
}

// enum bpf_cgroup_iter_order
const ORDERS = { self_only: 1, descendants_pre: 2, descendants_post: 3, ancestors_up: 4 } as const;
// NFPROTO_* and enum nf_inet_hooks (linux/netfilter.h)
const FAMILIES = { ip: 2, ip6: 10 } as const;
const NETFILTER_HOOKS = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;

export type CgroupOrder = keyof typeof ORDERS;
export type NetfilterFamily = keyof typeof FAMILIES;
export type NetfilterHook = keyof typeof NETFILTER_HOOKS;

/** The word that names a hook's target; hooks of other kinds are told by their section alone. */
const WORD_OF_KIND: Readonly<Partial<Record<TargetKind, keyof TargetWords>>> = {
  interface: 'dev',
  cgroup: 'cgroup',
  'network namespace': 'netns',
  map: 'map',
  socket: 'socket',
  device: 'device',
  route: 'route',
};

/** A target in numbers, with the descriptors that were opened for it; they may be closed once the program is attached. */
export interface OpenTarget extends Disposable {
  readonly target: Target;
  /** Takes back what was written for the attachment, once there is none, or none came of it. */
  readonly release: () => void;
}

/** The words that a hook takes, the one that names its target first. */
export function wordsOf(match: SectionMatch): readonly (keyof TargetWords)[] {
  const word = WORD_OF_KIND[match.hook.target];
  return [...(word ? [word] : []), ...((match.hook.words ?? []) as readonly (TargetWord & keyof TargetWords)[])];
}

/** Opens a target for the program behind a descriptor. Throws a {@link UsageError} for words that the hook does not take and for names that do not exist. */
export function openTarget(match: SectionMatch, words: TargetWords, program: number): OpenTarget {
  checkWords(match, words);
  const fds: Fd[] = [];
  const undo: (() => void)[] = [];
  const release = () => {
    for (const each of undo.splice(0)) each();
  };
  const close = () => {
    for (const fd of fds.splice(0)) fd[Symbol.dispose]();
  };
  const open = (fd: Fd | undefined) => {
    if (fd) fds.push(fd);
    return fd?.number;
  };
  try {
    return { target: build(match, words, program, open, (each) => undo.push(each)), release, [Symbol.dispose]: close };
  } catch (error) {
    release();
    close();
    throw error;
  }
}

function checkWords(match: SectionMatch, words: TargetWords): void {
  const known = wordsOf(match);
  for (const [word, value] of Object.entries(words)) {
    if (value === undefined || known.includes(word as keyof TargetWords)) continue;
    throw new UsageError(
      `${match.hook.name} takes no '${word}' (${known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes no words'})`,
    );
  }
}

type Open = (fd: Fd | undefined) => number | undefined;

function build(match: SectionMatch, words: TargetWords, program: number, open: Open, later: Later): Target {
  const { hook, section, extra } = match;
  const cgroup = words.cgroup === undefined ? undefined : open(openCgroup(words.cgroup));
  const anchor = anchorOf(words);
  const socket = words.socket === undefined ? undefined : openSocket(words.socket, open);
  return {
    section,
    ...given({
      ifindex: words.dev === undefined ? undefined : requireInterface(words.dev),
      fd: hook.target === 'cgroup' ? cgroup : (words.map?.fd ?? socket?.fd ?? device(words, open) ?? networkNamespace(match, words, open)),
      socketOf: socket?.of,
      name: extra === '' ? undefined : extra,
      mode: words.mode,
      route: words.route === undefined ? undefined : routeOf(words.route),
      local: words.local,
      netlink: words.netlink,
      cookie: words.cookie,
      anchor,
      priority: words.priority,
      handle: words.handle,
      egress: words.egress,
      pid: words.pid,
      event: words.event && PERF_EVENTS[words.event],
      frequency: words.frequency,
      period: words.period,
      cpus: cpusOf(match, words),
      mapFd: words.map?.fd,
      cgroupFd: cgroup,
      order: words.order && ORDERS[words.order],
      family: words.family && FAMILIES[words.family],
      hookNumber: words.hook && NETFILTER_HOOKS[words.hook],
      defrag: words.defrag,
    }),
    ...resolveName(match, words, program, later),
  };
}

/** The fields that are there. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function anchorOf({ before, after }: TargetWords): Anchor | undefined {
  if (before !== undefined && after !== undefined) throw new UsageError("'before' and 'after' exclude each other");
  const of = before ?? after;
  if (of === undefined) return undefined;
  return { side: before === undefined ? 'after' : 'before', ...(of === 'all' ? {} : { of }) };
}

/** A process is followed over all CPUs unless one is named. */
function cpusOf({ hook }: SectionMatch, { cpu, pid, frequency, period }: TargetWords): readonly number[] | undefined {
  if (hook.target !== 'perf event') return undefined;
  if (frequency !== undefined && period !== undefined) throw new UsageError("'frequency' and 'period' exclude each other");
  if (cpu !== undefined) return [cpu];
  return pid === undefined ? onlineCpus() : undefined;
}

function networkNamespace({ hook }: SectionMatch, { netns }: TargetWords, open: Open): number | undefined {
  if (hook.target !== 'network namespace') return undefined;
  try {
    return open(new Fd(openSync(netns ?? '/proc/self/ns/net', 'r')));
  } catch (error) {
    throw new UsageError(`${netns} is no network namespace that can be opened`, { cause: error });
  }
}

// Newer kernels want a device that may be written to (rc_dev_get_from_fd).
function device({ device }: TargetWords, open: Open): number | undefined {
  if (device === undefined) return undefined;
  try {
    return open(new Fd(openSync(device, 'r+')));
  } catch (error) {
    throw new UsageError(`${device} is no device that can be opened`, { cause: error });
  }
}

/** A socket of another process is named again when the program is to be detached: a copy of the descriptor would keep it from being closed. */
function openSocket(socket: number | string, open: Open): { fd: number | undefined; of?: { pid: number; fd: number } } {
  if (typeof socket === 'number') return { fd: socket };
  const [, pid, fd] = /^(\d{1,9}):(\d{1,9})$/.exec(socket) ?? [];
  if (pid === undefined) throw new UsageError(`'${socket}' is no socket of a process: PID:FD, as 'ls -l /proc/PID/fd' shows them`);
  const of = { pid: Number(pid), fd: Number(fd) };
  try {
    return { fd: open(descriptorOf(of.pid, of.fd)), of };
  } catch (error) {
    if (isErrno(error, 'ESRCH', 'EINVAL')) throw new UsageError(`there is no process ${pid}`, { cause: error });
    if (isErrno(error, 'EBADF')) throw new UsageError(`process ${pid} has no descriptor ${fd}`, { cause: error });
    throw error;
  }
}

function routeOf(text: string): { destination: string; prefix: number } {
  const [destination = '', bits, ...more] = text.split('/');
  // Not at the top: it takes every command 3 ms to load.
  const family = process.getBuiltinModule('node:net').isIP(destination);
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (family === 0 || more.length > 0 || !(prefix <= most)) throw new UsageError(`'${text}' is no route (10.1.0.0/24, fd00::/64)`);
  return { destination, prefix };
}
