import { type Hook, newer, required } from './hook.js';

const PERF_TYPE_TRACEPOINT = 2;

/** A static event of the kernel, with its formatted fields as context: `tracepoint/CATEGORY/NAME`. */
export const tracepoint: Hook = {
  name: 'tracepoint',
  program: 'TRACEPOINT',
  link: 'PERF_EVENT',
  target: 'tracepoint',
  since: '4.7',
  words: ['cookie'],
  autoAttach: true,
  sections: [
    { name: 'tracepoint+' },
    { name: 'tp+' },
    { name: 'tracepoint.s+', flags: ['SLEEPABLE'], since: '7.2' },
    { name: 'tp.s+', flags: ['SLEEPABLE'], since: '7.2' },
  ],
  request: ({ tracepointId, cookie }) => ({
    via: 'perf_event',
    event: { type: PERF_TYPE_TRACEPOINT, config: required(tracepointId, 'a tracepoint: tracepoint/CATEGORY/NAME') },
    // Its program runs on every CPU, whatever CPU the event is opened for.
    pid: -1,
    cpu: 0,
    cookie,
    ...newer(cookie, '5.15'),
  }),
};
