import { type Fields, type Hook, type Request, required, type Target, words64 } from './hook.js';

const BPF_F_KPROBE_MULTI_RETURN = 1;

function request({ section, functions, cookie }: Target): Request {
  const addresses = required(functions, 'functions of the kernel: kprobe.multi/PATTERN');
  const fields: Fields = {
    'kprobe_multi.flags': section.name.startsWith('kret') ? BPF_F_KPROBE_MULTI_RETURN : 0,
    'kprobe_multi.cnt': addresses.length,
    'kprobe_multi.addrs': words64(addresses),
    'kprobe_multi.cookies': cookie === undefined ? undefined : words64(addresses.map(() => cookie)),
  };
  return { via: 'link_create', attach: section.attach, fields };
}

/** Many kernel functions at once, by pattern: `kprobe.multi/tcp_*`. */
export const kprobeMulti: Hook = {
  name: 'kprobe.multi',
  program: 'KPROBE',
  link: 'KPROBE_MULTI',
  target: 'kernel function',
  since: '5.18',
  config: 'FPROBE',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'kprobe.multi+', attach: 'TRACE_KPROBE_MULTI' },
    { name: 'kretprobe.multi+', attach: 'TRACE_KPROBE_MULTI' },
  ],
  request,
};

/** Entry and return of many kernel functions in one program, which can share a cookie between both. */
export const kprobeSession: Hook = {
  name: 'kprobe.session',
  program: 'KPROBE',
  link: 'KPROBE_MULTI',
  target: 'kernel function',
  since: '6.10',
  config: 'FPROBE',
  autoAttach: true,
  words: ['cookie'],
  sections: [{ name: 'kprobe.session+', attach: 'TRACE_KPROBE_SESSION' }],
  request,
};
