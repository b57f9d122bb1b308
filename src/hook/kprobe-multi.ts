import type { Hook } from './hook.js';

/** Many kernel functions at once, by pattern: `kprobe.multi/tcp_*`. */
export const kprobeMulti: Hook = {
  name: 'kprobe.multi',
  program: 'KPROBE',
  link: 'KPROBE_MULTI',
  target: 'kernel function',
  since: '5.18',
  autoAttach: true,
  sections: [
    { name: 'kprobe.multi+', attach: 'TRACE_KPROBE_MULTI' },
    { name: 'kretprobe.multi+', attach: 'TRACE_KPROBE_MULTI' },
  ],
};

/** Entry and return of many kernel functions in one program, which can share a cookie between both. */
export const kprobeSession: Hook = {
  name: 'kprobe.session',
  program: 'KPROBE',
  link: 'KPROBE_MULTI',
  target: 'kernel function',
  since: '6.10',
  autoAttach: true,
  sections: [{ name: 'kprobe.session+', attach: 'TRACE_KPROBE_SESSION' }],
};
