// All of a map, in batches as large as is good for speed.
import { BatchBuffers, BatchLookup, type BatchResult } from '../../native/batch.js';
import { mapLookupElem } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import { UsageError } from '../errors.js';
import { mayStartThreads } from '../system/threads.js';
import { KeySet } from './key-set.js';
import type { BpfMap } from './map.js';
import { keys, MapChangesError } from './walk.js';

/** Elements one after the other: key `i` at `i * keySize`, value `i` at `i * valueBytes`. The memory is used again for the batch after the next. */
export interface Batch {
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
}

/** A key whose value the kernel does not give. */
export interface Unreadable {
  readonly key: Uint8Array;
  readonly error: SyscallError;
}

export type Part = Batch | Unreadable;

// Memory for a batch: as large as is still read out of the processor's cache. Few large elements may take more, so that calls do not count.
const BATCH_BYTES = 1 << 18;
const MOST_BYTES = 1 << 22;
const FEW = 16;
const MANY = 1 << 14;
// A bucket that is locked at each of so many calls is not going to be free.
const PATIENCE = 1000;
const WALKS = 8;

/**
 * All elements of a map, the following batch being fetched on another thread while one is used. An element that stays in the map throughout is given
 * once; one that comes or goes may or may not be.
 *
 * @throws {UsageError} when the map is of a kind that cannot be read as a whole; the message says what to do instead.
 * @throws {MapChangesError} when it changes faster than it can be read.
 */
export async function* batches(map: BpfMap): AsyncGenerator<Part> {
  if (!mayStartThreads()) return yield* inTurns(batchesNow(map));
  const walk = startWalk(map);
  if (!walk) return yield* singly(map);
  let [buffers, others] = [walk.buffers(), walk.buffers()];
  let coming = walk.lookup.nextAsync(buffers);
  try {
    for (;;) {
      const step = walk.judge((await coming) ?? walk.lookup.next(buffers), buffers);
      [buffers, others] = step === 'grow' ? [walk.buffers(), walk.buffers()] : [others, buffers];
      if (step === 'go on' || step === 'grow') coming = walk.lookup.nextAsync(buffers);
      if (walk.batch.count > 0) yield walk.batch;
      if (step === 'end') return;
      if (step === 'fall back') return yield* singly(map, walk.lastKey, walk.seen);
    }
  } finally {
    // The kernel may still be writing into memory that only this function holds.
    await coming;
  }
}

/** The same without another thread, for callers that cannot wait. */
export function* batchesNow(map: BpfMap): Generator<Part> {
  const walk = startWalk(map);
  if (!walk) return yield* singly(map);
  let buffers = walk.buffers();
  for (;;) {
    const step = walk.judge(walk.lookup.next(buffers), buffers);
    if (step === 'grow') buffers = walk.buffers();
    if (walk.batch.count > 0) yield walk.batch;
    if (step === 'end') return;
    if (step === 'fall back') return yield* singly(map, walk.lastKey, walk.seen);
  }
}

/** Lets the event loop have its turn between parts: signals are seen there. */
async function* inTurns(parts: Iterable<Part>): AsyncGenerator<Part> {
  for (const part of parts) {
    yield part;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function startWalk(map: BpfMap): BatchWalk | undefined {
  if (map.row.walk === 'never') throw new UsageError(`${map.title} is of type ${map.row.name}, which ${map.row.instead}`);
  return map.row.walk === 'keys' ? undefined : new BatchWalk(map);
}

function roomFor(map: BpfMap): number {
  const size = map.info.keySize + map.valueBytes;
  return Math.max(Math.floor(BATCH_BYTES / size), Math.min(FEW, Math.floor(MOST_BYTES / size)), 1);
}

type Step = 'go on' | 'grow' | 'end' | 'fall back';
const NOTHING: Batch = { keys: new Uint8Array(), values: new Uint8Array(), count: 0 };

/** Where a walk in batches stands, and what an answer of the kernel means for it. */
class BatchWalk {
  readonly lookup: BatchLookup;
  /** What the last answer gave. */
  batch: Batch = NOTHING;
  /** The last key that was given, for maps whose walk can go on from a key. */
  lastKey: Uint8Array | undefined;
  #room: number;
  #total = 0;
  #patience = PATIENCE;
  /** What was given already, where the kernel may give it again. */
  readonly seen: KeySet | undefined;

  constructor(readonly map: BpfMap) {
    const { keySize, maxEntries } = map.info;
    this.#room = Math.min(roomFor(map), MANY, Math.max(maxEntries, FEW));
    this.lookup = new BatchLookup(map.fd, keySize);
    if (map.row.walk === 'batch-by-key') this.seen = new KeySet(keySize);
  }

  buffers(): BatchBuffers {
    return new BatchBuffers(this.#room, this.map.info.keySize, this.map.valueBytes);
  }

  judge(result: BatchResult, buffers: BatchBuffers): Step {
    this.batch = this.#take(result.count, buffers);
    this.#patience = result.count > 0 ? PATIENCE : this.#patience - 1;
    if (!result.error) return result.count > 0 ? 'go on' : 'end';
    switch (result.error.code) {
      case 'ENOENT':
        return 'end';
      case 'ENOSPC':
        return this.#grow(result.error);
      case 'EBUSY':
        if (this.#patience > 0) return 'go on';
        break;
      case 'EINTR':
        if (result.count > 0) return 'go on';
        break;
      case 'EAGAIN':
        // The key that was to come next is gone (rhash): from the start again, past the keys that are known.
        if (this.#patience > 0) return this.#restart();
        break;
    }
    return this.#giveUpBatches(result.error);
  }

  #take(count: number, buffers: BatchBuffers): Batch {
    const batch = { keys: buffers.keys.bytes, values: buffers.values.bytes, count };
    if (count === 0) return batch;
    this.#total += count;
    const { keySize } = this.map.info;
    this.lastKey = batch.keys.slice((count - 1) * keySize, count * keySize);
    return this.seen ? this.#onlyNew(batch, this.seen) : batch;
  }

  #onlyNew(batch: Batch, seen: KeySet): Batch {
    if (this.#total > WALKS * (this.map.info.maxEntries + batch.count)) throw new MapChangesError(this.map, seen.size);
    const { keySize } = this.map.info;
    const { valueBytes } = this.map;
    let count = 0;
    for (let i = 0; i < batch.count; i++) {
      if (!seen.add(batch.keys, i * keySize)) continue;
      if (count < i) {
        batch.keys.copyWithin(count * keySize, i * keySize, (i + 1) * keySize);
        batch.values.copyWithin(count * valueBytes, i * valueBytes, (i + 1) * valueBytes);
      }
      count++;
    }
    return { ...batch, count };
  }

  // A bucket of a hash map has to fit as a whole.
  #grow(error: SyscallError): Step {
    if (this.#room > this.map.info.maxEntries) return this.#giveUpBatches(error);
    this.#room *= 2;
    return 'grow';
  }

  #restart(): Step {
    this.lookup.restart();
    return 'go on';
  }

  /** The kernel (or this type in it) has no batches, or stopped in the middle: key by key is always possible where keys say the position. */
  #giveUpBatches(error: SyscallError): Step {
    if (this.#total === 0 || this.map.row.key !== 'bytes') return 'fall back';
    throw new Error(`read ${this.map.title}`, { cause: error });
  }
}

function* singly(map: BpfMap, after?: Uint8Array, seen?: KeySet): Generator<Part> {
  const gathered = new Gathering(map);
  const all = keys(map, after, seen);
  for (;;) {
    const { value: key, done } = nextOf(map, all);
    if (done) break;
    const error = gathered.lookup(key);
    if (gathered.full || error) yield* gathered.take();
    if (error) yield { key: key.slice(), error };
  }
  yield* gathered.take();
}

function nextOf(map: BpfMap, all: Generator<Uint8Array>): IteratorResult<Uint8Array, undefined> {
  try {
    return all.next() as IteratorResult<Uint8Array, undefined>;
  } catch (error) {
    throw error instanceof SyscallError ? new Error(`read the keys of ${map.title}`, { cause: error }) : error;
  }
}

/** Puts elements that were read one by one together to a batch. */
class Gathering {
  readonly #room: number;
  readonly #keys: Uint8Array;
  readonly #values: Uint8Array;
  #count = 0;

  constructor(readonly map: BpfMap) {
    this.#room = Math.min(roomFor(map), 256);
    this.#keys = new Uint8Array(this.#room * map.info.keySize);
    this.#values = new Uint8Array(this.#room * map.valueBytes);
  }

  get full(): boolean {
    return this.#count === this.#room;
  }

  /** Reads the value of a key; the error when the kernel does not give it. An element that has gone meanwhile is left out. */
  lookup(key: Uint8Array): SyscallError | undefined {
    const { valueBytes } = this.map;
    const value = this.#values.subarray(this.#count * valueBytes, (this.#count + 1) * valueBytes);
    try {
      if (!mapLookupElem(this.map.fd, key, value)) return absent(this.map);
    } catch (error) {
      if (error instanceof SyscallError) return error;
      throw error;
    }
    this.#keys.set(key, this.#count * key.length);
    this.#count += 1;
    return undefined;
  }

  *take(): Generator<Batch> {
    if (this.#count > 0) yield { keys: this.#keys, values: this.#values, count: this.#count };
    this.#count = 0;
  }
}

const ENOENT = 2;

// A slot of an array of devices, sockets or CPUs that is empty is told of; an empty slot of programs or maps, and an element that was deleted, is not.
function absent(map: BpfMap): SyscallError | undefined {
  const { whenGone, value } = map.row;
  return whenGone === 'goes-on' && value !== 'prog' && value !== 'map' ? new SyscallError('BPF_MAP_LOOKUP_ELEM', ENOENT) : undefined;
}
