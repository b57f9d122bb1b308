// What is in a map at a time, and what differs between two times, or two maps.
import { batches } from './batches.js';
import { KeySet } from './key-set.js';
import type { BpfMap } from './map.js';
import { isBatch } from './rows.js';

/** Values by key, in an order: of bytes in a {@link Snapshot}, of text in a Map. */
export interface Elements<Bytes> extends Iterable<readonly [key: Bytes, value: Bytes]> {
  readonly get: (key: Bytes) => Bytes | undefined;
}

/** An element that differs; `before` and `after` are undefined where it is not there. */
export interface Difference<Bytes = Uint8Array> {
  readonly change: 'added' | 'removed' | 'changed';
  readonly key: Bytes;
  readonly before: Bytes | undefined;
  readonly after: Bytes | undefined;
}

const CHUNK_BYTES = 1 << 20;

/** Elements in the order in which they were read, close together: made for millions of them. What is given of them are views. */
export class Snapshot implements Elements<Uint8Array> {
  readonly #keys: KeySet;
  /** Values one after the other, so many to a chunk: none of them is copied when there are more. */
  readonly #chunks: Uint8Array[] = [];
  readonly #perChunk: number;

  /** Sizes in bytes. */
  constructor(
    keySize: number,
    readonly valueSize: number,
  ) {
    this.#keys = new KeySet(keySize);
    this.#perChunk = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(valueSize, 1)));
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Adds the element whose key and value begin at these places; of a key that is there already it replaces the value. */
  set(keys: Uint8Array, keyAt: number, values: Uint8Array, valueAt: number): void {
    const isNew = this.#keys.add(keys, keyAt);
    const index = isNew ? this.#keys.size - 1 : this.#keys.indexOf(keys, keyAt);
    if (isNew && index % this.#perChunk === 0) this.#chunks.push(new Uint8Array(this.#perChunk * this.valueSize));
    const value = this.#value(index);
    for (let i = 0; i < value.length; i++) value[i] = values[valueAt + i]!;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const index = this.#keys.indexOf(key);
    return index < 0 ? undefined : this.#value(index);
  }

  *[Symbol.iterator](): Generator<[key: Uint8Array, value: Uint8Array]> {
    for (let index = 0; index < this.size; index++) yield [this.#keys.at(index), this.#value(index)];
  }

  #value(index: number): Uint8Array {
    const start = (index % this.#perChunk) * this.valueSize;
    return this.#chunks[Math.floor(index / this.#perChunk)]!.subarray(start, start + this.valueSize);
  }
}

/**
 * All elements whose values can be read.
 *
 * @throws {UsageError} when the map cannot be read as a whole
 * @throws {MapChangesError} when it changes faster than it can be read
 */
export async function takeSnapshot(map: BpfMap): Promise<Snapshot> {
  const { keySize } = map.info;
  const { valueBytes } = map;
  const elements = new Snapshot(keySize, valueBytes);
  for await (const part of batches(map)) {
    if (!isBatch(part)) continue;
    for (let i = 0; i < part.count; i++) elements.set(part.keys, i * keySize, part.values, i * valueBytes);
  }
  return elements;
}

/** What leads from one to the other: removed and changed elements in the order of the first, then added ones in that of the second. */
export function* differences<Bytes>(
  before: Elements<Bytes>,
  after: Elements<Bytes>,
  isEqual: (a: Bytes, b: Bytes) => boolean,
): Generator<Difference<Bytes>> {
  for (const [key, value] of before) {
    const now = after.get(key);
    if (now === undefined) yield { change: 'removed', key, before: value, after: undefined };
    else if (!isEqual(now, value)) yield { change: 'changed', key, before: value, after: now };
  }
  for (const [key, value] of after) if (before.get(key) === undefined) yield { change: 'added', key, before: undefined, after: value };
}

/** For {@link differences} of snapshots; both have the same length. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
