import { objGetInfo, rawTracepointOpen } from '../../../native/bpf.js';
import { isErrno } from '../../../native/error.js';
import type { Fd } from '../../../native/fd.js';
import { perfEventEnable, perfEventOpen } from '../../../native/perf.js';
import { FUNC_INFO, PROG_INFO } from '../../../native/uapi.js';
import { Cursor } from '../../bytes/cursor.js';
import { AttachType, MapType, ProgType } from '../../kernel/enums.gen.js';
import { BpfMap } from '../../map/map.js';
import type { Program } from '../../program/program.js';
import { onlineCpus, possibleCpus } from '../../system/cpus.js';
import { loadVerified } from '../verifier-log.js';
import { entryProgram, exitProgram, layoutOf, READING_SIZE } from './instructions.js';
import type { Metric } from './metrics.js';

/** What was counted of one metric, on all CPUs together. Where the counter had to take turns with others it ran less than it was enabled. */
export interface Reading {
  readonly metric: Metric;
  readonly value: bigint;
  /** Nanoseconds. */
  readonly enabled: bigint;
  readonly running: bigint;
}

/** What was counted of a program. */
export interface Profile {
  readonly runs: bigint;
  readonly readings: readonly Reading[];
}

/**
 * Measures a program from its making until it is disposed of: a program before it and one behind it (fentry and fexit) read the counters of the CPU. The
 * program needs BTF, and the kernel has to have compiled it. Since 5.5; needs CAP_BPF and CAP_PERFMON.
 */
export class Profiler implements Disposable {
  readonly #owned: Disposable[] = [];
  readonly #state: BpfMap;
  readonly #metrics: readonly Metric[];

  /** @throws Error that says which metric this machine cannot count, or why the kernel refuses to attach to the program */
  constructor(program: Program, metrics: readonly Metric[]) {
    this.#metrics = metrics;
    try {
      const cpus = possibleCpus();
      const events = this.#map('profile_events', { type: MapType.PERF_EVENT_ARRAY, valueSize: 4, maxEntries: metrics.length * cpus });
      this.#state = this.#map('profile_state', { type: MapType.PERCPU_ARRAY, valueSize: layoutOf(metrics.length).size, maxEntries: 1 });
      for (const [index, metric] of metrics.entries()) this.#count(metric, events, index * cpus);
      const terms = { events: events.fd, state: this.#state.fd, metrics: metrics.length, cpus };
      // First what ends a measurement: it does nothing where none began.
      this.#attach(program, 'TRACE_FEXIT', exitProgram(terms));
      this.#attach(program, 'TRACE_FENTRY', entryProgram(terms));
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** What was counted so far. */
  read(): Profile {
    const { sums } = layoutOf(this.#metrics.length);
    const cpus = this.#state.perCpu(this.#state.lookup(new Uint8Array(4))!).map((bytes) => new Cursor(bytes, 'profile'));
    const total = (offset: number) => cpus.reduce((sum, cursor) => sum + cursor.slice(offset, 8).u64(), 0n);
    const readings = this.#metrics.map((metric, index): Reading => {
      const at = sums + index * READING_SIZE;
      return { metric, value: total(at), enabled: total(at + 8), running: total(at + 16) };
    });
    return { runs: total(0), readings };
  }

  [Symbol.dispose](): void {
    while (this.#owned.length > 0) this.#owned.pop()![Symbol.dispose]();
  }

  #own<T extends Disposable>(each: T): T {
    this.#owned.push(each);
    return each;
  }

  #map(name: string, sizes: { readonly type: number; readonly valueSize: number; readonly maxEntries: number }): BpfMap {
    return this.#own(BpfMap.create({ name, keySize: 4, ...sizes }));
  }

  /** Opens the counter of each CPU that runs and gives it to the map. */
  #count(metric: Metric, events: BpfMap, first: number): void {
    for (const cpu of onlineCpus()) {
      const event = this.#own(openCounter(metric, cpu));
      events.update(element(first + cpu), element(event.number));
      perfEventEnable(event.number);
    }
  }

  #attach(program: Program, type: 'TRACE_FENTRY' | 'TRACE_FEXIT', instructions: Uint8Array): void {
    const { fd } = loadVerified(
      `that measures ${program.title}`,
      {
        prog_type: ProgType.TRACING,
        expected_attach_type: AttachType[type],
        prog_name: new TextEncoder().encode('profile'),
        insns: instructions,
        insn_cnt: instructions.length / 8,
        license: new TextEncoder().encode('Dual MIT/GPL\0'),
        attach_prog_fd: program.fd,
        attach_btf_id: functionType(program),
      },
      0,
      (log) => log,
    );
    using loaded = fd;
    this.#own(rawTracepointOpen(loaded.number, undefined));
  }
}

const NO_COUNTER = ['ENOENT', 'EOPNOTSUPP', 'ENODEV', 'EINVAL'] as const;

function openCounter(metric: Metric, cpu: number): Fd {
  try {
    return perfEventOpen({ type: metric.type, config: metric.config, exclude_user: 1 }, { pid: -1, cpu });
  } catch (error) {
    if (isErrno(error, ...NO_COUNTER))
      throw new Error(`count ${metric.name}: this machine has no such counter, or does not show it (as virtual machines do)`, {
        cause: error,
      });
    throw new Error(`count ${metric.name} on CPU ${cpu}`, { cause: error });
  }
}

/** The BTF type of the program's own function, which is what programs attach to. */
function functionType(program: Program): number {
  const { btfId, functionCount, jitedSize } = program.info;
  if (btfId === 0 || functionCount === 0) throw new Error(`measure ${program.title}: it has no BTF, which attaching to it takes`);
  if (jitedSize === 0) throw new Error(`measure ${program.title}: the kernel interprets it, and only compiled programs can be attached to`);
  const record = new Uint8Array(FUNC_INFO.size);
  objGetInfo(program.fd, PROG_INFO, { nr_func_info: 1, func_info_rec_size: record.length, func_info: record });
  return new Cursor(record, 'func_info').slice(4, 4).u32();
}

function element(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}
