import { mapCreate } from '../../native/bpf.js';
import { isShortage, SyscallError } from '../../native/error.js';
import type { Input } from '../../native/layout.js';
import type { MAP_CREATE } from '../../native/uapi.js';
import { MapType } from '../kernel/enums.gen.js';
import type { MapTypeRow } from '../kernel/map-types.js';
import type { MapTypeName } from '../kernel/names.js';
import { type Answer, answer } from './answer.js';
import { INT, loadWords } from './minimal-btf.js';

/** How the smallest map of a type is made, where it differs from 4-byte keys, 4-byte values and one entry. */
interface Recipe {
  readonly attr?: Input<typeof MAP_CREATE>;
  /** Keys and values described by BTF, as an int. */
  readonly btf?: boolean;
  /** A map that it is to hold. */
  readonly inner?: boolean;
  /** The name of the errno that only a kernel that knows the type gives. */
  readonly refused?: string;
}

const BPF_F_NO_PREALLOC = 1;
const BPF_F_MMAPABLE = 1024;
// Ring buffers are whole pages; 64 KiB are that on every architecture.
const PAGES = 65536;

const NO_KEY: Recipe = { attr: { key_size: 0 } };
const PER_CGROUP: Recipe = { attr: { key_size: 16, value_size: 8, max_entries: 0 } };
const PER_OWNER: Recipe = { attr: { max_entries: 0, map_flags: BPF_F_NO_PREALLOC }, btf: true };
const OF_MAPS: Recipe = { inner: true };
const RING: Recipe = { attr: { key_size: 0, value_size: 0, max_entries: PAGES } };

const RECIPES: Readonly<Partial<Record<MapTypeName, Recipe>>> = {
  STACK_TRACE: { attr: { value_size: 8 } },
  LPM_TRIE: { attr: { key_size: 8, value_size: 8, map_flags: BPF_F_NO_PREALLOC } },
  ARRAY_OF_MAPS: OF_MAPS,
  HASH_OF_MAPS: OF_MAPS,
  CGROUP_STORAGE: PER_CGROUP,
  PERCPU_CGROUP_STORAGE: PER_CGROUP,
  QUEUE: NO_KEY,
  STACK: NO_KEY,
  BLOOM_FILTER: NO_KEY,
  SK_STORAGE: PER_OWNER,
  INODE_STORAGE: PER_OWNER,
  TASK_STORAGE: PER_OWNER,
  CGRP_STORAGE: PER_OWNER,
  RINGBUF: RING,
  USER_RINGBUF: RING,
  // Type 1 of the kernel's BTF is no struct of operations, which only a kernel that looks for one can say.
  STRUCT_OPS: { attr: { btf_vmlinux_value_type_id: 1 }, refused: 'ENOTSUPP' },
  ARENA: { attr: { key_size: 0, value_size: 0, map_flags: BPF_F_MMAPABLE } },
  INSN_ARRAY: { attr: { value_size: 16 } },
  RHASH: { attr: { map_flags: BPF_F_NO_PREALLOC } },
};

// include/linux/bpf_types.h
const CONFIG: Readonly<Partial<Record<MapTypeName, readonly string[]>>> = {
  PERF_EVENT_ARRAY: ['CONFIG_PERF_EVENTS'],
  STACK_TRACE: ['CONFIG_PERF_EVENTS'],
  CGROUP_ARRAY: ['CONFIG_CGROUPS'],
  CGROUP_STORAGE: ['CONFIG_CGROUP_BPF'],
  PERCPU_CGROUP_STORAGE: ['CONFIG_CGROUP_BPF'],
  CGRP_STORAGE: ['CONFIG_CGROUPS'],
  DEVMAP: ['CONFIG_NET'],
  DEVMAP_HASH: ['CONFIG_NET'],
  CPUMAP: ['CONFIG_NET'],
  SK_STORAGE: ['CONFIG_NET'],
  SOCKMAP: ['CONFIG_NET', 'CONFIG_INET'],
  SOCKHASH: ['CONFIG_NET', 'CONFIG_INET'],
  XSKMAP: ['CONFIG_XDP_SOCKETS'],
  REUSEPORT_SOCKARRAY: ['CONFIG_INET'],
  STRUCT_OPS: ['CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'],
  INODE_STORAGE: ['CONFIG_BPF_LSM'],
};

/** The options without which a kernel is built without a map type; `name` as in `percpu_hash`. */
export function mapTypeConfig(name: string): readonly string[] {
  return CONFIG[name.toUpperCase() as MapTypeName] ?? [];
}

/**
 * Asks the kernel for a map type by making a map of it.
 * @param ifindex of the interface that the map is to be offloaded to; 0 for the kernel
 */
export function probeMapType(type: MapTypeRow, ifindex = 0): Answer {
  const recipe = (ifindex === 0 && RECIPES[type.name.toUpperCase() as MapTypeName]) || {};
  try {
    create(type, recipe, ifindex);
    return answer(type, recipe.refused === undefined, 0);
  } catch (error) {
    if (!(error instanceof SyscallError) || isShortage(error)) throw error;
    return answer(type, error.code === recipe.refused, error.errno);
  }
}

function create(type: MapTypeRow, recipe: Recipe, ifindex: number): void {
  using btf = recipe.btf ? loadWords(INT(1), 'int', 0) : undefined;
  using inner = recipe.inner ? mapCreate({ ...SMALLEST, map_type: MapType.HASH }) : undefined;
  const types = btf && { btf_fd: btf.number, btf_key_type_id: 1, btf_value_type_id: 1 };
  using map = mapCreate({
    ...SMALLEST,
    ...recipe.attr,
    ...types,
    inner_map_fd: inner?.number,
    map_type: type.number,
    map_ifindex: ifindex,
  });
  void map;
}

const SMALLEST = { key_size: 4, value_size: 4, max_entries: 1 } as const;
