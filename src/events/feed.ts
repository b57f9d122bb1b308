import { Readiness } from '../../native/poll.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { LOOK_AGAIN_MS, PerfBuffer } from './perf-buffer.js';
import { RingBuffer } from './ring-buffer.js';

/** Something that is emptied without waiting, and can be waited for or looked at now and then. */
export interface FeedSource extends Disposable {
  /** Hands on what is there, about `limit` things of it at most, and gives their number. */
  drain(limit: number): number;
  watch?(readiness: Readiness): void;
}

/** What becomes of the records of a buffer. The bytes only hold during the call. */
export interface RecordTaker {
  record(bytes: Uint8Array): void;
  /** So many records did not fit into a perf buffer. Of a ring buffer only the programs know. */
  lost(count: bigint): void;
}

/** Whether programs send records through maps of this type (enum bpf_map_type). */
export function carriesEvents(type: number): boolean {
  return type === MapType.RINGBUF || type === MapType.PERF_EVENT_ARRAY;
}

/** The records of a ring buffer or perf event array as a source of a feed. @throws UsageError for a map of another type */
export function bufferSource(map: BpfMap, taker: RecordTaker): FeedSource {
  if (map.info.type === MapType.RINGBUF) return ringSource(new RingBuffer(map), taker);
  if (map.info.type === MapType.PERF_EVENT_ARRAY) return perfSource(new PerfBuffer(map), taker);
  throw new UsageError(`${map.title} is neither a ring buffer nor a perf event array: no events come through it`);
}

function ringSource(ring: RingBuffer, taker: RecordTaker): FeedSource {
  return {
    drain: (limit) => ring.drain((record) => taker.record(record), limit),
    watch: (readiness) => ring.watch(readiness),
    [Symbol.dispose]: () => ring[Symbol.dispose](),
  };
}

function perfSource(perf: PerfBuffer, taker: RecordTaker): FeedSource {
  const take = (event: Parameters<Parameters<PerfBuffer['drain']>[0]>[0]) => {
    if (event.kind === 'sample') taker.record(event.data);
    else if (event.kind === 'lost') taker.lost(event.count);
  };
  return {
    drain: (limit) => perf.drain(take, limit),
    watch: (readiness) => perf.watch(readiness),
    [Symbol.dispose]: () => perf[Symbol.dispose](),
  };
}

/** Several sources read side by side: none of them holds up another. Disposing of it disposes of them. */
export class Feed implements Disposable {
  readonly #sources: FeedSource[] = [];
  readonly #readiness = new Readiness();

  add(source: FeedSource): void {
    this.#sources.push(source);
    source.watch?.(this.#readiness);
  }

  /** Takes from each source what is there, up to `limit` things of each (which is asked anew for each), and gives their number. */
  drain(limit: () => number): number {
    let count = 0;
    for (const source of this.#sources) count += source.drain(limit());
    return count;
  }

  /** Waits until something may be there, or so many milliseconds have passed. A signal ends it at once. */
  async ready(milliseconds = LOOK_AGAIN_MS, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const end = () => this.#readiness.wake();
    signal?.addEventListener('abort', end);
    await this.#readiness.next(milliseconds);
    signal?.removeEventListener('abort', end);
  }

  [Symbol.dispose](): void {
    this.#readiness[Symbol.dispose]();
    for (const source of this.#sources.splice(0)) source[Symbol.dispose]();
  }
}
