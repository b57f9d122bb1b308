import type { Codec } from '../btf/codec.js';
import type { BpfMap } from '../map/map.js';
import { RingBuffer } from './ring-buffer.js';

/**
 * What programs put into a ring buffer, as JavaScript values, in the order in which they reserved it. There is one reader at a time: what one takes another
 * does not get. A record that is shorter than its type is taken for one that ends in zeros, and what is behind the type is left out.
 */
export class EventStream<E> implements AsyncIterable<E>, Disposable {
  #buffer: RingBuffer | undefined;

  constructor(
    readonly map: BpfMap,
    /** Undefined: events are the bytes of the records. */
    readonly codec: Codec<E> | undefined,
  ) {}

  /** Hands over the events that are there, up to `limit`, without waiting, and gives their number. */
  drain(take: (event: E) => void, limit?: number): number {
    return this.#open().drain((record) => take(this.#decode(record.slice())), limit);
  }

  /** The events, as they come, until the iteration is left or the stream is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    for await (const record of this.#open()) yield this.#decode(record);
  }

  [Symbol.dispose](): void {
    this.#buffer?.[Symbol.dispose]();
    this.#buffer = undefined;
  }

  #open(): RingBuffer {
    this.#buffer ??= new RingBuffer(this.map);
    return this.#buffer;
  }

  #decode(record: Uint8Array): E {
    return this.codec ? decodeEvent(this.codec, record) : (record as E);
  }
}

/** Reads one record as an event. */
export function decodeEvent<E>(codec: Codec<E>, record: Uint8Array): E {
  if (record.length >= codec.size) return codec.decode(record);
  const whole = new Uint8Array(codec.size);
  whole.set(record);
  return codec.decode(whole);
}
