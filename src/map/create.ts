import type { Input } from '../../native/layout.js';
import type { MAP_CREATE } from '../../native/uapi.js';
import { MapType } from '../kernel/enums.gen.js';
import { mapType, valueBytes } from '../kernel/map-types.js';

/** What BPF_MAP_CREATE is asked for. Sizes are in bytes; descriptors stay the caller's. */
export interface MapAttributes {
  /** enum bpf_map_type. */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** The kernel takes 15 bytes of letters, digits, `_` and `.`; what is longer is cut. Since 4.15. */
  readonly name?: string;
  readonly flags?: number;
  /** A map of the kind that a map of maps is to hold. */
  readonly innerMapFd?: number;
  readonly numaNode?: number;
  readonly ifindex?: number;
  /** Bloom filter: number of hash functions. Arena: address to map it at. */
  readonly mapExtra?: bigint;
  readonly btfFd?: number;
  readonly btfKeyTypeId?: number;
  readonly btfValueTypeId?: number;
  readonly btfVmlinuxValueTypeId?: number;
  /** The BTF of the module whose struct a struct_ops map holds; needs BPF_F_VTYPE_BTF_OBJ_FD. */
  readonly valueTypeBtfObjFd?: number;
  /** A token that delegates the creation; needs BPF_F_TOKEN_FD. */
  readonly tokenFd?: number;
  /** SHA-256 of the only program that may use the map. Since 6.18. */
  readonly exclusiveProgramHash?: Uint8Array;
}

const NAME_BYTES = 15;

/** The attribute as the kernel takes it. */
export function mapCreateAttr(map: MapAttributes): Input<typeof MAP_CREATE> {
  return {
    map_type: map.type,
    key_size: map.keySize,
    value_size: map.valueSize,
    max_entries: map.maxEntries,
    map_flags: map.flags,
    inner_map_fd: map.innerMapFd,
    numa_node: map.numaNode,
    map_name: map.name === undefined ? undefined : new TextEncoder().encode(map.name).subarray(0, NAME_BYTES),
    map_ifindex: map.ifindex,
    btf_fd: map.btfFd,
    btf_key_type_id: map.btfKeyTypeId,
    btf_value_type_id: map.btfValueTypeId,
    btf_vmlinux_value_type_id: map.btfVmlinuxValueTypeId,
    map_extra: map.mapExtra,
    value_type_btf_obj_fd: map.valueTypeBtfObjFd,
    map_token_fd: map.tokenFd,
    excl_prog_hash: map.exclusiveProgramHash,
    excl_prog_hash_size: map.exclusiveProgramHash?.length,
  };
}

type Rule = readonly [applies: (map: MapAttributes) => boolean, sentence: (map: MapAttributes) => string];

const isPowerOfTwo = (n: number) => n > 0 && Number.isInteger(Math.log2(n));
const kind = (map: MapAttributes) => mapType(map.type);
const all = (map: MapAttributes) => `maps of type ${kind(map).name}`;
const has = (map: MapAttributes, flag: number) => ((map.flags ?? 0) & flag) !== 0;
const oneOf = (...types: (keyof typeof MapType)[]) => {
  const numbers: readonly number[] = types.map((type) => MapType[type]);
  return (map: MapAttributes) => numbers.includes(map.type);
};

const isBuffer = oneOf('RINGBUF', 'USER_RINGBUF');
const isStorage = oneOf('SK_STORAGE', 'INODE_STORAGE', 'TASK_STORAGE', 'CGRP_STORAGE');
const isCgroupStorage = oneOf('CGROUP_STORAGE', 'PERCPU_CGROUP_STORAGE');
const isUnbounded = (map: MapAttributes) => isStorage(map) || isCgroupStorage(map);
const needsNoPrealloc = oneOf('LPM_TRIE', 'RHASH');
const takesFourOrEight = oneOf('DEVMAP', 'DEVMAP_HASH', 'CPUMAP', 'SOCKMAP', 'SOCKHASH', 'REUSEPORT_SOCKARRAY');
const BPF_F_NO_PREALLOC = 1;
const BPF_F_MMAPABLE = 0x400;
const PAGE = 4096;

// What the kernel asks of each type (map_alloc_check of its map_ops), in the order in which a person would want to know.
// biome-ignore format: one rule a line
const RULES: readonly Rule[] = [
  [(map) => kind(map).since === '', (map) => `this release knows no map type ${map.type}`],
  [({ name }) => name !== undefined && !/^[\w.]*$/.test(name), () => 'a name has letters, digits, _ and . only'],
  [(map) => isStorage(map) && !map.btfKeyTypeId, (map) => `${all(map)} need BTF, which only a program's object brings along`],
  [(map) => oneOf('STRUCT_OPS')(map) && !map.btfVmlinuxValueTypeId, () => "a struct_ops map is made from a program's object: struct_ops register"],
  [(map) => kind(map).key === 'none' && map.keySize !== 0, (map) => `${all(map)} have no keys (key 0)`],
  [(map) => kind(map).value === 'none' && map.valueSize !== 0, (map) => `${all(map)} have no values (value 0)`],
  [(map) => isBuffer(map) && !(isPowerOfTwo(map.maxEntries) && map.maxEntries % PAGE === 0), () => `entries is its size in bytes: a power of two, at least a page (${PAGE})`],
  [(map) => kind(map).key === 'index' && map.keySize !== 4, (map) => `${all(map)} have keys of 4 bytes`],
  [(map) => kind(map).key === 'lpm' && (map.keySize < 5 || map.keySize > 260), () => 'the key of an lpm_trie is a 4-byte prefix length and 1 to 256 bytes of data'],
  [(map) => isCgroupStorage(map) && map.keySize !== 8 && map.keySize !== 16, (map) => `${all(map)} have keys of 16 bytes (cgroup id and attach type) or 8 (cgroup id)`],
  [(map) => kind(map).key === 'bytes' && map.keySize === 0, () => 'the key needs a size'],
  [(map) => kind(map).value !== 'none' && map.valueSize === 0, () => 'the value needs a size'],
  [(map) => kind(map).value === 'map' && map.innerMapFd === undefined, (map) => `${all(map)} need a map as their pattern: inner_map MAP`],
  [(map) => valueBytes(map.type, 8, 1) === 4 && map.valueSize !== 4, (map) => `${all(map)} have values of 4 bytes`],
  [(map) => takesFourOrEight(map) && map.valueSize !== 4 && map.valueSize !== 8, (map) => `${all(map)} have values of 4 or 8 bytes`],
  [(map) => oneOf('STACK_TRACE')(map) && map.valueSize % 8 !== 0, () => 'the value of a stack_trace has 8 bytes for each frame (32 with build ids)'],
  [(map) => isUnbounded(map) && map.maxEntries !== 0, (map) => `${all(map)} have no maximum (entries 0)`],
  [(map) => !isUnbounded(map) && map.maxEntries === 0, () => 'entries has to be at least 1'],
  [(map) => needsNoPrealloc(map) && !has(map, BPF_F_NO_PREALLOC), (map) => `${all(map)} need flags 1 (BPF_F_NO_PREALLOC)`],
  [(map) => oneOf('ARENA')(map) && !has(map, BPF_F_MMAPABLE), (map) => `${all(map)} need flags 0x400 (BPF_F_MMAPABLE)`],
];

/** Why the kernel may have answered EINVAL, as far as that can be told; undefined when all looks right. */
export function whyNoMap(map: MapAttributes): string | undefined {
  return RULES.find(([applies]) => applies(map))?.[1](map);
}
