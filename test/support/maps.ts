// Maps for tests: one of each type that user space can create.
import { closeSync, openSync } from 'node:fs';
import { btfLoad } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { IntEncoding } from '../../src/btf/types.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { mapType } from '../../src/kernel/map-types.js';
import { type MapTypeName, mapTypes } from '../../src/kernel/names.js';
import { batches } from '../../src/map/batches.js';
import type { MapAttributes } from '../../src/map/create.js';
import { BpfMap } from '../../src/map/map.js';
import { isBatch, rows } from '../../src/map/rows.js';

const NO_PREALLOC = 1;
const MMAPABLE = 0x400;

// What differs from a map with 4-byte keys, 8-byte values and 16 entries.
const SHAPES: Partial<Record<MapTypeName, Partial<MapAttributes>>> = {
  LPM_TRIE: { keySize: 8, flags: NO_PREALLOC },
  QUEUE: { keySize: 0 },
  STACK: { keySize: 0 },
  BLOOM_FILTER: { keySize: 0 },
  PROG_ARRAY: { valueSize: 4 },
  PERF_EVENT_ARRAY: { valueSize: 4 },
  CGROUP_ARRAY: { valueSize: 4 },
  ARRAY_OF_MAPS: { valueSize: 4 },
  HASH_OF_MAPS: { valueSize: 4 },
  DEVMAP: { valueSize: 4 },
  DEVMAP_HASH: { valueSize: 4 },
  CPUMAP: { valueSize: 4 },
  XSKMAP: { valueSize: 4 },
  STACK_TRACE: { valueSize: 80 },
  CGROUP_STORAGE: { keySize: 16, maxEntries: 0 },
  PERCPU_CGROUP_STORAGE: { keySize: 16, maxEntries: 0 },
  SK_STORAGE: { maxEntries: 0, flags: NO_PREALLOC },
  INODE_STORAGE: { maxEntries: 0, flags: NO_PREALLOC },
  TASK_STORAGE: { maxEntries: 0, flags: NO_PREALLOC },
  CGRP_STORAGE: { maxEntries: 0, flags: NO_PREALLOC },
  RINGBUF: { keySize: 0, valueSize: 0, maxEntries: 65536 },
  USER_RINGBUF: { keySize: 0, valueSize: 0, maxEntries: 65536 },
  ARENA: { keySize: 0, valueSize: 0, flags: MMAPABLE },
  INSN_ARRAY: { valueSize: 16 },
  RHASH: { flags: NO_PREALLOC },
};

/** A map of this type, of the simplest shape it may have. `more` changes what is asked for. */
export function makeMap(type: MapTypeName, more: Partial<MapAttributes> = {}): BpfMap {
  const shape = { type: MapType[type], keySize: 4, valueSize: 8, maxEntries: 16, name: 'test', ...SHAPES[type], ...more };
  const kind = mapType(shape.type);
  if (kind.key === 'fd') return withTypes(shape);
  if (kind.value !== 'map' || shape.innerMapFd !== undefined) return BpfMap.create(shape);
  using inner = makeMap('HASH');
  return BpfMap.create({ ...shape, innerMapFd: inner.fd });
}

/** Storage maps have to have BTF: an int and a 64-bit number. */
function withTypes(shape: MapAttributes): BpfMap {
  const int = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: IntEncoding.SIGNED } as const;
  const bytes = encodeBtf([int, { ...int, name: 'long', size: 8, bits: 64 }]);
  using btf = btfLoad({ btf: bytes, btf_size: bytes.length });
  return BpfMap.create({ ...shape, btfFd: btf.number, btfKeyTypeId: 1, btfValueTypeId: 2 });
}

/** All types but struct_ops, which only a program's object can bring. */
export const CREATABLE = mapTypes.names
  .map((name) => name.toUpperCase() as MapTypeName)
  .filter((name) => name !== 'UNSPEC' && name !== 'STRUCT_OPS');

/** A descriptor of a file or folder. */
export class OpenFile implements Disposable {
  readonly fd: number;

  constructor(path: string) {
    this.fd = openSync(path, 'r');
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}

/** Undefined when this kernel does not know the type. */
export function tryMakeMap(type: MapTypeName, more: Parameters<typeof makeMap>[1] = {}): BpfMap | undefined {
  try {
    return makeMap(type, more);
  } catch (error) {
    if (error instanceof Error && isErrno(error.cause, 'EINVAL', 'ENOTSUPP', 'EOPNOTSUPP')) return undefined;
    throw error;
  }
}

/** Keys and first bytes of values, in order of the keys. */
export function contents(map: BpfMap): [key: string, value: string][] {
  return [...rows(map)].map(({ key, value }): [string, string] => [key.join(), value.join()]).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The keys of a map as they come in batches that are fetched ahead, sorted. */
export async function keysInBatches(map: BpfMap): Promise<string[]> {
  const found: string[] = [];
  for await (const part of batches(map)) {
    if (!isBatch(part)) continue;
    for (let i = 0; i < part.count; i++) found.push(part.keys.slice(i * map.info.keySize, (i + 1) * map.info.keySize).join());
  }
  return found.sort();
}
