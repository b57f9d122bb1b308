import type { Hook } from './hook.js';

/** A static event of the kernel, with its formatted fields as context: `tracepoint/CATEGORY/NAME`. */
export const tracepoint: Hook = {
  name: 'tracepoint',
  program: 'TRACEPOINT',
  link: 'PERF_EVENT',
  target: 'tracepoint',
  since: '4.7',
  autoAttach: true,
  sections: [
    { name: 'tracepoint+' },
    { name: 'tp+' },
    { name: 'tracepoint.s+', flags: ['SLEEPABLE'] },
    { name: 'tp.s+', flags: ['SLEEPABLE'] },
  ],
};
