import type { Codec } from '../btf/codec.js';
import { MapType } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { PerfBuffer, type PerfEvent } from './perf-buffer.js';
import { RingBuffer } from './ring-buffer.js';

/**
 * What programs put into a ring buffer, in the order in which they reserved it, or send through a perf event array, as JavaScript values. There is one
 * reader at a time: what one takes another does not get. A record that is shorter than its type is taken for one that ends in zeros, and what is behind
 * the type is left out.
 */
export class EventStream<E> implements AsyncIterable<E>, Disposable {
  #buffer: Source | undefined;

  constructor(
    readonly map: BpfMap,
    /** Undefined: events are the bytes of the records. */
    readonly codec: Codec<E> | undefined,
  ) {}

  /** Hands over the events that are there, up to `limit`, without waiting, and gives their number. */
  drain(take: (event: E) => void, limit?: number): number {
    // Nothing that is decoded refers to the record, which only holds during the call.
    return this.#open().drain((record) => take(this.#decode(this.codec ? record : record.slice())), limit);
  }

  /** The events, as they come, until the iteration is left or the stream is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    for await (const record of this.#open()) yield this.#decode(record);
  }

  [Symbol.dispose](): void {
    this.#buffer?.[Symbol.dispose]();
    this.#buffer = undefined;
  }

  /** How many events did not fit a perf event array, as far as has been read. Of a ring buffer only its programs know. */
  get lost(): bigint {
    return this.#buffer?.lost ?? 0n;
  }

  #open(): Source {
    this.#buffer ??= this.map.info.type === MapType.PERF_EVENT_ARRAY ? new PerfSource(this.map) : new RingBuffer(this.map);
    return this.#buffer;
  }

  #decode(record: Uint8Array): E {
    return this.codec ? decodeEvent(this.codec, record) : (record as E);
  }
}

/** Records as bytes, whatever they come through. */
interface Source extends AsyncIterable<Uint8Array>, Disposable {
  drain(take: (record: Uint8Array) => void, limit?: number): number;
  readonly lost?: bigint;
}

/** The samples of a perf buffer. */
class PerfSource implements Source {
  readonly #buffer: PerfBuffer;

  constructor(map: BpfMap) {
    this.#buffer = new PerfBuffer(map);
  }

  get lost(): bigint {
    return this.#buffer.lost;
  }

  drain(take: (record: Uint8Array) => void, limit = Number.POSITIVE_INFINITY): number {
    let count = 0;
    const takeSample = (event: PerfEvent) => {
      if (event.kind !== 'sample') return;
      count += 1;
      take(event.data);
    };
    // Reports of losses count too there: once more for the rest of the limit.
    for (let wanted = limit; wanted > 0 && this.#buffer.drain(takeSample, wanted) === wanted; wanted = limit - count);
    return count;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const event of this.#buffer) if (event.kind === 'sample') yield event.data;
  }

  [Symbol.dispose](): void {
    this.#buffer[Symbol.dispose]();
  }
}

/** Reads one record as an event. */
export function decodeEvent<E>(codec: Codec<E>, record: Uint8Array): E {
  if (record.length >= codec.size) return codec.decode(record);
  const whole = new Uint8Array(codec.size);
  whole.set(record);
  return codec.decode(whole);
}
