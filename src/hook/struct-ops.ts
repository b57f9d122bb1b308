import type { Hook } from './hook.js';

/** Functions that implement a table of callbacks of the kernel; what is attached is the map that holds the table. */
export const structOps: Hook = {
  name: 'struct_ops',
  program: 'STRUCT_OPS',
  link: 'STRUCT_OPS',
  target: 'map',
  since: '5.6',
  use: 'the map that holds its table is registered (struct_ops register)',
  sections: [{ name: 'struct_ops+' }, { name: 'struct_ops.s+', flags: ['SLEEPABLE'] }],
};
