import { errnoName } from '../../native/error.js';
import { askSystemCall, capabilities, lowerCapabilities, systemCallNumber } from '../../native/system.js';
import { isOlderThan } from './kernel-version.js';
import { ownLimit } from './own-limits.js';
import { readTextIfAny } from './read-file.js';

// Numbers of linux/capability.h.
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_SYS_RESOURCE: 24, CAP_PERFMON: 38, CAP_BPF: 39 } as const;

export type Capability = keyof typeof CAPABILITIES;

/** What a call asks for: capabilities; `unprivileged` where it asks for them only since unprivileged BPF is switched off. */
export type Need = Capability | 'unprivileged';

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

/** The capabilities this process may use now. By the system call: a container may have no /proc. */
export function effectiveCapabilities(): bigint {
  return capabilities();
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
  const map = readTextIfAny('/proc/self/uid_map', 'latin1')?.trim() ?? '';
  return map !== '' && !/^0 +0 +4294967295$/.test(map);
}

/** The kernel's lockdown: `none`, `integrity` or `confidentiality`; undefined when it cannot be known. */
export function lockdown(): string | undefined {
  return /\[(\w+)\]/.exec(readTextIfAny('/sys/kernel/security/lockdown', 'latin1') ?? '')?.[1];
}

/**
 * What a call needs and this process lacks, such as `needs CAP_BPF; run as root or grant it`; undefined when it lacks nothing. `needs` is
 * what this very call asks for, where that is known.
 */
export function lackingCapabilities(
  syscall: string,
  needs: readonly Need[] = NEEDED.find(([call]) => call.test(syscall))?.[1] ?? [],
): string | undefined {
  const effective = effectiveCapabilities();
  const lacks = needs.filter((need) => need !== 'unprivileged' && !hasCapability(need, effective));
  if (lacks.length === 0) return undefined;
  const off = needs.includes('unprivileged') ? unprivilegedOff() : undefined;
  return `needs ${lacks.join(', ')}${off === undefined ? '' : `, since ${off}`}; run as root or grant it`;
}

/** That nobody without capabilities may use BPF, and by which setting; undefined where that is not so, or cannot be known. */
function unprivilegedOff(): string | undefined {
  const value = readTextIfAny('/proc/sys/kernel/unprivileged_bpf_disabled', 'latin1')?.trim() || '0';
  return value === '0' ? undefined : `unprivileged BPF is off: sysctl kernel.unprivileged_bpf_disabled is ${value}`;
}

/**
 * Why a call may have been refused with EPERM, and what may help: the capabilities it needs and this process lacks, or, when it lacks
 * none, what else refuses. A process that has them all is not told to run as root.
 */
export function refusal(syscall: string, needs?: readonly Need[]): string {
  const lacking = lackingCapabilities(syscall, needs);
  if (lacking !== undefined) return lacking;
  if (inUserNamespace()) return IN_NAMESPACE_ONLY;
  if (syscall.startsWith('BPF_') && isBpfForbidden())
    return 'a seccomp filter forbids bpf(2) to this process, as those of container runtimes do: allow bpf in the seccomp profile';
  const locked = lockedMemory(syscall);
  if (locked !== undefined) return locked;
  return REFUSED_BY[lockdown() ?? ''] ?? 'this process has the capabilities; a security module or the kernel itself refuses';
}

const IN_NAMESPACE_ONLY =
  'this process has its capabilities in a user namespace only; outside it they count for nothing, unless a BPF token delegates them';

/** The same of EACCES, which perf_event_open(2) gives where others give EPERM; undefined when capabilities have no part in it: files have owners. */
export function denial(syscall: string, needs?: readonly Need[]): string | undefined {
  return lackingCapabilities(syscall, needs) ?? (syscall === 'perf_event_open' && inUserNamespace() ? IN_NAMESPACE_ONLY : undefined);
}

// enum lockdown_reason in include/linux/security.h: what is refused at which level.
const REFUSED_BY: Readonly<Record<string, string>> = {
  integrity: 'this process has the capabilities; the kernel is locked down (integrity), or refuses this kind altogether',
  confidentiality:
    'this process has the capabilities; the kernel is locked down (confidentiality), which forbids kprobes and most of tracefs, or refuses this kind altogether',
};

// LOCKDOWN_BPF_WRITE_USER and LOCKDOWN_BPF_READ_KERNEL; the verifier says only that there is no such helper.
const HELPERS_REFUSED: readonly (readonly [helper: RegExp, levels: readonly string[], what: string])[] = [
  [/\bbpf_probe_write_user\b/, ['integrity', 'confidentiality'], 'write to processes'],
  [/\bbpf_probe_read(_kernel)?(_str)?\b/, ['confidentiality'], 'read kernel memory'],
];

/** Why the verifier knows no such helper as it names, if that is since the kernel is locked down. */
export function lockedHelper(refusal: string, level = lockdown()): string | undefined {
  if (level === undefined || !/(cannot use helper|unknown func) /.test(refusal)) return undefined;
  const found = HELPERS_REFUSED.find(([helper, levels]) => helper.test(refusal) && levels.includes(level));
  return found && `the kernel is locked down (${level}), which forbids programs to ${found[2]}`;
}

/** Whether a process that has CAP_BPF cannot even ask for a map of no type, which the kernel itself calls invalid. */
function isBpfForbidden(): boolean {
  return errnoName(-askSystemCall(systemCallNumber('bpf'))) === 'EPERM';
}

/** Up to 5.10 maps and programs are counted against what a process may lock (bpf_charge_memlock), and EPERM says that it is too much. */
function lockedMemory(syscall: string): string | undefined {
  if (!/^BPF_(MAP_CREATE|PROG_LOAD)$/.test(syscall) || !isOlderThan('5.11')) return undefined;
  const limit = ownLimit('Max locked memory');
  if (limit === undefined) return undefined;
  return `this kernel counts BPF memory against RLIMIT_MEMLOCK, which is ${limit} bytes here; raise 'ulimit -l', or grant CAP_SYS_RESOURCE`;
}
