// What is in a map at a time, and what differs between two times, or two maps.
import { batches } from './batches.js';
import type { BpfMap } from './map.js';
import { isBatch } from './rows.js';

/** Values by key. Bytes are kept as text of one character each, which is compared and looked up the fastest. */
export type Snapshot = ReadonlyMap<string, string>;

/** An element that differs; `before` and `after` are undefined where it is not there. */
export interface Difference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly key: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function packBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function unpackBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/**
 * All elements whose values can be read.
 *
 * @throws {UsageError} when the map cannot be read as a whole
 * @throws {MapChangesError} when it changes faster than it can be read
 */
export async function takeSnapshot(map: BpfMap): Promise<Snapshot> {
  const elements = new Map<string, string>();
  const { keySize } = map.info;
  const { valueBytes } = map;
  for await (const part of batches(map)) {
    if (!isBatch(part)) continue;
    const [keys, values] = [packBytes(part.keys), packBytes(part.values)];
    for (let i = 0; i < part.count; i++)
      elements.set(keys.slice(i * keySize, (i + 1) * keySize), values.slice(i * valueBytes, (i + 1) * valueBytes));
  }
  return elements;
}

/** What leads from one to the other: removed and changed elements in the order of the first, then added ones in that of the second. */
export function* differences(before: Snapshot, after: Snapshot): Generator<Difference> {
  for (const [key, value] of before) {
    const now = after.get(key);
    if (now === undefined) yield { change: 'removed', key, before: value, after: undefined };
    else if (now !== value) yield { change: 'changed', key, before: value, after: now };
  }
  for (const [key, value] of after) if (!before.has(key)) yield { change: 'added', key, before: undefined, after: value };
}
