// One row for each map type: everything that depends on the type and on nothing else.
import { MapType } from './enums.gen.js';
import { type MapTypeName, mapTypes } from './names.js';

/**
 * What a key is: any `bytes`; a u32 `index` below max_entries; an `lpm` prefix (u32 length in bits, then the data in network order);
 * `none`; a `cgroup` storage key; or a descriptor of the calling process (`fd`), of the socket, inode, task or cgroup that holds the value.
 */
export type KeyKind = 'bytes' | 'index' | 'lpm' | 'none' | 'cgroup' | 'fd';

/**
 * What a value is: `plain` bytes; one value for each possible CPU (`per-cpu`); the descriptor of another object, which reads back as its id or not at
 * all; `none`.
 */
export type ValueKind = 'plain' | 'per-cpu' | 'prog' | 'map' | 'perf-event' | 'cgroup' | 'socket' | 'none';

/**
 * How user space reads all of a map: by MAP_LOOKUP_BATCH where the kernel has it for this type (`batch`), the same with a key as its position, which
 * may be deleted meanwhile (`batch-by-key`), key by key (`keys`), or not at all (`never`).
 */
export type Walk = 'batch' | 'batch-by-key' | 'keys' | 'never';

/**
 * What MAP_GET_NEXT_KEY does when the key it is given has been deleted: `goes-on` where keys are numbers, `restarts` from the first key, or `ends`.
 */
export type WhenGone = 'goes-on' | 'restarts' | 'ends';

export type Lookup = 'gives' | 'asks' | 'never';

export interface MapTypeRow {
  readonly number: number;
  /** As bpftool and libbpf call it: `percpu_hash`. */
  readonly name: string;
  /** The first kernel that has it. */
  readonly since: string;
  readonly key: KeyKind;
  readonly value: ValueKind;
  readonly walk: Walk;
  readonly whenGone: WhenGone;
  /** What MAP_LOOKUP_ELEM is for: it `gives` a value, it `asks` whether a value is there, or it always refuses (`never`). */
  readonly lookup: Lookup;
  /** Whether creating one needs CAP_NET_ADMIN, not only CAP_BPF (map_create in kernel/bpf/syscall.c). */
  readonly netAdmin: boolean;
  /** Whether a loader tells the kernel the BTF types of its keys and values (bpf_object__create_map of libbpf). */
  readonly typed: boolean;
  /** Of a map that cannot be walked: why, and what to do instead. The map is the subject of the sentence. */
  readonly instead?: string;
}

type Cells = readonly [since: string, key: KeyKind, value: ValueKind, walk: Walk, whenGone?: WhenGone, lookup?: Lookup];

const BY_EVENTS = "holds records, and reading takes them out: use 'bpf-ts events'";
const BY_PROGRAMS = 'carries records from user space to programs, which take them out: it is written by mapping it';
const BY_HEAD = "shows only its head: use 'map peek', or 'map pop' to take it out";
const BY_OWNER = 'hangs on sockets, inodes, tasks or cgroups and cannot be listed: a value is looked up by a descriptor of its owner';

const CELLS: Readonly<Record<Exclude<MapTypeName, 'UNSPEC'>, Cells>> = {
  HASH: ['3.19', 'bytes', 'plain', 'batch', 'restarts'],
  ARRAY: ['3.19', 'index', 'plain', 'batch'],
  PROG_ARRAY: ['4.2', 'index', 'prog', 'keys'],
  PERF_EVENT_ARRAY: ['4.3', 'index', 'perf-event', 'keys', 'goes-on', 'never'],
  PERCPU_HASH: ['4.6', 'bytes', 'per-cpu', 'batch', 'restarts'],
  PERCPU_ARRAY: ['4.6', 'index', 'per-cpu', 'batch'],
  STACK_TRACE: ['4.6', 'index', 'plain', 'keys', 'restarts'],
  CGROUP_ARRAY: ['4.8', 'index', 'cgroup', 'keys', 'goes-on', 'never'],
  LRU_HASH: ['4.10', 'bytes', 'plain', 'batch', 'restarts'],
  LRU_PERCPU_HASH: ['4.10', 'bytes', 'per-cpu', 'batch', 'restarts'],
  LPM_TRIE: ['4.11', 'lpm', 'plain', 'batch-by-key', 'restarts'],
  ARRAY_OF_MAPS: ['4.12', 'index', 'map', 'batch'],
  HASH_OF_MAPS: ['4.12', 'bytes', 'map', 'batch', 'restarts'],
  DEVMAP: ['4.14', 'index', 'plain', 'keys'],
  SOCKMAP: ['4.14', 'index', 'socket', 'keys'],
  CPUMAP: ['4.15', 'index', 'plain', 'keys'],
  XSKMAP: ['4.18', 'index', 'socket', 'keys', 'goes-on', 'never'],
  SOCKHASH: ['4.18', 'bytes', 'socket', 'keys', 'restarts'],
  CGROUP_STORAGE: ['4.19', 'cgroup', 'plain', 'keys', 'ends'],
  REUSEPORT_SOCKARRAY: ['4.19', 'index', 'socket', 'keys'],
  PERCPU_CGROUP_STORAGE: ['4.20', 'cgroup', 'per-cpu', 'keys', 'ends'],
  QUEUE: ['4.20', 'none', 'plain', 'never'],
  STACK: ['4.20', 'none', 'plain', 'never'],
  SK_STORAGE: ['5.2', 'fd', 'plain', 'never'],
  DEVMAP_HASH: ['5.4', 'bytes', 'plain', 'keys', 'restarts'],
  STRUCT_OPS: ['5.6', 'index', 'plain', 'keys'],
  RINGBUF: ['5.8', 'none', 'none', 'never', 'goes-on', 'never'],
  INODE_STORAGE: ['5.10', 'fd', 'plain', 'never'],
  TASK_STORAGE: ['5.11', 'fd', 'plain', 'never'],
  BLOOM_FILTER: ['5.16', 'none', 'plain', 'never', 'goes-on', 'asks'],
  USER_RINGBUF: ['6.1', 'none', 'none', 'never', 'goes-on', 'never'],
  CGRP_STORAGE: ['6.2', 'fd', 'plain', 'never'],
  ARENA: ['6.9', 'none', 'none', 'never', 'goes-on', 'never'],
  INSN_ARRAY: ['6.19', 'index', 'plain', 'keys'],
  RHASH: ['7.2', 'bytes', 'plain', 'batch-by-key', 'restarts'],
};

const NET_ADMIN: readonly MapTypeName[] = ['SOCKMAP', 'SOCKHASH', 'DEVMAP', 'DEVMAP_HASH', 'XSKMAP'];

const UNTYPED: readonly MapTypeName[] = [
  'PERF_EVENT_ARRAY',
  'CGROUP_ARRAY',
  'STACK_TRACE',
  'ARRAY_OF_MAPS',
  'HASH_OF_MAPS',
  'DEVMAP',
  'DEVMAP_HASH',
  'CPUMAP',
  'XSKMAP',
  'SOCKMAP',
  'SOCKHASH',
  'QUEUE',
  'STACK',
  'ARENA',
];

const INSTEAD: Readonly<Partial<Record<MapTypeName, string>>> = {
  QUEUE: BY_HEAD,
  STACK: BY_HEAD,
  RINGBUF: BY_EVENTS,
  USER_RINGBUF: BY_PROGRAMS,
  SK_STORAGE: BY_OWNER,
  INODE_STORAGE: BY_OWNER,
  TASK_STORAGE: BY_OWNER,
  CGRP_STORAGE: BY_OWNER,
  BLOOM_FILTER: "only answers whether a value may be in it: use 'map peek MAP value DATA'",
  ARENA: 'is memory shared with its programs: it has no elements, and is read by mapping it',
};

function row(name: MapTypeName, cells: Cells): MapTypeRow {
  const [since, key, value, walk, whenGone = 'goes-on', lookup = 'gives'] = cells;
  const instead = INSTEAD[name];
  return {
    number: MapType[name],
    name: name.toLowerCase(),
    since,
    key,
    value,
    walk,
    whenGone,
    lookup,
    netAdmin: NET_ADMIN.includes(name),
    typed: !UNTYPED.includes(name),
    ...(instead && { instead }),
  };
}

/** The map types by their number, hash (1) to rhash (35). */
export const MAP_TYPES: readonly (MapTypeRow | undefined)[] = Object.entries(CELLS).reduce<(MapTypeRow | undefined)[]>(
  (rows, [name, cells]) => {
    rows[MapType[name as MapTypeName]] = row(name as MapTypeName, cells);
    return rows;
  },
  [],
);

/** The row of a type. A type that this release does not know is taken for a plain one, so that it can still be looked at. */
export function mapType(number: number): MapTypeRow {
  return (
    MAP_TYPES[number] ?? {
      number,
      name: mapTypes.textOf(number),
      since: '',
      key: 'bytes',
      value: 'plain',
      walk: 'batch-by-key',
      whenGone: 'restarts',
      lookup: 'gives',
      netAdmin: false,
      typed: true,
    }
  );
}

/** Bytes from one CPU's value to the next: the kernel rounds up to 8 (bpf_map_value_size in kernel/bpf/syscall.c). */
export function perCpuStep(valueSize: number): number {
  return Math.ceil(valueSize / 8) * 8;
}

/** How many bytes the kernel reads and writes for one value (bpf_map_value_size). `cpus` is the number of possible CPUs. */
export function valueBytes(type: number, valueSize: number, cpus: number): number {
  const kind = mapType(type).value;
  if (kind === 'per-cpu') return perCpuStep(valueSize) * cpus;
  // IS_FD_MAP: the kernel copies a u32, whatever the map says.
  return kind === 'prog' || kind === 'map' || kind === 'perf-event' || kind === 'cgroup' ? 4 : valueSize;
}
