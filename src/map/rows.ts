import { type Batch, batchesNow, type Part } from './batches.js';
import type { BpfMap } from './map.js';

/** One element, in memory of its own. The value of a per-CPU map is that of all CPUs: {@link BpfMap.perCpu} takes it apart. */
export interface Row {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The elements of a map, each once, also while it is being changed; fetched in batches where the kernel can. Elements that user space may not read
 * are left out.
 *
 * @throws {UsageError} when the map is of a kind that cannot be read as a whole.
 * @throws {MapChangesError} when the map changes faster than it can be read.
 */
export function* rows(map: BpfMap): Generator<Row> {
  for (const part of batchesNow(map)) if (isBatch(part)) yield* rowsOf(map, part);
}

/** Whether a part of a map is a batch of elements, or a key whose value cannot be read. */
export function isBatch(part: Part): part is Batch {
  return 'count' in part;
}

/** The elements of one batch. */
export function* rowsOf(map: BpfMap, { keys, values, count }: Batch): Generator<Row> {
  const { keySize } = map.info;
  for (let i = 0; i < count; i++) {
    yield { key: keys.slice(i * keySize, (i + 1) * keySize), value: values.slice(i * map.valueBytes, (i + 1) * map.valueBytes) };
  }
}
