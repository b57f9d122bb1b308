import type { Hook, ProgTypeName } from './hook.js';

const lwt = (name: string, program: ProgTypeName, since: string): Hook => ({
  name,
  program,
  target: 'route',
  since,
  sections: [{ name }],
  use: 'it is given with a route (ip route add ... encap bpf)',
});

/** Packets of a route of light-weight tunnels; the programs are given with the route. */
export const lwtIn = lwt('lwt_in', 'LWT_IN', '4.10');
export const lwtOut = lwt('lwt_out', 'LWT_OUT', '4.10');
export const lwtXmit = lwt('lwt_xmit', 'LWT_XMIT', '4.10');
export const lwtSeg6Local = lwt('lwt_seg6local', 'LWT_SEG6LOCAL', '4.18');
