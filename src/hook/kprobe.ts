import { type Hook, newer, type Request, required, type Target } from './hook.js';
import { functionPlace } from './place.js';

const FUNCTION = 'a function of the kernel: kprobe/FUNCTION, ksyscall/NAME';

function request({ section, name, cookie }: Target): Request {
  return {
    via: 'probe',
    kind: 'kprobe',
    returns: section.name.startsWith('kret'),
    ...functionPlace(required(name, FUNCTION)),
    pid: -1,
    cookie,
    ...newer(cookie, '5.15'),
  };
}

/** The entry or return of a kernel function: `kprobe/FUNCTION[+OFFSET]`. */
export const kprobe: Hook = {
  name: 'kprobe',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'kernel function',
  since: '4.1',
  autoAttach: true,
  words: ['cookie'],
  sections: [{ name: 'kprobe+' }, { name: 'kretprobe+' }],
  request,
};

/** The entry or return of a system call, whatever its function is called on this architecture: `ksyscall/NAME`. */
export const ksyscall: Hook = {
  name: 'ksyscall',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'kernel function',
  since: '4.1',
  autoAttach: true,
  words: ['cookie'],
  sections: [{ name: 'ksyscall+' }, { name: 'kretsyscall+' }],
  request,
};
