import type { Hook } from './hook.js';

/** Packets that pass between the two ends of a netkit device. */
export const netkit: Hook = {
  name: 'netkit',
  program: 'SCHED_CLS',
  link: 'NETKIT',
  target: 'interface',
  since: '6.7',
  sections: [
    { name: 'netkit/primary', attach: 'NETKIT_PRIMARY' },
    { name: 'netkit/peer', attach: 'NETKIT_PEER' },
  ],
};
