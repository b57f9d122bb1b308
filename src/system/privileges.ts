import { readFileSync } from 'node:fs';
import { lowerCapabilities } from '../../native/system.js';
import { type ProgTypeName, progTypes } from '../kernel/names.js';

// Numbers of linux/capability.h.
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_SYS_RESOURCE: 24, CAP_PERFMON: 38, CAP_BPF: 39 } as const;

export type Capability = keyof typeof CAPABILITIES;

// What the kernel asks for before the calls that people run into (kernel/bpf/syscall.c); the first pattern that fits counts.
const NEEDED: readonly (readonly [call: RegExp, needs: readonly Capability[]])[] = [
  [/^BPF_\w+_GET_(NEXT_ID|FD_BY_ID)$/, ['CAP_SYS_ADMIN']],
  [/^BPF_(MAP_CREATE|BTF_LOAD)$/, ['CAP_BPF']],
  [/^BPF_PROG_LOAD$/, ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']],
  [/^BPF_PROG_QUERY$/, ['CAP_NET_ADMIN']],
  [/^BPF_(PROG_ATTACH|PROG_DETACH|LINK_CREATE)$/, ['CAP_NET_ADMIN', 'CAP_PERFMON']],
  [/^BPF_RAW_TRACEPOINT_OPEN$/, ['CAP_PERFMON']],
  [/^BPF_(TASK_FD_QUERY|ENABLE_STATS)$/, ['CAP_SYS_ADMIN']],
  [/^BPF_/, ['CAP_BPF', 'CAP_SYS_ADMIN']],
  [/^perf_event_open$/, ['CAP_PERFMON']],
  [/^(mount|umount2|fsopen|fsmount|move_mount|setns|unshare)$/, ['CAP_SYS_ADMIN']],
  [/^(sendto|bind|RTM_\w+)$/, ['CAP_NET_ADMIN']],
];

/** The capabilities this process may use now. */
export function effectiveCapabilities(): bigint {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText('/proc/self/status'))?.[1];
  return line === undefined ? 0n : BigInt(`0x${line}`);
}

/** Whether this process has a capability, or CAP_SYS_ADMIN, which includes CAP_BPF and CAP_PERFMON. */
export function hasCapability(capability: Capability, effective = effectiveCapabilities()): boolean {
  const has = (name: Capability) => (effective & (1n << BigInt(CAPABILITIES[name]))) !== 0n;
  return has(capability) || ((capability === 'CAP_BPF' || capability === 'CAP_PERFMON') && has('CAP_SYS_ADMIN'));
}

/** Those of these capabilities that this process has neither itself nor by CAP_SYS_ADMIN. */
export function missingCapabilities(...needs: Capability[]): Capability[] {
  const effective = effectiveCapabilities();
  return needs.filter((name) => !hasCapability(name, effective) && !hasCapability('CAP_SYS_ADMIN', effective));
}

/** Gives up, for this process from now on, what BPF asks for: calls then fail and succeed as they do for everyone. */
export function becomeUnprivileged(): void {
  const given = (['CAP_SYS_ADMIN', 'CAP_BPF', 'CAP_NET_ADMIN', 'CAP_PERFMON'] as const).map((name) => 1n << BigInt(CAPABILITIES[name]));
  lowerCapabilities(given.reduce((all, bit) => all | bit));
}

/** Whether this process is in a user namespace of its own, where capabilities are not those that BPF asks for. */
export function inUserNamespace(): boolean {
  // In the first one every id is itself (user_namespaces(7)).
  const map = readText('/proc/self/uid_map').trim();
  return map !== '' && !/^0 +0 +4294967295$/.test(map);
}

/** The kernel's lockdown: `none`, `integrity` or `confidentiality`; undefined when it cannot be known. */
export function lockdown(): string | undefined {
  return /\[(\w+)\]/.exec(readText('/sys/kernel/security/lockdown'))?.[1];
}

// is_net_admin_prog_type and is_perfmon_prog_type in kernel/bpf/syscall.c.
const NETWORKING: readonly ProgTypeName[] = [
  ...(['SCHED_CLS', 'SCHED_ACT', 'XDP', 'LWT_IN', 'LWT_OUT', 'LWT_XMIT', 'LWT_SEG6LOCAL', 'SK_SKB', 'SK_MSG', 'FLOW_DISSECTOR'] as const),
  ...(['CGROUP_DEVICE', 'CGROUP_SOCK', 'CGROUP_SOCK_ADDR', 'CGROUP_SOCKOPT', 'CGROUP_SYSCTL', 'SOCK_OPS', 'EXT', 'NETFILTER'] as const),
  ...(['LIRC_MODE2', 'SK_LOOKUP'] as const),
];
const TRACING: readonly ProgTypeName[] = [
  ...(['KPROBE', 'TRACEPOINT', 'PERF_EVENT', 'RAW_TRACEPOINT', 'RAW_TRACEPOINT_WRITABLE', 'TRACING', 'LSM', 'STRUCT_OPS', 'EXT'] as const),
];

/** What loading a program of this type (enum bpf_prog_type) asks for. */
export function programCapabilities(type: number): Capability[] {
  const name = progTypes.nameOf(type)?.toUpperCase() as ProgTypeName | undefined;
  const needs: Capability[] = ['CAP_BPF'];
  if (name && TRACING.includes(name)) needs.push('CAP_PERFMON');
  if (name && NETWORKING.includes(name)) needs.push('CAP_NET_ADMIN');
  return needs;
}

/**
 * What a call needs and this process lacks, such as `needs CAP_BPF; run as root or grant it`; undefined when it lacks nothing. `needs` is
 * what this very call asks for, where that is known.
 */
export function lackingCapabilities(
  syscall: string,
  needs: readonly Capability[] = NEEDED.find(([call]) => call.test(syscall))?.[1] ?? [],
): string | undefined {
  const effective = effectiveCapabilities();
  const lacks = needs.filter((capability) => !hasCapability(capability, effective));
  return lacks.length > 0 ? `needs ${lacks.join(', ')}; run as root or grant it` : undefined;
}

/**
 * Why a call may have been refused with EPERM, and what may help: the capabilities it needs and this process lacks, or, when it lacks
 * none, what else refuses. A process that has them all is not told to run as root.
 */
export function refusal(syscall: string, needs?: readonly Capability[]): string {
  const lacking = lackingCapabilities(syscall, needs);
  if (lacking !== undefined) return lacking;
  if (inUserNamespace())
    return 'this process has its capabilities in a user namespace only; outside it they count for nothing, unless a BPF token delegates them';
  const level = lockdown();
  if (level !== undefined && level !== 'none')
    return `this process has the capabilities; the kernel is locked down (${level}) or refuses this kind altogether`;
  return 'this process has the capabilities; a security module or the kernel itself refuses';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
