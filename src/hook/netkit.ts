import { anchorFields, type Hook, required } from './hook.js';

/** Packets that pass between the two ends of a netkit device. */
export const netkit: Hook = {
  name: 'netkit',
  program: 'SCHED_CLS',
  link: 'NETKIT',
  target: 'interface',
  since: '6.7',
  config: 'NETKIT',
  words: ['before', 'after'],
  sections: [
    { name: 'netkit/primary', attach: 'NETKIT_PRIMARY' },
    { name: 'netkit/peer', attach: 'NETKIT_PEER' },
  ],
  request: ({ section, ifindex, anchor }) => ({
    via: 'link_create',
    attach: section.attach,
    fields: { target_ifindex: required(ifindex, 'a netkit interface: dev NAME'), ...anchorFields('netkit', anchor) },
  }),
};
