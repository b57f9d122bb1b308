import type { Hook } from './hook.js';

/** The entry or return of a function of a program or library: `uprobe/PATH:FUNCTION[+OFFSET]`. */
export const uprobe: Hook = {
  name: 'uprobe',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'user function',
  since: '4.3',
  autoAttach: true,
  sections: [
    { name: 'uprobe+' },
    { name: 'uprobe.s+', flags: ['SLEEPABLE'], since: '6.0' },
    { name: 'uretprobe+' },
    { name: 'uretprobe.s+', flags: ['SLEEPABLE'], since: '6.0' },
  ],
};
