import type { Hook } from './hook.js';

/** Dissects packets of a network namespace in place of the kernel's own dissector. */
export const flowDissector: Hook = {
  name: 'flow_dissector',
  program: 'FLOW_DISSECTOR',
  link: 'NETNS',
  target: 'network namespace',
  since: '4.20',
  sections: [{ name: 'flow_dissector', attach: 'FLOW_DISSECTOR', flags: ['ATTACHABLE_OPT'] }],
};

/** Chooses the listening socket for a packet that arrives in a network namespace. */
export const skLookup: Hook = {
  name: 'sk_lookup',
  program: 'SK_LOOKUP',
  link: 'NETNS',
  target: 'network namespace',
  since: '5.9',
  sections: [{ name: 'sk_lookup', attach: 'SK_LOOKUP', flags: ['ATTACHABLE'] }],
};
