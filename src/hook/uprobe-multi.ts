import { type Fields, type Hook, type Request, required, type Target, textBytes, words64 } from './hook.js';

const BPF_F_UPROBE_MULTI_RETURN = 1;
const FUNCTIONS = 'functions of a program or library: uprobe.multi/PATH:PATTERN';

function request({ section, file, offsets, pid, cookie }: Target): Request {
  const places = required(offsets, FUNCTIONS);
  const fields: Fields = {
    'uprobe_multi.path': textBytes(required(file, FUNCTIONS)),
    'uprobe_multi.offsets': words64(places),
    'uprobe_multi.cookies': cookie === undefined ? undefined : words64(places.map(() => cookie)),
    'uprobe_multi.cnt': places.length,
    'uprobe_multi.flags': section.name.startsWith('uret') ? BPF_F_UPROBE_MULTI_RETURN : 0,
    'uprobe_multi.pid': pid,
  };
  return { via: 'link_create', attach: section.attach, fields };
}

/** Many functions of a program or library at once, by pattern: `uprobe.multi/PATH:PATTERN`. */
export const uprobeMulti: Hook = {
  name: 'uprobe.multi',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '6.6',
  autoAttach: true,
  words: ['pid', 'cookie'],
  sections: [
    { name: 'uprobe.multi+', attach: 'TRACE_UPROBE_MULTI' },
    { name: 'uretprobe.multi+', attach: 'TRACE_UPROBE_MULTI' },
    { name: 'uprobe.multi.s+', attach: 'TRACE_UPROBE_MULTI', flags: ['SLEEPABLE'] },
    { name: 'uretprobe.multi.s+', attach: 'TRACE_UPROBE_MULTI', flags: ['SLEEPABLE'] },
  ],
  request,
};

/** Entry and return of many user functions in one program. */
export const uprobeSession: Hook = {
  name: 'uprobe.session',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '6.13',
  autoAttach: true,
  words: ['pid', 'cookie'],
  sections: [
    { name: 'uprobe.session+', attach: 'TRACE_UPROBE_SESSION' },
    { name: 'uprobe.session.s+', attach: 'TRACE_UPROBE_SESSION', flags: ['SLEEPABLE'] },
  ],
  request,
};
