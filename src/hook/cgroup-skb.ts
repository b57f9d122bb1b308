import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Packets that the sockets of a cgroup's processes receive or send. */
export const cgroupSkb: Hook = {
  name: 'cgroup_skb',
  program: 'CGROUP_SKB',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.10',
  sections: [
    { name: 'cgroup_skb/ingress', attach: 'CGROUP_INET_INGRESS', flags: ['ATTACHABLE_OPT'] },
    { name: 'cgroup_skb/egress', attach: 'CGROUP_INET_EGRESS', flags: ['ATTACHABLE_OPT'] },
    { name: 'cgroup/skb' },
  ],
  words: ['before', 'after'],
  request: cgroupRequest,
};
