// One row for each program type: what depends on the type and on nothing else.
import { ProgType } from './enums.gen.js';
import { type ProgTypeName, progTypes } from './names.js';

export interface ProgTypeRow {
  readonly number: number;
  /** As bpftool and libbpf call it: `sched_cls`. */
  readonly name: string;
  /** The first kernel that has it. */
  readonly since: string;
  /** The options without which a kernel is built without it (include/linux/bpf_types.h). */
  readonly config: readonly string[];
}

type Cells = readonly [since: string, ...config: string[]];

const CELLS: Readonly<Record<Exclude<ProgTypeName, 'UNSPEC'>, Cells>> = {
  SOCKET_FILTER: ['3.19', 'NET'],
  KPROBE: ['4.1', 'BPF_EVENTS'],
  SCHED_CLS: ['4.1', 'NET'],
  SCHED_ACT: ['4.1', 'NET'],
  TRACEPOINT: ['4.7', 'BPF_EVENTS'],
  XDP: ['4.8', 'NET'],
  PERF_EVENT: ['4.9', 'BPF_EVENTS'],
  CGROUP_SKB: ['4.10', 'NET', 'CGROUP_BPF'],
  CGROUP_SOCK: ['4.10', 'NET', 'CGROUP_BPF'],
  LWT_IN: ['4.10', 'NET'],
  LWT_OUT: ['4.10', 'NET'],
  LWT_XMIT: ['4.10', 'NET'],
  SOCK_OPS: ['4.13', 'NET'],
  SK_SKB: ['4.14', 'NET'],
  CGROUP_DEVICE: ['4.15', 'CGROUP_BPF'],
  SK_MSG: ['4.17', 'NET'],
  RAW_TRACEPOINT: ['4.17', 'BPF_EVENTS'],
  CGROUP_SOCK_ADDR: ['4.17', 'NET', 'CGROUP_BPF'],
  LWT_SEG6LOCAL: ['4.18', 'NET'],
  LIRC_MODE2: ['4.18', 'BPF_LIRC_MODE2'],
  SK_REUSEPORT: ['4.19', 'INET'],
  FLOW_DISSECTOR: ['4.20', 'NET'],
  CGROUP_SYSCTL: ['5.2', 'CGROUP_BPF'],
  RAW_TRACEPOINT_WRITABLE: ['5.2', 'BPF_EVENTS'],
  CGROUP_SOCKOPT: ['5.3', 'CGROUP_BPF'],
  TRACING: ['5.5', 'BPF_EVENTS', 'DEBUG_INFO_BTF'],
  STRUCT_OPS: ['5.6', 'BPF_JIT', 'DEBUG_INFO_BTF'],
  EXT: ['5.6', 'BPF_JIT', 'DEBUG_INFO_BTF'],
  LSM: ['5.7', 'BPF_JIT', 'BPF_LSM', 'DEBUG_INFO_BTF'],
  SK_LOOKUP: ['5.9', 'INET'],
  SYSCALL: ['5.14'],
  NETFILTER: ['6.4', 'NETFILTER_BPF_LINK'],
};

/** The program types by their number, socket_filter (1) to netfilter (32). */
export const PROG_TYPES: readonly (ProgTypeRow | undefined)[] = progTypes.names.map((name, number) => {
  const cells = (CELLS as Readonly<Record<string, Cells>>)[name.toUpperCase()];
  return cells && { number, name, since: cells[0], config: cells.slice(1).map((option) => `CONFIG_${option}`) };
});

/** The row of a type by the kernel's name for it. */
export function progType(name: Exclude<ProgTypeName, 'UNSPEC'>): ProgTypeRow {
  return PROG_TYPES[ProgType[name]]!;
}
