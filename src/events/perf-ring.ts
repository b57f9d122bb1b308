// One CPU's ring of a perf buffer: memory that the kernel fills with records, read up to where it says (kernel/events/ring_buffer.c).
import type { Fd } from '../../native/fd.js';
import { Mapping } from '../../native/mapping.js';
import { PerfType, perfEventOpen } from '../../native/perf.js';
import { PERF_EVENT_MMAP_PAGE } from '../../native/uapi.js';
import { pageSize } from '../system/page-size.js';

/** enum perf_event_type, of the two kinds that BPF programs cause. */
export const PERF_RECORD_LOST = 2;
export const PERF_RECORD_SAMPLE = 9;

const PERF_COUNT_SW_BPF_OUTPUT = 10;
const [PERF_SAMPLE_TIME, PERF_SAMPLE_RAW] = [1 << 2, 1 << 10];
// struct perf_event_header: u32 type, u16 misc, u16 size of the whole record.
const HEADER_SIZE = 8;

/** The ring of the event that bpf_perf_event_output writes to on one CPU. */
export class PerfRing implements Disposable {
  readonly #fd: Fd;
  readonly #mapping: Mapping;
  readonly #positions: BigUint64Array;
  readonly #data: Uint8Array;
  readonly #view: DataView;
  /** For records that wrap around. */
  #whole = new Uint8Array(0);
  #tail: number;

  /** `pages` of data, a power of two. Needs CAP_PERFMON (CAP_SYS_ADMIN before 5.8). @throws SyscallError, ENODEV for a CPU that is offline */
  constructor(cpu: number, pages: number) {
    const sample = { sample_type: PERF_SAMPLE_TIME | PERF_SAMPLE_RAW, sample_period: 1, wakeup_events: 1 };
    this.#fd = perfEventOpen({ type: PerfType.SOFTWARE, config: PERF_COUNT_SW_BPF_OUTPUT, ...sample }, { pid: -1, cpu });
    try {
      const page = pageSize();
      this.#mapping = new Mapping(this.#fd.number, (1 + pages) * page, true);
      this.#positions = new BigUint64Array(this.#mapping.buffer, PERF_EVENT_MMAP_PAGE.fields.data_head[0], 2);
      this.#data = new Uint8Array(this.#mapping.buffer, page, pages * page);
      this.#view = new DataView(this.#mapping.buffer, page, pages * page);
      this.#tail = Number(Atomics.load(this.#positions, 1));
    } catch (error) {
      this.#fd[Symbol.dispose]();
      throw error;
    }
  }

  /** The descriptor of the event, which an element of the map is to refer to. */
  get fd(): number {
    return this.#fd.number;
  }

  /**
   * Hands over up to `limit` records and gives their number; a record is a view that only holds during the call. Room is given back to the kernel as
   * records are taken; one for which `take` throws counts as read.
   */
  drain(take: (type: number, record: Uint8Array) => void, limit: number): number {
    let count = 0;
    const head = Number(Atomics.load(this.#positions, 0));
    while (this.#tail < head && count < limit && this.#fd.open) {
      const at = this.#tail % this.#data.length;
      // Records are multiples of 8 bytes: a header never wraps.
      const [type, size] = [this.#view.getUint32(at, true), this.#view.getUint16(at + 6, true)];
      if (size < HEADER_SIZE || size > head - this.#tail) throw new Error(`a perf buffer has a record of ${size} bytes`);
      try {
        take(type, this.#record(at, size));
      } finally {
        this.#tail += size;
        if (this.#fd.open) Atomics.store(this.#positions, 1, BigInt(this.#tail));
      }
      count += 1;
    }
    return count;
  }

  [Symbol.dispose](): void {
    this.#mapping[Symbol.dispose]();
    this.#fd[Symbol.dispose]();
  }

  #record(at: number, size: number): Uint8Array {
    const before = this.#data.length - at;
    if (size <= before) return this.#data.subarray(at, at + size);
    if (this.#whole.length < size) this.#whole = new Uint8Array(size);
    this.#whole.set(this.#data.subarray(at));
    this.#whole.set(this.#data.subarray(0, size - before), before);
    return this.#whole.subarray(0, size);
  }
}
