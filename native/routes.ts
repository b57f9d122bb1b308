// Routes of light-weight tunnels whose packets pass a BPF program (linux/rtnetlink.h, lwtunnel.h, seg6_local.h).
import { addressBytes } from './interfaces.js';
import { pack } from './layout.js';
import { attribute, concat, nested, RequestFlag, withRouteSocket } from './netlink.js';
import { RTMSG } from './uapi.js';

const [RTA_DST, RTA_OIF, RTA_ENCAP_TYPE, RTA_ENCAP] = [1, 4, 21, 22];
const [LWTUNNEL_ENCAP_BPF, LWTUNNEL_ENCAP_SEG6_LOCAL] = [6, 7];
const [LWT_BPF_PROG_FD, LWT_BPF_PROG_NAME] = [1, 2];
const [SEG6_LOCAL_ACTION, SEG6_LOCAL_BPF, SEG6_LOCAL_ACTION_END_BPF] = [1, 8, 15];
const [RT_TABLE_MAIN, RT_TABLE_LOCAL, RTPROT_STATIC, RTN_UNICAST, RTN_LOCAL, RT_SCOPE_LINK, RT_SCOPE_HOST] = [254, 255, 4, 1, 2, 253, 254];
const [AF_INET, AF_INET6] = [2, 10];

/** Where packets of a route meet their program: LWT_BPF_IN, _OUT and _XMIT, or as the next segment of IPv6 segment routing. */
export const ROUTE_SIDE = { in: 1, out: 2, xmit: 3, seg6local: 0 } as const;
export type RouteSide = keyof typeof ROUTE_SIDE;

/** What a route is for, and the interface it leaves by. */
export interface Route {
  /** Where packets go to, `10.1.0.0` or `fd00::`, of whose bits so many count. */
  readonly destination: string;
  readonly prefix: number;
  readonly ifindex: number;
  /** Packets to this host itself, as what is received meets a program only there or where it is passed on. */
  readonly local?: boolean | undefined;
}

/** Makes a route whose packets pass the program behind a descriptor. Fails with EEXIST where there is such a route. Since 4.10, seg6local since 4.18. */
export function addProgramRoute(route: Route, side: RouteSide, program: number, name: string): void {
  const encap =
    side === 'seg6local'
      ? [attribute(SEG6_LOCAL_ACTION, SEG6_LOCAL_ACTION_END_BPF), nested(SEG6_LOCAL_BPF, ...named(program, name))]
      : [nested(ROUTE_SIDE[side], ...named(program, name))];
  const type = new Uint8Array(new Uint16Array([side === 'seg6local' ? LWTUNNEL_ENCAP_SEG6_LOCAL : LWTUNNEL_ENCAP_BPF]).buffer);
  const body = concat(header(route), ...attributes(route), nested(RTA_ENCAP, ...encap), attribute(RTA_ENCAP_TYPE, type));
  withRouteSocket((socket) => socket.request('RTM_NEWROUTE', body, RequestFlag.CREATE | RequestFlag.EXCL));
}

/** Removes a route of {@link addProgramRoute}. */
export function deleteRoute(route: Route): void {
  withRouteSocket((socket) => socket.request('RTM_DELROUTE', concat(header(route), ...attributes(route))));
}

function named(program: number, name: string): Uint8Array[] {
  return [attribute(LWT_BPF_PROG_FD, program), attribute(LWT_BPF_PROG_NAME, name)];
}

function header({ destination, prefix, local }: Route): Uint8Array {
  return pack(RTMSG, {
    rtm_family: addressBytes(destination).length === 4 ? AF_INET : AF_INET6,
    rtm_dst_len: prefix,
    rtm_table: local ? RT_TABLE_LOCAL : RT_TABLE_MAIN,
    rtm_protocol: RTPROT_STATIC,
    rtm_scope: local ? RT_SCOPE_HOST : RT_SCOPE_LINK,
    rtm_type: local ? RTN_LOCAL : RTN_UNICAST,
  });
}

function attributes({ destination, ifindex }: Route): Uint8Array[] {
  return [attribute(RTA_DST, addressBytes(destination)), attribute(RTA_OIF, ifindex)];
}
