import { setTimeout as sleep } from 'node:timers/promises';
import { Mapping } from '../../native/mapping.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { pageSize } from '../system/page-size.js';

// struct bpf_ringbuf_hdr, as in the other direction: a length, its two highest bits for "still being written" and "given up".
const HEADER_SIZE = 8;
const BUSY = 0x8000_0000;
const DISCARDED = 0x4000_0000;
/** How often a full buffer is looked at again. */
const LOOK_EVERY_MS = 1;

/**
 * The writing end of a user ring buffer map (since 6.1): what is put into it the programs take with bpf_user_ringbuf_drain. One writer at a time; the
 * kernel does not say when a program will look. Samples are taken in the order in which their room was reserved.
 *
 * ```ts
 * using requests = new UserRingBuffer(object.map('requests'));
 * if (!requests.write(codec.encode({ pid: 7 }))) await requests.send(codec.encode({ pid: 7 }));
 * ```
 */
export class UserRingBuffer implements Disposable {
  readonly #consumer: Mapping;
  readonly #producer: Mapping;
  readonly #consumerPosition: BigUint64Array;
  readonly #producerPosition: BigUint64Array;
  readonly #headers: Uint32Array;
  readonly #data: Uint8Array;
  readonly #size: number;
  /** Offsets in `data` of the samples that are being written. */
  readonly #reserved = new Map<Uint8Array, number>();
  #open = true;

  /** Maps the buffer; the map may be disposed of afterwards. @throws UsageError when the map is no user ring buffer */
  constructor(map: BpfMap) {
    if (map.info.type !== MapType.USER_RINGBUF) throw new UsageError(`${map.title} is no user ring buffer`);
    this.#size = map.info.maxEntries;
    const page = pageSize();
    this.#consumer = new Mapping(map.fd, page, false);
    // Twice in a row, so that a sample which wraps around can be written in one piece.
    this.#producer = new Mapping(map.fd, page + 2 * this.#size, true, page);
    this.#consumerPosition = new BigUint64Array(this.#consumer.buffer, 0, 1);
    this.#producerPosition = new BigUint64Array(this.#producer.buffer, 0, 1);
    this.#headers = new Uint32Array(this.#producer.buffer, page, (2 * this.#size) / 4);
    this.#data = new Uint8Array(this.#producer.buffer, page, 2 * this.#size);
  }

  /** Puts in a copy of these bytes; false when there is no room for them now. @throws UsageError when there never is */
  write(bytes: Uint8Array): boolean {
    const sample = this.reserve(bytes.length);
    if (!sample) return false;
    sample.set(bytes);
    this.submit(sample);
    return true;
  }

  /** The same, waiting on the event loop until there is room; false when the buffer is disposed of meanwhile. */
  async send(bytes: Uint8Array): Promise<boolean> {
    while (this.#open) {
      if (this.write(bytes)) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  /**
   * Room for a sample of so many bytes, to be written in place: what it holds is whatever was there before. It has to be submitted or discarded; what is
   * reserved after it waits for that. Undefined when there is no room now. @throws UsageError when a sample of that size never fits
   */
  reserve(length: number): Uint8Array | undefined {
    this.#mustBeOpen();
    const total = (HEADER_SIZE + length + 7) & ~7;
    if (total > this.#size) throw new UsageError(`a sample of ${length} bytes does not fit a buffer of ${this.#size}`);
    const producer = Number(Atomics.load(this.#producerPosition, 0));
    const consumer = Number(Atomics.load(this.#consumerPosition, 0));
    if (this.#size - (producer - consumer) < total) return undefined;
    const at = producer & (this.#size - 1);
    // Busy before it can be seen: the kernel stops at such a one.
    Atomics.store(this.#headers, at / 4, (BUSY | length) >>> 0);
    this.#headers[at / 4 + 1] = 0;
    Atomics.store(this.#producerPosition, 0, BigInt(producer + total));
    const sample = this.#data.subarray(at + HEADER_SIZE, at + HEADER_SIZE + length);
    this.#reserved.set(sample, at);
    return sample;
  }

  /** Lets programs see a sample that was reserved. */
  submit(sample: Uint8Array): void {
    this.#commit(sample, 0);
  }

  /** Gives a sample up: programs pass over it. */
  discard(sample: Uint8Array): void {
    this.#commit(sample, DISCARDED);
  }

  /** Ends writing. Samples that were reserved and not submitted are given up, so that they hold up no later writer. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    for (const sample of [...this.#reserved.keys()]) this.discard(sample);
    this.#open = false;
    this.#consumer[Symbol.dispose]();
    this.#producer[Symbol.dispose]();
  }

  #commit(sample: Uint8Array, flag: number): void {
    this.#mustBeOpen();
    const at = this.#reserved.get(sample);
    if (at === undefined) throw new UsageError('this sample was not reserved, or is submitted already');
    this.#reserved.delete(sample);
    Atomics.store(this.#headers, at / 4, (flag | sample.length) >>> 0);
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new UsageError('this user ring buffer was disposed of');
  }
}
