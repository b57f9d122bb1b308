// MAP_LOOKUP_BATCH over memory with fixed addresses, as a dump of millions of elements needs it.
import { SyscallError } from './error.js';
import { callBpf, callBpfAsync } from './ffi.js';
import { Arena } from './memory.js';
import { systemCallNumber } from './system.js';
import { Command, MAP_BATCH } from './uapi.js';

/** What a batch call did: `count` elements; the error, if it ended early, is for the caller to read (ENOENT: the end; ENOSPC: too small for a bucket). */
export interface BatchResult {
  readonly count: number;
  readonly error: SyscallError | undefined;
}

/** Where a batch is written: `room` elements of the map's key size and of the size of a value as the kernel writes it. */
export class BatchBuffers {
  readonly keys: Arena;
  readonly values: Arena;

  constructor(
    readonly room: number,
    keyBytes: number,
    valueBytes: number,
  ) {
    this.keys = new Arena(Math.max(room * keyBytes, 1));
    this.values = new Arena(Math.max(room * valueBytes, 1));
  }
}

// After these errors the kernel has written how far it came. (EBUSY: a bucket was locked; EINTR: older kernels gave up on an empty slot.) After others the
// count may still be what was asked for.
const COUNTED = new Set(['ENOENT', 'ENOSPC', 'E2BIG', 'EEXIST', 'EBUSY', 'ENOMEM', 'EINTR']);

/**
 * How many elements a batch call has done, of those that were `asked` for, by the count that it left behind. What ended before the kernel counted (a security
 * module, a filter of system calls) did none; only at the end can an error come with all that was asked for.
 */
export function doneOf(asked: number, count: number, error: SyscallError | undefined): number {
  if (!error) return count;
  return COUNTED.has(error.code) && (count < asked || error.code === 'ENOENT') ? count : 0;
}

/** A walk over a map in batches. Its position is kept apart from where the kernel writes the next one, so that a call can be made again. */
export class BatchLookup {
  readonly #attr = new Arena(MAP_BATCH.size);
  #position: Arena;
  #next: Arena;
  #started = false;

  /** `keyBytes` is the map's key size: the position is a key, or a u32. */
  constructor(map: number, keyBytes: number) {
    this.#position = new Arena(Math.max(keyBytes, 8));
    this.#next = new Arena(Math.max(keyBytes, 8));
    this.#attr.view.setUint32(MAP_BATCH.fields.map_fd[0], map, true);
  }

  /** Fetches the following elements into `buffers`. */
  next(buffers: BatchBuffers): BatchResult {
    this.#prepare(buffers);
    return this.#finish(callBpf(systemCallNumber('bpf'), Command.MAP_LOOKUP_BATCH, this.#attr.address, MAP_BATCH.size), buffers.room);
  }

  /**
   * The same on another thread. Undefined when the kernel gave an error, since its number is lost there: the position has not moved, so {@link next}
   * makes the same call again and says which. One call at a time.
   */
  async nextAsync(buffers: BatchBuffers): Promise<BatchResult | undefined> {
    this.#prepare(buffers);
    const result = await callBpfAsync(systemCallNumber('bpf'), Command.MAP_LOOKUP_BATCH, this.#attr.address, MAP_BATCH.size);
    return result < 0 ? undefined : this.#finish(result, buffers.room);
  }

  /** Starts from the first element again. */
  restart(): void {
    this.#started = false;
  }

  #prepare({ room, keys, values }: BatchBuffers): void {
    const { in_batch, out_batch, keys: keysField, values: valuesField, count } = MAP_BATCH.fields;
    this.#pointer(in_batch[0], this.#started ? this.#position.address : 0);
    this.#pointer(out_batch[0], this.#next.address);
    this.#pointer(keysField[0], keys.address);
    this.#pointer(valuesField[0], values.address);
    this.#attr.view.setUint32(count[0], room, true);
  }

  #pointer(offset: number, address: number): void {
    this.#attr.view.setUint32(offset, address % 0x1_0000_0000, true);
    this.#attr.view.setUint32(offset + 4, Math.floor(address / 0x1_0000_0000), true);
  }

  #finish(result: number, asked: number): BatchResult {
    const error = result < 0 ? new SyscallError('BPF_MAP_LOOKUP_BATCH', -result) : undefined;
    const count = doneOf(asked, this.#attr.view.getUint32(MAP_BATCH.fields.count[0], true), error);
    // A kernel that gave nothing may not have written a position.
    if (count > 0) this.#advance();
    return { count, error };
  }

  #advance(): void {
    [this.#position, this.#next] = [this.#next, this.#position];
    this.#started = true;
  }
}
