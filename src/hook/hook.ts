import { UsageError } from '../errors.js';
import type { AttachTypeName, LinkTypeName, ProgTypeName } from '../kernel/names.js';
import type { UsdtPlace } from './usdt.js';

export type { AttachTypeName, LinkTypeName, ProgTypeName };

/**
 * What a section asks of the loader beside its types, in libbpf's words (its `enum sec_def_flags`):
 * - `ATTACHABLE`, `ATTACHABLE_OPT`: programs of the BPF_PROG_ATTACH family; `_OPT` says that the expected attach type may be left out
 *   on a kernel (before 4.17) that does not know the field;
 * - `ATTACH_BTF`: what it attaches to is named by a BTF id, of the kernel, a module or another program;
 * - `SLEEPABLE`: loaded with BPF_F_SLEEPABLE; `XDP_FRAGS`: loaded with BPF_F_XDP_HAS_FRAGS;
 * - `USDT`: loaded with TRACE_UPROBE_MULTI as expected attach type where the kernel has it.
 */
export type SectionFlag = 'ATTACHABLE' | 'ATTACHABLE_OPT' | 'ATTACH_BTF' | 'SLEEPABLE' | 'XDP_FRAGS' | 'USDT';

/** A name of an ELF section that means this hook. */
export interface Section {
  /** The whole name, or with `+` at its end a name that may be followed by `/` and what the hook attaches to. */
  readonly name: string;
  /** The expected attach type programs of this section are loaded with; none is 0, whatever that number means elsewhere. */
  readonly attach?: AttachTypeName;
  readonly flags?: readonly SectionFlag[];
  /** The first kernel that attaches programs of this section, where that is later than the hook's own. */
  readonly since?: string;
}

/** What kind of thing a hook attaches to, which decides what has to be said beside the section. */
export type TargetKind =
  | 'interface'
  | 'cgroup'
  | 'network namespace'
  | 'map'
  | 'socket'
  | 'tracepoint'
  | 'kernel function'
  | 'user function'
  | 'iterator'
  | 'perf event'
  | 'program'
  | 'netfilter'
  | 'route'
  | 'device'
  | 'none';

/** A place in the kernel where programs are attached: which sections mean it, which program it takes, and what to ask the kernel for. */
export interface Hook {
  readonly name: string;
  readonly program: ProgTypeName;
  /** The type of the link that attaching gives, where there is a link. */
  readonly link?: LinkTypeName;
  readonly target: TargetKind;
  /** The first kernel in which programs of this hook attach, such as `6.6`. */
  readonly since: string;
  /** The option of the kernel's configuration, without CONFIG_, that it needs beside those of every kernel with BPF. */
  readonly config?: string;
  readonly sections: readonly Section[];
  /** Whether the section alone can say what to attach to, so that loading with `autoattach` attaches it. */
  readonly autoAttach?: boolean;
  /** The words, beside the one that names the target, that may say more about it. */
  readonly words?: readonly TargetWord[];
  /** What to ask the kernel for. Missing where programs are not attached by a call of their own; then `use` says how they come into use. */
  readonly request?: (target: Target) => Request;
  readonly use?: string;
}

/** What may be said about a target beside its name, on the command line and in the library alike. */
export type TargetWord =
  | 'dev'
  | 'local'
  | 'mode'
  | 'netlink'
  | 'cookie'
  | 'before'
  | 'after'
  | 'priority'
  | 'handle'
  | 'egress'
  | 'pid'
  | 'cpu'
  | 'event'
  | 'frequency'
  | 'period'
  | 'map'
  | 'cgroup'
  | 'order'
  | 'family'
  | 'hook'
  | 'defrag';

/** How an XDP program runs: in the driver, in the network stack whatever the driver, or on the device. */
export type XdpMode = 'driver' | 'generic' | 'offload';

/** Where packets of a route meet a program: as they come in, go out or are sent on, or as the next segment of IPv6 segment routing. */
export type RouteSide = 'in' | 'out' | 'xmit' | 'seg6local';

/** A place in a list of programs: before or after a program or link, or with neither at its beginning or end. */
export interface Anchor {
  readonly side: 'before' | 'after';
  readonly of?: { readonly kind: 'program' | 'link'; readonly id: number };
}

/** Where to attach, in the kernel's numbers. A hook reads what it needs. */
export interface Target {
  /** The section that was matched, or was meant, by its name in the hook. */
  readonly section: Section;
  readonly ifindex?: number;
  /** Descriptor of the cgroup, network namespace, map or socket. */
  readonly fd?: number;
  /** The process that the socket belongs to, and its descriptor there. */
  readonly socketOf?: { readonly pid: number; readonly fd: number };
  /** Name of the tracepoint, function or kind of objects. */
  readonly name?: string;
  /** The number of a tracepoint in tracefs. */
  readonly tracepointId?: number;
  readonly mode?: XdpMode;
  /** Where packets go to: an address of which so many bits count. `local`: to this host itself. */
  readonly route?: { readonly destination: string; readonly prefix: number };
  readonly local?: boolean;
  /** Attach over netlink instead of with a link. */
  readonly netlink?: boolean;
  /** What bpf_get_attach_cookie() is to give the program. */
  readonly cookie?: bigint;
  readonly anchor?: Anchor;
  /** Of a tc filter: 1 comes first, 0 lets the kernel choose. Of netfilter: lower comes first. */
  readonly priority?: number;
  readonly handle?: number;
  readonly egress?: boolean;
  /** Limits an iterator of tasks, probes of user functions, or a perf event to one process. */
  readonly pid?: number;
  /** Path of the program or library that user functions are in, and where in the file they are, in bytes. */
  readonly file?: string;
  readonly offsets?: readonly number[];
  /** The places of a static probe. */
  readonly places?: readonly UsdtPlace[];
  /** The addresses of the kernel's functions that a pattern means. */
  readonly functions?: readonly bigint[];
  /** The same by their types' ids in the BTF that the program was loaded for. */
  readonly functionIds?: readonly number[];
  /** A perf event: its source and which of that (enum perf_type_id and its config), and how often it is to happen. */
  readonly event?: { readonly type: number; readonly config: number };
  readonly frequency?: number;
  readonly period?: bigint;
  /** The CPUs on which a perf event counts. */
  readonly cpus?: readonly number[];
  /** Limits an iterator: to a map (descriptor), or to a cgroup (descriptor) and an order of walking (enum bpf_cgroup_iter_order). */
  readonly mapFd?: number;
  readonly cgroupFd?: number;
  readonly order?: number;
  /** Of netfilter: protocol family (NFPROTO_*), hook number (NF_INET_*), whether packets are put together before. */
  readonly family?: number;
  readonly hookNumber?: number;
  readonly defrag?: boolean;
}

/** Fields of a record of the kernel, by their name there. */
export type Fields = Readonly<Record<string, number | bigint | Uint8Array | undefined>>;

/**
 * What to ask the kernel for; the program's descriptor is added when it is asked. Where a way is newer than others, `otherwise` is the way for kernels that
 * refuse it; where what is asked for is newer than the hook, `since` is the first kernel that has it.
 */
export type Request = Way & { readonly since?: string | undefined };

type Way =
  /** BPF_LINK_CREATE with the fields of its arm of `union bpf_attr`. */
  | { readonly via: 'link_create'; readonly attach: AttachTypeName | undefined; readonly fields: Fields; readonly otherwise?: Request }
  /** BPF_RAW_TRACEPOINT_OPEN; without a name for programs that were loaded for their BTF target. */
  | { readonly via: 'raw_tracepoint_open'; readonly name: string | undefined; readonly cookie?: bigint | undefined }
  /** perf_event_open, then a link of BPF_PERF_EVENT, or before 5.15 an ioctl. */
  | { readonly via: 'perf_event'; readonly event: Fields; readonly pid: number; readonly cpu: number; readonly cookie?: bigint | undefined }
  /** A perf event of the kernel's source of probes, or without that an event made in tracefs. `name` is the kernel's function, or the path of a file. */
  | {
      readonly via: 'probe';
      readonly kind: 'kprobe' | 'uprobe';
      readonly returns: boolean;
      readonly name: string;
      readonly offset: number;
      /** The place in the file of a counter that the kernel is to raise while the probe is there (a semaphore of USDT). */
      readonly semaphore?: number | undefined;
      readonly pid: number;
      readonly cookie?: bigint | undefined;
    }
  /** All of these, held together. */
  | { readonly via: 'each'; readonly requests: readonly Request[] }
  /** BPF_PROG_ATTACH, which holds until BPF_PROG_DETACH. */
  | { readonly via: 'prog_attach'; readonly attach: AttachTypeName; readonly fields: Fields }
  /** RTM_SETLINK with IFLA_XDP. */
  | { readonly via: 'netlink_xdp'; readonly ifindex: number; readonly flags: number }
  /** A direct-action filter on the clsact qdisc, which is made when it is missing. */
  | { readonly via: 'netlink_tc'; readonly ifindex: number; readonly egress: boolean; readonly priority: number; readonly handle: number }
  /** RTM_NEWROUTE with the program as its tunnel. */
  | {
      readonly via: 'netlink_route';
      readonly side: RouteSide;
      readonly route: {
        readonly destination: string;
        readonly prefix: number;
        readonly ifindex: number;
        readonly local: boolean | undefined;
      };
    }
  /** A socket option that takes the program's descriptor. */
  | {
      readonly via: 'socket';
      readonly fd: number;
      readonly option: number;
      readonly undo: number;
      readonly of?: { readonly pid: number; readonly fd: number } | undefined;
    };

/** A part of the target that a hook cannot do without; `what` says how to give it. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UsageError(`it needs ${what}`);
  return value;
}

/** The `since` of a request in which something newer than the hook was asked for. */
export function newer(asked: unknown, since: string): { since?: string } {
  return asked === undefined ? {} : { since };
}

/** 64-bit numbers and text with its NUL byte, as the kernel takes them by address. */
export function words64(values: readonly (number | bigint)[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
}

export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

/** BPF_F_* of lists of programs (linux/bpf.h). */
const [BPF_F_BEFORE, BPF_F_AFTER, BPF_F_ID, BPF_F_LINK] = [8, 16, 32, 0x2000];

/** The fields of BPF_LINK_CREATE that say where in the list of a hook a program goes; `arm` is the hook's arm of the union. */
export function anchorFields(arm: 'tcx' | 'netkit' | 'cgroup', anchor: Anchor | undefined): Fields {
  if (!anchor) return {};
  const side = anchor.side === 'before' ? BPF_F_BEFORE : BPF_F_AFTER;
  if (!anchor.of) return { flags: side };
  return { flags: side | BPF_F_ID | (anchor.of.kind === 'link' ? BPF_F_LINK : 0), [`${arm}.relative_id`]: anchor.of.id };
}
