// What the kernel asks for before it creates something, by its type.
import { mapType } from '../kernel/map-types.js';
import { type MapTypeName, mapTypes, type ProgTypeName, progTypes } from '../kernel/names.js';
import type { Need } from './privileges.js';

// is_net_admin_prog_type and is_perfmon_prog_type in kernel/bpf/syscall.c.
const NETWORKING: readonly ProgTypeName[] = [
  ...(['SCHED_CLS', 'SCHED_ACT', 'XDP', 'LWT_IN', 'LWT_OUT', 'LWT_XMIT', 'LWT_SEG6LOCAL', 'SK_SKB', 'SK_MSG', 'FLOW_DISSECTOR'] as const),
  ...(['CGROUP_DEVICE', 'CGROUP_SOCK', 'CGROUP_SOCK_ADDR', 'CGROUP_SOCKOPT', 'CGROUP_SYSCTL', 'SOCK_OPS', 'EXT', 'NETFILTER'] as const),
  ...(['LIRC_MODE2', 'SK_LOOKUP'] as const),
];
const TRACING: readonly ProgTypeName[] = [
  ...(['KPROBE', 'TRACEPOINT', 'PERF_EVENT', 'RAW_TRACEPOINT', 'RAW_TRACEPOINT_WRITABLE', 'TRACING', 'LSM', 'STRUCT_OPS', 'EXT'] as const),
];

// bpf_prog_load and map_create in kernel/bpf/syscall.c: what everybody may have while unprivileged BPF is on.
const OPEN_PROGRAMS: readonly ProgTypeName[] = ['SOCKET_FILTER', 'CGROUP_SKB'];
const OPEN_MAPS: readonly MapTypeName[] = [
  ...(['ARRAY', 'PERCPU_ARRAY', 'PROG_ARRAY', 'PERF_EVENT_ARRAY', 'CGROUP_ARRAY', 'ARRAY_OF_MAPS', 'HASH', 'PERCPU_HASH'] as const),
  ...(['HASH_OF_MAPS', 'RINGBUF', 'USER_RINGBUF', 'CGROUP_STORAGE', 'PERCPU_CGROUP_STORAGE'] as const),
];

/** What creating a map of this type (enum bpf_map_type) asks for. */
export function mapCapabilities(type: number): Need[] {
  const name = mapTypes.nameOf(type)?.toUpperCase() as MapTypeName | undefined;
  if (name && OPEN_MAPS.includes(name)) return ['CAP_BPF', 'unprivileged'];
  return mapType(type).netAdmin ? ['CAP_BPF', 'CAP_NET_ADMIN'] : ['CAP_BPF'];
}

/** What loading a program of this type (enum bpf_prog_type) asks for. */
export function programCapabilities(type: number): Need[] {
  const name = progTypes.nameOf(type)?.toUpperCase() as ProgTypeName | undefined;
  if (name && OPEN_PROGRAMS.includes(name)) return ['CAP_BPF', 'unprivileged'];
  const needs: Need[] = ['CAP_BPF'];
  if (name && TRACING.includes(name)) needs.push('CAP_PERFMON');
  if (name && NETWORKING.includes(name)) needs.push('CAP_NET_ADMIN');
  return needs;
}
