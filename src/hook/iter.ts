import type { Hook } from './hook.js';

/** Runs once for each object of a kind (tasks, maps, sockets) when its file is read: `iter/KIND`. */
export const iter: Hook = {
  name: 'iter',
  program: 'TRACING',
  link: 'ITER',
  target: 'iterator',
  since: '5.8',
  autoAttach: true,
  sections: [
    { name: 'iter+', attach: 'TRACE_ITER', flags: ['ATTACH_BTF'] },
    { name: 'iter.s+', attach: 'TRACE_ITER', flags: ['ATTACH_BTF', 'SLEEPABLE'] },
  ],
};
