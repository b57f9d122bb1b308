import { type Hook, newer, type Request, required, type Target } from './hook.js';

function request({ name, cookie }: Target): Request {
  return {
    via: 'raw_tracepoint_open',
    name: required(name, 'a tracepoint: raw_tp/NAME'),
    cookie,
    ...newer(cookie, '6.10'),
  };
}

/** A static event of the kernel with its bare arguments: `raw_tp/NAME`. */
export const rawTracepoint: Hook = {
  name: 'raw_tracepoint',
  program: 'RAW_TRACEPOINT',
  link: 'RAW_TRACEPOINT',
  target: 'tracepoint',
  since: '4.17',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'raw_tracepoint+' },
    { name: 'raw_tp+' },
    { name: 'raw_tracepoint.s+', flags: ['SLEEPABLE'], since: '7.2' },
    { name: 'raw_tp.s+', flags: ['SLEEPABLE'], since: '7.2' },
  ],
  request,
};

/** A raw tracepoint whose first argument the program may write to. */
export const rawTracepointWritable: Hook = {
  name: 'raw_tracepoint.w',
  program: 'RAW_TRACEPOINT_WRITABLE',
  link: 'RAW_TRACEPOINT',
  target: 'tracepoint',
  since: '5.2',
  autoAttach: true,
  words: ['cookie'],
  sections: [{ name: 'raw_tracepoint.w+' }, { name: 'raw_tp.w+' }],
  request,
};
