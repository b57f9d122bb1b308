import type { Hook } from './hook.js';

/** Runs when a counter of perf overflows: every so many cycles, page faults or clock ticks. */
export const perfEvent: Hook = {
  name: 'perf_event',
  program: 'PERF_EVENT',
  link: 'PERF_EVENT',
  target: 'perf event',
  since: '4.9',
  sections: [{ name: 'perf_event' }],
};
