// Numbers of the kernel's types and what libbpf and bpftool call them: the enumerator in lower case, without its prefix.
import { AttachType, LinkType, MapType, ProgType } from './enums.gen.js';

export type ProgTypeName = keyof typeof ProgType;
export type MapTypeName = keyof typeof MapType;
export type AttachTypeName = keyof typeof AttachType;
export type LinkTypeName = keyof typeof LinkType;

/** Both directions between the numbers of one enumeration and their names. */
export interface NameTable {
  /** `sched_cls`; undefined for a number this release does not know. */
  readonly nameOf: (value: number) => string | undefined;
  /** The number that exactly this name means. */
  readonly valueOf: (name: string) => number | undefined;
  /** `sched_cls`, or the number itself as text. */
  readonly textOf: (value: number) => string;
  /** All names, by their number. */
  readonly names: readonly string[];
}

function nameTable(values: Readonly<Record<string, number>>): NameTable {
  const byName = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  const names: string[] = [];
  for (const [name, value] of byName) names[value] ??= name;
  const nameOf = (value: number) => names[value];
  return { nameOf, valueOf: (name) => byName.get(name), textOf: (value) => nameOf(value) ?? String(value), names };
}

/** enum bpf_prog_type: `socket_filter`, `kprobe`, `xdp`. */
export const progTypes = nameTable(ProgType);
/** enum bpf_map_type: `hash`, `percpu_array`, `ringbuf`. */
export const mapTypes = nameTable(MapType);
/** enum bpf_attach_type: `cgroup_inet_ingress`, `trace_fentry`, `tcx_ingress`. */
export const attachTypes = nameTable(AttachType);
/** enum bpf_link_type: `raw_tracepoint`, `cgroup`, `tcx`. */
export const linkTypes = nameTable(LinkType);
