import { batches } from './batches.js';
import type { BpfMap } from './map.js';
import { isBatch } from './rows.js';

/**
 * How many elements a map has, in the time of reading it; of an array, which always has all of them, at once. Undefined where the kernel does not tell: of
 * queues, buffers, storage and bloom filters, and of arrays of perf events, cgroups and XDP sockets.
 *
 * @throws MapChangesError when the map changes faster than it can be read
 */
export async function countElements(map: BpfMap): Promise<number | undefined> {
  const { row, info } = map;
  if (row.walk === 'never' || row.lookup === 'never') return undefined;
  if (isArray(map)) return info.maxEntries;
  let count = 0;
  for await (const part of batches(map)) {
    if (isBatch(part)) count += part.count;
    // A socket is there, though its value can not be read.
    else if (part.error.code !== 'ENOENT') count += 1;
  }
  return count;
}

/** Whether all elements are there from the beginning, and cannot be deleted. */
export function isArray({ row }: BpfMap): boolean {
  return row.key === 'index' && row.walk === 'batch' && (row.value === 'plain' || row.value === 'per-cpu');
}
