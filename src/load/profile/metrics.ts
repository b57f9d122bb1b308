import { PerfType } from '../../../native/perf.js';

/** Something that the machine or the kernel counts while a program runs. */
export interface Metric {
  readonly name: string;
  /** Of perf_event_attr: enum perf_type_id, and which of its events. */
  readonly type: number;
  readonly config: bigint;
  /** What it is to another metric: `times` of it for each of `of`. */
  readonly ratio?: { readonly of: string; readonly times: number; readonly text: string };
}

// enum perf_hw_cache_id, perf_hw_cache_op_id and perf_hw_cache_op_result_id of include/uapi/linux/perf_event.h.
const CACHE = { L1D: 0, LL: 2, DTLB: 3, ITLB: 4 } as const;
const READ = 0 << 8;
const ACCESS = 0 << 16;
const MISS = 1 << 16;

/** What can be measured, in the order in which it is shown; `cpu_clock` (nanoseconds) needs no hardware and bpftool does not have it. */
export const METRICS: readonly Metric[] = [
  { name: 'cycles', type: PerfType.HARDWARE, config: 0n },
  { name: 'instructions', type: PerfType.HARDWARE, config: 1n, ratio: { of: 'cycles', times: 1, text: 'insns per cycle' } },
  cache('l1d_loads', CACHE.L1D | READ | ACCESS),
  { ...cache('llc_misses', CACHE.LL | READ | MISS), ratio: perMillion('LLC') },
  { ...cache('itlb_misses', CACHE.ITLB | READ | MISS), ratio: perMillion('itlb') },
  { ...cache('dtlb_misses', CACHE.DTLB | READ | MISS), ratio: perMillion('dtlb') },
  { name: 'cpu_clock', type: PerfType.SOFTWARE, config: 0n },
];

/** Counting more at a time would take turns on most processors' counters. */
export const MOST_METRICS = 4;

function cache(name: string, config: number): Metric {
  return { name, type: PerfType.HW_CACHE, config: BigInt(config) };
}

function perMillion(what: string): Metric['ratio'] & object {
  return { of: 'instructions', times: 1e6, text: `${what} misses per million insns` };
}
