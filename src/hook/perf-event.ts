import { type Fields, type Hook, newer, type Request, type Target } from './hook.js';

const [HARDWARE, SOFTWARE] = [0, 1];

/** Events by the names perf has for them (enum perf_type_id, enum perf_hw_id, enum perf_sw_ids). */
export const PERF_EVENTS = {
  'cpu-clock': { type: SOFTWARE, config: 0 },
  'task-clock': { type: SOFTWARE, config: 1 },
  'page-faults': { type: SOFTWARE, config: 2 },
  'context-switches': { type: SOFTWARE, config: 3 },
  'cpu-migrations': { type: SOFTWARE, config: 4 },
  'minor-faults': { type: SOFTWARE, config: 5 },
  'major-faults': { type: SOFTWARE, config: 6 },
  cycles: { type: HARDWARE, config: 0 },
  instructions: { type: HARDWARE, config: 1 },
  'cache-references': { type: HARDWARE, config: 2 },
  'cache-misses': { type: HARDWARE, config: 3 },
  branches: { type: HARDWARE, config: 4 },
  'branch-misses': { type: HARDWARE, config: 5 },
  'bus-cycles': { type: HARDWARE, config: 6 },
} as const;

export type PerfEventName = keyof typeof PERF_EVENTS;

// Not 100, which would keep step with what else happens every so many milliseconds.
const DEFAULT_FREQUENCY = 99;

/** Runs when a counter of perf overflows: every so many cycles, page faults or clock ticks. */
export const perfEvent: Hook = {
  name: 'perf_event',
  program: 'PERF_EVENT',
  link: 'PERF_EVENT',
  target: 'perf event',
  since: '4.9',
  words: ['event', 'frequency', 'period', 'pid', 'cpu', 'cookie'],
  sections: [{ name: 'perf_event' }],
  request,
};

/** One event for a process wherever it runs, or one on each CPU. */
function request(target: Target): Request {
  const { pid, cpus, cookie } = target;
  const event = eventOf(target);
  const places = pid === undefined || cpus !== undefined ? (cpus ?? []).map((cpu) => ({ pid: pid ?? -1, cpu })) : [{ pid, cpu: -1 }];
  const requests = places.map((place) => ({ via: 'perf_event', event, ...place, cookie }) as const);
  return { via: 'each', requests, ...newer(cookie, '5.15') };
}

function eventOf({ event = PERF_EVENTS['cpu-clock'], period, frequency = DEFAULT_FREQUENCY }: Target): Fields {
  return { ...event, ...(period === undefined ? { freq: 1, sample_freq: frequency } : { sample_period: period }) };
}
