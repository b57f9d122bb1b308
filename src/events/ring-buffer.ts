import { Fd } from '../../native/fd.js';
import { Mapping } from '../../native/mapping.js';
import { Readiness } from '../../native/poll.js';
import { duplicate } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { pageSize } from '../system/page-size.js';

// struct bpf_ringbuf_hdr: a length whose two highest bits say that the record is still being written, or was given up.
const HEADER_SIZE = 8;
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
const LENGTH = 0x3fff_ffff;
/** So many records are read before the kernel is told that their room is free again. */
const PUBLISH_EVERY = 64;
/** The event loop gets its turn after so many milliseconds of reading. */
const TURN_MS = 2;
/** So many records are copied before the first of them is given on, or read before the clock is looked at. */
const BATCH = 256;

/**
 * A record where it lies: `length` bytes from `start` of `data`, which is all of the buffer, twice in a row. Both are kernel memory that only holds during
 * the call; `view` is the same for reading numbers.
 */
export type TakeInPlace = (data: Uint8Array, start: number, length: number, view: DataView) => void;

/**
 * The reading end of a ring buffer map (since 5.8). As an async iterable it gives each record as a copy of its bytes, in the order in which the
 * programs reserved them, and waits without blocking; {@link forEach} does so without copying, some ten times as fast, and {@link drain} reads what is there
 * now. Only one reader may exist at a time: the position is the map's own. What is not read stays in the kernel, and programs see a full buffer when it is.
 *
 * ```ts
 * using ring = new RingBuffer(object.map('events'));
 * await ring.forEach((_data, start, _length, view) => { sum += view.getUint32(start, true); });
 * ```
 */
export class RingBuffer implements Disposable, AsyncIterable<Uint8Array> {
  readonly #consumer: Mapping;
  readonly #producer: Mapping;
  readonly #consumerPosition: BigUint64Array;
  readonly #producerPosition: BigUint64Array;
  readonly #headers: Uint32Array;
  readonly #data: Uint8Array;
  readonly #view: DataView;
  readonly #mask: number;
  readonly #fd: Fd;
  #readiness: Readiness | undefined;
  #open = true;
  #position: number;

  /** Maps the buffer; the map may be disposed of afterwards. @throws UsageError when the map is no ring buffer */
  constructor(map: BpfMap) {
    if (map.info.type !== MapType.RINGBUF) throw new UsageError(`map ${map.name || map.id} is no ring buffer`);
    const size = map.info.maxEntries;
    const page = pageSize();
    // Of its own, so that the map's handle may go.
    this.#fd = new Fd(duplicate(map.fd, 1));
    this.#consumer = new Mapping(map.fd, page, true);
    // The kernel maps the data twice in a row, so that a record which wraps around can be read in one piece.
    this.#producer = new Mapping(map.fd, page + 2 * size, false, page);
    this.#consumerPosition = new BigUint64Array(this.#consumer.buffer, 0, 1);
    this.#producerPosition = new BigUint64Array(this.#producer.buffer, 0, 1);
    this.#headers = new Uint32Array(this.#producer.buffer, page, (2 * size) / 4);
    this.#data = new Uint8Array(this.#producer.buffer, page, 2 * size);
    this.#view = new DataView(this.#producer.buffer, page, 2 * size);
    this.#mask = size - 1;
    this.#position = Number(Atomics.load(this.#consumerPosition, 0));
  }

  /**
   * Hands over the records that are there, up to `limit`, and gives their number. A record is a view of kernel memory that is only valid during the
   * call: copy what is to be kept. When `take` throws, the record it was given counts as read.
   */
  drain(take: (record: Uint8Array) => void, limit = Number.POSITIVE_INFINITY): number {
    return this.drainInPlace((data, start, length) => take(data.subarray(start, start + length)), limit);
  }

  /** {@link drain} without an object for each record. */
  drainInPlace(take: TakeInPlace, limit = Number.POSITIVE_INFINITY): number {
    let count = 0;
    try {
      // Once more after each publishing: a producer that saw the old position wakes nobody.
      for (let before = -1; before !== this.#position && count < limit; this.#publish()) {
        before = this.#position;
        count += this.#drainOnce(take, limit - count);
      }
    } finally {
      this.#publish();
    }
    return count;
  }

  /**
   * Hands over the records, as they come, until the buffer is disposed of; then the promise is fulfilled. The event loop gets its turn every few milliseconds,
   * however fast they come. What `take` throws rejects the promise, and the buffer may be read on.
   */
  async forEach(take: TakeInPlace): Promise<void> {
    const readiness = this.#watch();
    while (this.#open) {
      if (this.#turn(take) === 0) await readiness.next();
      else await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** The records, as they come, until the iteration is left or the buffer is disposed of. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const readiness = this.#watch();
    let turn = performance.now();
    while (this.#open) {
      const batch: Uint8Array[] = [];
      this.drain((record) => batch.push(record.slice()), BATCH);
      if (batch.length === 0) await readiness.next();
      yield* batch;
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }

  /** Lets a wait end when there are records. */
  watch(readiness: Readiness): void {
    readiness.add(this.#fd.number);
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#readiness?.[Symbol.dispose]();
    this.#consumer[Symbol.dispose]();
    this.#producer[Symbol.dispose]();
    this.#fd[Symbol.dispose]();
  }

  #watch(): Readiness {
    if (!this.#readiness) {
      this.#readiness = new Readiness();
      this.watch(this.#readiness);
    }
    return this.#readiness;
  }

  /** Reads for the time of one turn of the event loop, or until nothing is there; gives the number of records. */
  #turn(take: TakeInPlace): number {
    const end = performance.now() + TURN_MS;
    let count = 0;
    while (this.#open) {
      const read = this.drainInPlace(take, BATCH);
      count += read;
      if (read < BATCH || performance.now() >= end) break;
    }
    return count;
  }

  #drainOnce(take: TakeInPlace, limit: number): number {
    const end = Number(Atomics.load(this.#producerPosition, 0));
    const [headers, data, view, mask] = [this.#headers, this.#data, this.#view, this.#mask];
    let count = 0;
    while (this.#open && this.#position < end && count < limit) {
      const at = this.#position & mask;
      const header = Atomics.load(headers, at >>> 2);
      if (header >= BUSY) break;
      const length = header & LENGTH;
      this.#position += (HEADER_SIZE + length + 7) & ~7;
      if ((header & DISCARDED) !== 0) continue;
      count += 1;
      take(data, at + HEADER_SIZE, length, view);
      if (count % PUBLISH_EVERY === 0) this.#publish();
    }
    return count;
  }

  #publish(): void {
    if (this.#open) Atomics.store(this.#consumerPosition, 0, BigInt(this.#position));
  }
}

/** Opens the reading end of a ring buffer map. */
export function ringBuffer(map: BpfMap): RingBuffer {
  return new RingBuffer(map);
}
