import { fileSystemMagic } from '../../native/system.js';
import { kernelConfig } from '../system/kernel-config.js';
import { readTextIfAny } from '../system/read-file.js';

// linux/magic.h
const PROC_SUPER_MAGIC = 0x9fa0;

/** Settings of the running kernel on BPF, by name, and the file below /proc/sys that holds each. */
const SYSCTLS = {
  unprivileged_bpf_disabled: 'kernel/unprivileged_bpf_disabled',
  bpf_jit_enable: 'net/core/bpf_jit_enable',
  bpf_jit_harden: 'net/core/bpf_jit_harden',
  bpf_jit_kallsyms: 'net/core/bpf_jit_kallsyms',
  bpf_jit_limit: 'net/core/bpf_jit_limit',
} as const;

export type SysctlName = keyof typeof SYSCTLS;

/** Options of the kernel's configuration that BPF depends on, in bpftool's order. */
const OPTIONS = [
  ...['BPF', 'BPF_SYSCALL', 'HAVE_EBPF_JIT', 'BPF_JIT', 'BPF_JIT_ALWAYS_ON', 'DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES'],
  ...['CGROUPS', 'CGROUP_BPF', 'CGROUP_NET_CLASSID', 'SOCK_CGROUP_DATA'],
  ...['BPF_EVENTS', 'KPROBE_EVENTS', 'UPROBE_EVENTS', 'TRACING', 'FTRACE_SYSCALLS', 'FUNCTION_ERROR_INJECTION', 'BPF_KPROBE_OVERRIDE'],
  ...['NET', 'XDP_SOCKETS', 'LWTUNNEL_BPF', 'NET_ACT_BPF', 'NET_CLS_BPF', 'NET_CLS_ACT', 'NET_SCH_INGRESS', 'XFRM', 'IP_ROUTE_CLASSID'],
  ...['IPV6_SEG6_BPF', 'BPF_LIRC_MODE2', 'BPF_STREAM_PARSER', 'NETFILTER_XT_MATCH_BPF'],
  ...['TEST_BPF', 'HZ'],
].map((name) => `CONFIG_${name}`);

/** How the kernel was built and is set. */
export interface SystemConfig {
  /** Empty without procfs; undefined for what cannot be read. */
  readonly sysctls: readonly (readonly [name: SysctlName, value: number | undefined])[];
  /** Empty when the kernel's configuration is not to be found; undefined for an option that is not set. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[];
}

export function systemConfig(): SystemConfig {
  const config = kernelConfig();
  const sysctls = Object.entries(SYSCTLS) as [SysctlName, string][];
  return {
    sysctls: hasProc() ? sysctls.map(([name, path]) => [name, readNumber(`/proc/sys/${path}`)] as const) : [],
    options: config ? OPTIONS.map((name) => [name, config.get(name)] as const) : [],
  };
}

function hasProc(): boolean {
  try {
    return fileSystemMagic('/proc') === PROC_SUPER_MAGIC;
  } catch {
    return false;
  }
}

function readNumber(path: string): number | undefined {
  const text = readTextIfAny(path, 'latin1') ?? '';
  return /^-?\d+\n/.test(text) ? Number.parseInt(text, 10) : undefined;
}
