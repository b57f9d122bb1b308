import type { Hook } from './hook.js';

/** Many functions of a program or library at once, by pattern: `uprobe.multi/PATH:PATTERN`. */
export const uprobeMulti: Hook = {
  name: 'uprobe.multi',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '6.6',
  autoAttach: true,
  sections: [
    { name: 'uprobe.multi+', attach: 'TRACE_UPROBE_MULTI' },
    { name: 'uretprobe.multi+', attach: 'TRACE_UPROBE_MULTI' },
    { name: 'uprobe.multi.s+', attach: 'TRACE_UPROBE_MULTI', flags: ['SLEEPABLE'] },
    { name: 'uretprobe.multi.s+', attach: 'TRACE_UPROBE_MULTI', flags: ['SLEEPABLE'] },
  ],
};

/** Entry and return of many user functions in one program. */
export const uprobeSession: Hook = {
  name: 'uprobe.session',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '6.13',
  autoAttach: true,
  sections: [
    { name: 'uprobe.session+', attach: 'TRACE_UPROBE_SESSION' },
    { name: 'uprobe.session.s+', attach: 'TRACE_UPROBE_SESSION', flags: ['SLEEPABLE'] },
  ],
};
