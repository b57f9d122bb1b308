import type { Hook } from './hook.js';

/** The entry or return of a kernel function: `kprobe/FUNCTION[+OFFSET]`. */
export const kprobe: Hook = {
  name: 'kprobe',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'kernel function',
  since: '4.1',
  autoAttach: true,
  sections: [{ name: 'kprobe+' }, { name: 'kretprobe+' }],
};

/** The entry or return of a system call, whatever its function is called on this architecture: `ksyscall/NAME`. */
export const ksyscall: Hook = {
  name: 'ksyscall',
  program: 'KPROBE',
  link: 'PERF_EVENT',
  target: 'kernel function',
  since: '4.1',
  autoAttach: true,
  sections: [{ name: 'ksyscall+' }, { name: 'kretsyscall+' }],
};
