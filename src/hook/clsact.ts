import { type Hook, required } from './hook.js';

/** A filter of traffic control on the clsact qdisc of an interface, set up over netlink. */
export const clsact: Hook = {
  name: 'tc',
  program: 'SCHED_CLS',
  target: 'interface',
  since: '4.5',
  words: ['egress', 'priority', 'handle'],
  sections: [{ name: 'tc' }, { name: 'classifier' }],
  request: ({ ifindex, egress = false, priority = 0, handle = 0 }) => ({
    via: 'netlink_tc',
    ifindex: required(ifindex, 'an interface: dev NAME'),
    egress,
    priority,
    handle,
  }),
};

/** An action of traffic control, run by a filter that matched. */
export const tcAction: Hook = {
  name: 'action',
  program: 'SCHED_ACT',
  target: 'interface',
  since: '4.1',
  sections: [{ name: 'action' }],
  use: 'it is named in the action of a filter of traffic control (tc filter add ... action bpf)',
};
