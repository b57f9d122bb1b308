import { type Hook, newer, required } from './hook.js';

const FUNCTION = 'a function of a program or library: uprobe/PATH:FUNCTION';

/** The entry or return of a function of a program or library: `uprobe/PATH:FUNCTION[+OFFSET]`. */
export const uprobe: Hook = {
  name: 'uprobe',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'user function',
  since: '4.3',
  autoAttach: true,
  words: ['pid', 'cookie'],
  sections: [
    { name: 'uprobe+' },
    { name: 'uprobe.s+', flags: ['SLEEPABLE'], since: '6.0' },
    { name: 'uretprobe+' },
    { name: 'uretprobe.s+', flags: ['SLEEPABLE'], since: '6.0' },
  ],
  request: ({ section, file, offsets, pid = -1, cookie }) => ({
    via: 'probe',
    kind: 'uprobe',
    returns: section.name.startsWith('uret'),
    name: required(file, FUNCTION),
    offset: required(offsets?.[0], FUNCTION),
    pid,
    cookie,
    ...newer(cookie, '5.15'),
  }),
};
