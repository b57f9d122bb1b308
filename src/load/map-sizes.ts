import { UsageError } from '../errors.js';
import { Flag, MapType } from '../kernel/enums.gen.js';
import type { MapSpec, ObjectSpec } from '../object/spec.js';
import type { Kernel } from './kernel.js';

/** The map with what depends on the machine filled in: sizes by CPUs and pages, and flags that its kernel lacks. */
export function adjustMap(map: MapSpec, kernel: Kernel): MapSpec {
  const isData = map.kind !== undefined && map.kind !== 'arena' && map.kind !== 'struct_ops';
  const flags =
    isData && map.flags & Flag.BPF_F_MMAPABLE && !kernel.features.has('arrayMmap') ? map.flags & ~Flag.BPF_F_MMAPABLE : map.flags;
  return { ...map, flags, maxEntries: adjustEntries(map, kernel), inner: map.inner && adjustMap(map.inner, kernel) };
}

function adjustEntries({ type, maxEntries }: MapSpec, kernel: Kernel): number {
  if (type === MapType.PERF_EVENT_ARRAY && maxEntries === 0) return kernel.possibleCpus;
  if (type === MapType.RINGBUF || type === MapType.USER_RINGBUF) return ringbufSize(maxEntries, kernel.pageSize);
  return maxEntries;
}

const MAX_U32 = 0xffffffff;

/** A ring buffer has a power of two of pages: the next larger one, unless it is that already. 0 and what is too large are left for the kernel to refuse. */
export function ringbufSize(size: number, page: number): number {
  if (size === 0 || (size % page === 0 && isPowerOfTwo(size / page))) return size;
  for (let rounded = page; rounded <= MAX_U32; rounded *= 2) if (rounded > size) return rounded;
  return size;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

/** Bytes of address space that an arena takes. */
export function arenaSize({ maxEntries }: MapSpec, page: number): number {
  return maxEntries * page;
}

/** Where the global variables of an arena begin: at its end, where the kernel takes such offsets, so that its first page can stay unmapped. */
export function arenaDataOffset(spec: ObjectSpec, kernel: Kernel): number {
  const arena = spec.maps.find(({ type }) => type === MapType.ARENA);
  if (!arena) return 0;
  const data = arena.contents?.length ?? 0;
  const size = arenaSize(arena, kernel.pageSize);
  const rounded = Math.ceil(data / kernel.pageSize) * kernel.pageSize;
  if (rounded > size) throw new UsageError(`map ${arena.name}: ${data} bytes of global variables do not fit the arena of ${size}`);
  return kernel.features.has('ldimm64FullRange') ? size - rounded : 0;
}
