import type { Hook } from './hook.js';

/** A filter of traffic control on the clsact qdisc of an interface, set up over netlink. */
export const clsact: Hook = {
  name: 'tc',
  program: 'SCHED_CLS',
  target: 'interface',
  since: '4.5',
  sections: [{ name: 'tc' }, { name: 'classifier' }],
};

/** An action of traffic control, run by a filter that matched. */
export const tcAction: Hook = {
  name: 'action',
  program: 'SCHED_ACT',
  target: 'interface',
  since: '4.1',
  sections: [{ name: 'action' }],
};
