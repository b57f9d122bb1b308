import { type Hook, type Request, required, type Target, type XdpMode } from './hook.js';

/** Packets as the driver of an interface receives them, before the network stack. */
export const xdp: Hook = {
  name: 'xdp',
  program: 'XDP',
  link: 'XDP',
  target: 'interface',
  since: '4.8',
  words: ['mode', 'netlink'],
  sections: [
    { name: 'xdp.frags', attach: 'XDP', flags: ['XDP_FRAGS'], since: '5.18' },
    { name: 'xdp', attach: 'XDP', flags: ['ATTACHABLE_OPT'] },
  ],
  request: xdpRequest,
};

// XDP_FLAGS_* (linux/if_link.h)
const XDP_FLAGS_UPDATE_IF_NOEXIST = 1;
const MODE_FLAGS: Readonly<Record<XdpMode, number>> = { generic: 2, driver: 4, offload: 8 };

/** With a link since 5.9; over netlink it stays until it is detached, and fails when another program is there. */
function xdpRequest({ ifindex, mode, netlink }: Target): Request {
  const index = required(ifindex, 'an interface: dev NAME');
  const flags = mode ? MODE_FLAGS[mode] : 0;
  if (netlink) return { via: 'netlink_xdp', ifindex: index, flags: flags | XDP_FLAGS_UPDATE_IF_NOEXIST };
  return { via: 'link_create', attach: 'XDP', fields: { target_ifindex: index, flags } };
}

/** Runs on packets redirected through a DEVMAP or CPUMAP: its descriptor is a value of that map. */
export const xdpMap: Hook = {
  name: 'xdp map',
  program: 'XDP',
  target: 'map',
  since: '5.8',
  use: 'its descriptor is put into a DEVMAP or CPUMAP',
  sections: [
    { name: 'xdp.frags/devmap', attach: 'XDP_DEVMAP', flags: ['XDP_FRAGS'], since: '5.18' },
    { name: 'xdp/devmap', attach: 'XDP_DEVMAP', flags: ['ATTACHABLE'] },
    { name: 'xdp.frags/cpumap', attach: 'XDP_CPUMAP', flags: ['XDP_FRAGS'], since: '5.18' },
    { name: 'xdp/cpumap', attach: 'XDP_CPUMAP', flags: ['ATTACHABLE'], since: '5.9' },
  ],
};
