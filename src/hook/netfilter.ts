import { type Hook, required } from './hook.js';

const BPF_F_NETFILTER_IP_DEFRAG = 1;

/** Packets at a hook of netfilter, with its protocol family, hook number and priority. */
export const netfilter: Hook = {
  name: 'netfilter',
  program: 'NETFILTER',
  link: 'NETFILTER',
  target: 'netfilter',
  since: '6.4',
  config: 'NETFILTER_BPF_LINK',
  words: ['family', 'hook', 'priority', 'defrag'],
  sections: [{ name: 'netfilter', attach: 'NETFILTER' }],
  request: ({ family, hookNumber, priority = 0, defrag }) => ({
    via: 'link_create',
    attach: 'NETFILTER',
    fields: {
      'netfilter.pf': required(family, 'a protocol family: family ip or family ip6'),
      'netfilter.hooknum': required(hookNumber, 'a hook of netfilter: hook input'),
      'netfilter.priority': priority,
      'netfilter.flags': defrag ? BPF_F_NETFILTER_IP_DEFRAG : 0,
    },
  }),
};
