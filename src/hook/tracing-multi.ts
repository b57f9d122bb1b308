import { type Hook, type Request, required, type Target, words64 } from './hook.js';

function request({ section, functionIds, cookie }: Target): Request {
  const ids = required(functionIds, 'functions of the kernel: fentry.multi/PATTERN');
  return {
    via: 'link_create',
    attach: section.attach,
    fields: {
      'tracing_multi.ids': new Uint8Array(Uint32Array.from(ids).buffer),
      'tracing_multi.cookies': cookie === undefined ? undefined : words64(ids.map(() => cookie)),
      'tracing_multi.cnt': ids.length,
    },
  };
}

/** fentry, fexit and fsession on many kernel functions at once, by pattern: `fentry.multi/[MODULE:]PATTERN`. */
export const tracingMulti: Hook = {
  name: 'fentry.multi',
  program: 'TRACING',
  link: 'TRACING_MULTI',
  target: 'kernel function',
  since: '7.2',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'fsession.multi+', attach: 'TRACE_FSESSION_MULTI' },
    { name: 'fsession.multi.s+', attach: 'TRACE_FSESSION_MULTI', flags: ['SLEEPABLE'] },
    { name: 'fentry.multi+', attach: 'TRACE_FENTRY_MULTI' },
    { name: 'fexit.multi+', attach: 'TRACE_FEXIT_MULTI' },
    { name: 'fentry.multi.s+', attach: 'TRACE_FENTRY_MULTI', flags: ['SLEEPABLE'] },
    { name: 'fexit.multi.s+', attach: 'TRACE_FEXIT_MULTI', flags: ['SLEEPABLE'] },
  ],
  request,
};
