import { type Hook, type ProgTypeName, type RouteSide, required } from './hook.js';

const lwt = (side: RouteSide, program: ProgTypeName, since: string, config: string): Hook => ({
  name: `lwt_${side}`,
  program,
  target: 'route',
  since,
  config,
  words: ['dev', 'local'],
  sections: [{ name: `lwt_${side}` }],
  request: ({ route, ifindex, local }) => ({
    via: 'netlink_route',
    side,
    route: {
      ...required(route, 'a route: route 10.1.0.0/24'),
      ifindex: required(ifindex, 'the interface of the route: dev NAME'),
      local,
    },
  }),
});

/** Packets of a route of light-weight tunnels; the route is made for the program, and stays until it is detached. */
export const lwtIn = lwt('in', 'LWT_IN', '4.10', 'LWTUNNEL_BPF');
export const lwtOut = lwt('out', 'LWT_OUT', '4.10', 'LWTUNNEL_BPF');
export const lwtXmit = lwt('xmit', 'LWT_XMIT', '4.10', 'LWTUNNEL_BPF');
export const lwtSeg6Local = lwt('seg6local', 'LWT_SEG6LOCAL', '4.18', 'IPV6_SEG6_BPF');
