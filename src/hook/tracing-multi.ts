import type { Hook } from './hook.js';

/** fentry, fexit and fsession on many kernel functions at once, by pattern: `fentry.multi/[MODULE:]PATTERN`. */
export const tracingMulti: Hook = {
  name: 'fentry.multi',
  program: 'TRACING',
  link: 'TRACING_MULTI',
  target: 'kernel function',
  since: '7.2',
  autoAttach: true,
  sections: [
    { name: 'fsession.multi+', attach: 'TRACE_FSESSION_MULTI' },
    { name: 'fsession.multi.s+', attach: 'TRACE_FSESSION_MULTI', flags: ['SLEEPABLE'] },
    { name: 'fentry.multi+', attach: 'TRACE_FENTRY_MULTI' },
    { name: 'fexit.multi+', attach: 'TRACE_FEXIT_MULTI' },
    { name: 'fentry.multi.s+', attach: 'TRACE_FENTRY_MULTI', flags: ['SLEEPABLE'] },
    { name: 'fexit.multi.s+', attach: 'TRACE_FEXIT_MULTI', flags: ['SLEEPABLE'] },
  ],
};
