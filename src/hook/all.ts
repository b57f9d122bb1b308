import { cgroupDevice } from './cgroup-device.js';
import { cgroupSkb } from './cgroup-skb.js';
import { cgroupSock } from './cgroup-sock.js';
import { cgroupSockAddr } from './cgroup-sock-addr.js';
import { cgroupSockopt } from './cgroup-sockopt.js';
import { cgroupSysctl } from './cgroup-sysctl.js';
import { clsact, tcAction } from './clsact.js';
import { freplace } from './freplace.js';
import type { Hook, Section } from './hook.js';
import { iter } from './iter.js';
import { kprobe, ksyscall } from './kprobe.js';
import { kprobeMulti, kprobeSession } from './kprobe-multi.js';
import { lirc } from './lirc.js';
import { lsm, lsmCgroup } from './lsm.js';
import { lwtIn, lwtOut, lwtSeg6Local, lwtXmit } from './lwt.js';
import { netfilter } from './netfilter.js';
import { netkit } from './netkit.js';
import { flowDissector, skLookup } from './netns.js';
import { perfEvent } from './perf-event.js';
import { rawTracepoint, rawTracepointWritable } from './raw-tracepoint.js';
import { skReuseport } from './sk-reuseport.js';
import { sockOps } from './sock-ops.js';
import { socketFilter } from './socket-filter.js';
import { skMsg, skSkb } from './sockmap.js';
import { structOps } from './struct-ops.js';
import { syscall } from './syscall.js';
import { tcx } from './tcx.js';
import { tracepoint } from './tracepoint.js';
import { fentry, fmodRet, fsession, tpBtf } from './tracing.js';
import { tracingMulti } from './tracing-multi.js';
import { uprobe } from './uprobe.js';
import { uprobeMulti, uprobeSession } from './uprobe-multi.js';
import { usdt } from './usdt.js';
import { xdp, xdpMap } from './xdp.js';

/** Every hook of the kernel. */
export const HOOKS: readonly Hook[] = [
  socketFilter,
  skReuseport,
  kprobe,
  ksyscall,
  kprobeMulti,
  kprobeSession,
  uprobe,
  uprobeMulti,
  uprobeSession,
  usdt,
  tcx,
  clsact,
  tcAction,
  netkit,
  tracepoint,
  rawTracepoint,
  rawTracepointWritable,
  tpBtf,
  fentry,
  fmodRet,
  fsession,
  tracingMulti,
  freplace,
  lsm,
  lsmCgroup,
  iter,
  syscall,
  xdp,
  xdpMap,
  perfEvent,
  lwtIn,
  lwtOut,
  lwtXmit,
  lwtSeg6Local,
  sockOps,
  skSkb,
  skMsg,
  lirc,
  flowDissector,
  skLookup,
  cgroupSkb,
  cgroupSock,
  cgroupSockAddr,
  cgroupSockopt,
  cgroupSysctl,
  cgroupDevice,
  structOps,
  netfilter,
];

/** What the name of an ELF section means. */
export interface SectionMatch {
  readonly hook: Hook;
  readonly section: Section;
  /** The name starts with `?`: the program is not loaded unless it is asked for. */
  readonly optional: boolean;
  /** What follows the `/`: the function, tracepoint or pattern the program is to be attached to. */
  readonly extra?: string;
}

const BY_NAME = new Map<string, { hook: Hook; section: Section }>();
for (const hook of HOOKS) for (const section of hook.sections) BY_NAME.set(section.name, { hook, section });

/**
 * Finds the hook of an ELF section by libbpf's rules: a section is matched whole, or where its name in the table ends with `+`, up to its
 * first `/`. Undefined when no hook has such sections.
 */
export function hookForSection(sectionName: string): SectionMatch | undefined {
  const optional = sectionName.startsWith('?');
  const name = optional ? sectionName.slice(1) : sectionName;
  const slash = name.indexOf('/');
  const head = slash < 0 ? name : name.slice(0, slash);
  if (head.endsWith('+') || name.endsWith('+')) return undefined;
  const found = BY_NAME.get(name) ?? BY_NAME.get(`${head}+`);
  if (!found) return undefined;
  return { ...found, optional, ...(slash >= 0 && found.section.name.endsWith('+') ? { extra: name.slice(slash + 1) } : {}) };
}

const BY_ATTACH = new Map<string, string>();
for (const hook of HOOKS) {
  for (const { name, attach } of hook.sections) {
    if (attach && !name.endsWith('+') && !BY_ATTACH.has(attach.toLowerCase())) BY_ATTACH.set(attach.toLowerCase(), name);
  }
}

/** Finds a hook by the name of a section, or by an attach type as libbpf spells it: `cgroup_inet_egress`, `tcx_ingress`. */
export function hookForName(name: string): SectionMatch | undefined {
  const section = BY_ATTACH.get(name);
  return hookForSection(name) ?? (section === undefined ? undefined : hookForSection(section));
}
