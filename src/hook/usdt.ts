import type { Hook } from './hook.js';

/** A static probe that a program or library was built with: `usdt/PATH:PROVIDER:NAME`. */
export const usdt: Hook = {
  name: 'usdt',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '4.20',
  autoAttach: true,
  sections: [
    { name: 'usdt+', flags: ['USDT'] },
    { name: 'usdt.s+', flags: ['USDT', 'SLEEPABLE'], since: '6.0' },
  ],
};
