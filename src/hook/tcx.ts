import { anchorFields, type Hook, required } from './hook.js';

/** Packets that enter or leave an interface, in an ordered list of programs without a qdisc. */
export const tcx: Hook = {
  name: 'tcx',
  program: 'SCHED_CLS',
  link: 'TCX',
  target: 'interface',
  since: '6.6',
  words: ['before', 'after'],
  sections: [
    { name: 'tcx/ingress', attach: 'TCX_INGRESS' },
    { name: 'tcx/egress', attach: 'TCX_EGRESS' },
    { name: 'tc/ingress', attach: 'TCX_INGRESS' },
    { name: 'tc/egress', attach: 'TCX_EGRESS' },
  ],
  request: ({ section, ifindex, anchor }) => ({
    via: 'link_create',
    attach: section.attach,
    fields: { target_ifindex: required(ifindex, 'an interface: dev NAME'), ...anchorFields('tcx', anchor) },
  }),
};
