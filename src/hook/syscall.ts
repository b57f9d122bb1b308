import type { Hook } from './hook.js';

/** Attaches to nothing: user space runs it with BPF_PROG_TEST_RUN, and it makes bpf() calls of its own. */
export const syscall: Hook = {
  name: 'syscall',
  program: 'SYSCALL',
  target: 'none',
  since: '5.14',
  use: 'user space runs it (prog run)',
  sections: [{ name: 'syscall', flags: ['SLEEPABLE'] }],
};
