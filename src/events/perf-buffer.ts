import { mapDeleteElem, mapUpdateElem } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { Readiness } from '../../native/poll.js';
import { duplicate } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { onlineCpus } from '../system/cpus.js';
import { PERF_RECORD_LOST, PERF_RECORD_SAMPLE, PerfRing } from './perf-ring.js';

/** Where a record was written: the CPU, and the element of the map that its ring is. */
export interface PerfPlace {
  readonly cpu: number;
  readonly index: number;
}

/** What a program gave to bpf_perf_event_output, and bytes behind it that fill it up to a multiple of 8 less 4. `time` is CLOCK_MONOTONIC's, in nanoseconds. */
export interface PerfSample extends PerfPlace {
  readonly kind: 'sample';
  readonly time: bigint;
  readonly data: Uint8Array;
}

/** So many records did not fit since the last that did. `id` is the event's. */
export interface PerfLost extends PerfPlace {
  readonly kind: 'lost';
  readonly id: bigint;
  readonly count: bigint;
}

/** A record that no BPF program causes. `type` is one of enum perf_event_type, `size` counts its header in. */
export interface PerfOther extends PerfPlace {
  readonly kind: 'other';
  readonly type: number;
  readonly size: number;
}

export type PerfEvent = PerfSample | PerfLost | PerfOther;

export interface PerfBufferOptions {
  /** Of data for each CPU; a power of two. 64 when it is not given. */
  readonly pages?: number;
  /** Which CPUs are listened to, and by which element; all that are online, each by the element of its number, when it is not given. */
  readonly places?: readonly PerfPlace[];
}

const PAGES = 64;
/** The event loop gets its turn after so many milliseconds of reading. */
const TURN_MS = 5;
const BATCH = 256;
/** perf_poll takes its mark back when it is asked, so an event between the last look and the wait may go unannounced: it is looked for again. */
export const LOOK_AGAIN_MS = 100;

/**
 * The reading end of a perf event array (since 4.4): a ring for each CPU, which becomes that CPU's element of the map for as long as this is open and takes
 * the place of one that was there. As an async iterable it gives copies, as they come, and waits without blocking; {@link drain} reads without copying.
 * Order holds within a CPU; across CPUs the samples' times tell it. What does not fit is counted in {@link lost}.
 */
export class PerfBuffer implements Disposable, AsyncIterable<PerfEvent> {
  /** How many records did not fit, as far as has been read. */
  lost = 0n;
  readonly #fd: Fd;
  readonly #rings: { readonly place: PerfPlace; readonly ring: PerfRing }[] = [];
  #readiness: Readiness | undefined;
  #open = true;

  /** The map may be disposed of afterwards. @throws UsageError when the map is no perf event array, or `pages` no power of two */
  constructor(map: BpfMap, { pages = PAGES, places }: PerfBufferOptions = {}) {
    if (map.info.type !== MapType.PERF_EVENT_ARRAY) throw new UsageError(`${map.title} is no perf event array`);
    if (!Number.isInteger(Math.log2(pages))) throw new UsageError(`the pages of a perf buffer are a power of two, not ${pages}`);
    // The kernel takes the events out again when the last descriptor of this opening of the map is closed.
    this.#fd = new Fd(duplicate(map.fd, 1));
    try {
      for (const place of places ?? everyCpu(map)) this.#add(map, place, pages, places !== undefined);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Hands over the records that are there, up to `limit`, and gives their number. The data of a sample only holds during the call. */
  drain(take: (event: PerfEvent) => void, limit = Number.POSITIVE_INFINITY): number {
    let count = 0;
    for (const { place, ring } of this.#rings) {
      if (!this.#open) break;
      count += ring.drain((type, record) => take(this.#event(place, type, record)), limit - count);
    }
    return count;
  }

  /** The records, as they come, until the iteration is left or the buffer is disposed of. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PerfEvent, void, undefined> {
    const readiness = this.#watch();
    let turn = performance.now();
    while (this.#open) {
      const batch: PerfEvent[] = [];
      this.drain((event) => batch.push(event.kind === 'sample' ? { ...event, data: event.data.slice() } : event), BATCH);
      if (batch.length === 0) await readiness.next(LOOK_AGAIN_MS);
      yield* batch;
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }

  /** Lets a wait end when there are records. One that is not announced is possible: look again after {@link LOOK_AGAIN_MS} all the same. */
  watch(readiness: Readiness): void {
    for (const { ring } of this.#rings) readiness.add(ring.fd);
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#readiness?.[Symbol.dispose]();
    for (const { place, ring } of this.#rings) {
      this.#remove(place);
      ring[Symbol.dispose]();
    }
    this.#fd[Symbol.dispose]();
  }

  #add(map: BpfMap, place: PerfPlace, pages: number, needed: boolean): void {
    const ring = openRing(place.cpu, pages, needed);
    if (!ring) return;
    this.#rings.push({ place, ring });
    try {
      mapUpdateElem(this.#fd.number, indexKey(place.index), indexKey(ring.fd));
    } catch (error) {
      throw new Error(`listen on element ${place.index} of ${map.title}`, { cause: error });
    }
  }

  // In a map with BPF_F_PRESERVE_ELEMS the event would stay otherwise.
  #remove({ index }: PerfPlace): void {
    try {
      mapDeleteElem(this.#fd.number, indexKey(index));
    } catch {
      // A map that was frozen meanwhile keeps it.
    }
  }

  #event(place: PerfPlace, type: number, record: Uint8Array): PerfEvent {
    const event = eventOf(place, type, record);
    if (event.kind === 'lost') this.lost += event.count;
    return event;
  }

  #watch(): Readiness {
    if (!this.#readiness) {
      this.#readiness = new Readiness();
      this.watch(this.#readiness);
    }
    return this.#readiness;
  }
}

function everyCpu({ info }: BpfMap): PerfPlace[] {
  return onlineCpus()
    .filter((cpu) => cpu < info.maxEntries)
    .map((cpu) => ({ cpu, index: cpu }));
}

/** A CPU that went offline meanwhile sends nothing; one that was asked for by number has to be there. */
function openRing(cpu: number, pages: number, needed: boolean): PerfRing | undefined {
  try {
    return new PerfRing(cpu, pages);
  } catch (error) {
    const gone = isErrno(error, 'ENODEV', 'EINVAL');
    if (gone && !needed) return undefined;
    throw new Error(`open a perf event on CPU ${cpu}${gone ? ': there is no such CPU, or it is offline' : ''}`, { cause: error });
  }
}

function indexKey(index: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, index, true);
  return key;
}

// Behind the header: of a sample its time, the number of its bytes and they; of PERF_RECORD_LOST the event's id and a count.
function eventOf(place: PerfPlace, type: number, record: Uint8Array): PerfEvent {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  if (type === PERF_RECORD_SAMPLE) {
    const size = view.getUint32(16, true);
    return { kind: 'sample', ...place, time: view.getBigUint64(8, true), data: record.subarray(20, 20 + size) };
  }
  if (type === PERF_RECORD_LOST) return { kind: 'lost', ...place, id: view.getBigUint64(8, true), count: view.getBigUint64(16, true) };
  return { kind: 'other', ...place, type, size: record.length };
}
