import type { Hook } from './hook.js';

/** Packets as the driver of an interface receives them, before the network stack. */
export const xdp: Hook = {
  name: 'xdp',
  program: 'XDP',
  link: 'XDP',
  target: 'interface',
  since: '4.8',
  sections: [
    { name: 'xdp.frags', attach: 'XDP', flags: ['XDP_FRAGS'] },
    { name: 'xdp', attach: 'XDP', flags: ['ATTACHABLE_OPT'] },
  ],
};

/** Runs on packets redirected through a DEVMAP or CPUMAP: its descriptor is a value of that map. */
export const xdpMap: Hook = {
  name: 'xdp map',
  program: 'XDP',
  target: 'map',
  since: '5.8',
  sections: [
    { name: 'xdp.frags/devmap', attach: 'XDP_DEVMAP', flags: ['XDP_FRAGS'] },
    { name: 'xdp/devmap', attach: 'XDP_DEVMAP', flags: ['ATTACHABLE'] },
    { name: 'xdp.frags/cpumap', attach: 'XDP_CPUMAP', flags: ['XDP_FRAGS'] },
    { name: 'xdp/cpumap', attach: 'XDP_CPUMAP', flags: ['ATTACHABLE'] },
  ],
};
