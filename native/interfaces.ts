// Network interfaces over rtnetlink: listing them, XDP programs by netlink, and making veth pairs, addresses and routes.
import { isErrno } from './error.js';
import { Fd } from './fd.js';
import { pack, unpack } from './layout.js';
import {
  attribute,
  concat,
  type Message,
  nested,
  numberOf,
  parseAttributes,
  RequestFlag,
  RouteMessage,
  type RouteSocket,
  textOf,
  withRouteSocket,
} from './netlink.js';
import { ioctl, systemCall } from './system.js';
import { IFADDRMSG, IFINFOMSG } from './uapi.js';

// linux/if_link.h, linux/if_addr.h, linux/veth.h
const [IFLA_IFNAME, IFLA_LINKINFO, IFLA_NET_NS_FD, IFLA_XDP] = [3, 18, 28, 43];
const [IFLA_INFO_KIND, IFLA_INFO_DATA, VETH_INFO_PEER] = [1, 2, 1];
const [IFA_ADDRESS, IFA_LOCAL] = [1, 2];

/** Attributes nested in IFLA_XDP. */
const Xdp = { FD: 1, ATTACHED: 2, FLAGS: 3, PROG_ID: 4, DRV_PROG_ID: 5, SKB_PROG_ID: 6, HW_PROG_ID: 7, EXPECTED_FD: 8 } as const;

/** How XDP programs are attached: by the driver, in the network stack for any driver, or on the device itself. */
export type XdpMode = 'driver' | 'generic' | 'offload';

/** An XDP program on an interface. */
export interface XdpAttachment {
  readonly mode: XdpMode;
  readonly progId: number;
}

/** An interface of this network namespace. `multi`: programs are attached in several modes at once. */
export interface Interface {
  readonly ifindex: number;
  readonly name: string;
  readonly xdp: readonly XdpAttachment[];
  readonly multi: boolean;
}

/** All interfaces of the network namespace, in the kernel's order. */
export function interfaces(socket: RouteSocket): Interface[] {
  return socket
    .dump('RTM_GETLINK', pack(IFINFOMSG, {}))
    .filter((message) => message.type === RouteMessage.RTM_NEWLINK)
    .map(parseInterface);
}

/** One interface by its index. */
export function interfaceByIndex(socket: RouteSocket, ifindex: number): Interface {
  const [message] = socket.request('RTM_GETLINK', pack(IFINFOMSG, { ifi_index: ifindex }));
  return parseInterface(message!);
}

/** Reads an interface out of its message. */
export function parseInterface(message: Message): Interface {
  const { ifi_index } = unpack(IFINFOMSG, message.payload);
  const attributes = parseAttributes(message.payload, IFINFOMSG.size);
  return { ifindex: ifi_index, name: textOf(attributes.get(IFLA_IFNAME)) ?? '', ...parseXdp(attributes.get(IFLA_XDP)) };
}

// XDP_ATTACHED_* (linux/if_link.h), and with MULTI the attribute of each mode in bpftool's order.
const XDP_ATTACHED: Readonly<Record<number, XdpMode>> = { 1: 'driver', 2: 'generic', 3: 'offload' };
const XDP_ATTACHED_MULTI = 4;
const XDP_BY_MODE: readonly (readonly [number, XdpMode])[] = [
  [Xdp.SKB_PROG_ID, 'generic'],
  [Xdp.DRV_PROG_ID, 'driver'],
  [Xdp.HW_PROG_ID, 'offload'],
];

function parseXdp(payload: Uint8Array | undefined): Pick<Interface, 'xdp' | 'multi'> {
  const attributes = parseAttributes(payload ?? new Uint8Array());
  const attached = numberOf(attributes.get(Xdp.ATTACHED)) ?? 0;
  const multi = attached === XDP_ATTACHED_MULTI;
  const single = XDP_ATTACHED[attached];
  const wanted = multi ? XDP_BY_MODE : single ? ([[Xdp.PROG_ID, single]] as const) : [];
  const xdp = wanted.flatMap(([type, mode]) => {
    const progId = numberOf(attributes.get(type));
    return progId === undefined ? [] : [{ mode, progId }];
  });
  return { xdp, multi };
}

/** XDP_FLAGS_* of linux/if_link.h. */
export const XdpFlag = { UPDATE_IF_NOEXIST: 1, SKB_MODE: 2, DRV_MODE: 4, HW_MODE: 8, REPLACE: 16 } as const;

/**
 * Attaches the XDP program `program` to an interface, or with -1 detaches. `expected` (a program's descriptor, with `XdpFlag.REPLACE`) makes it
 * fail with EEXIST when another program is there. `XdpFlag.REPLACE` since 5.7.
 */
export function setXdp(ifindex: number, program: number, flags: number, expected?: number): void {
  const attributes = [attribute(Xdp.FD, program), attribute(Xdp.FLAGS, flags)];
  if (expected !== undefined) attributes.push(attribute(Xdp.EXPECTED_FD, expected));
  const body = concat(pack(IFINFOMSG, { ifi_index: ifindex }), nested(IFLA_XDP, ...attributes));
  withRouteSocket((socket) => socket.request('RTM_SETLINK', body));
}

// ---- names

const IFREQ_SIZE = 40;
const [SIOCGIFNAME, SIOCGIFINDEX] = [0x8910, 0x8933];

function interfaceRequest(request: number, fill: (record: Uint8Array) => void): Uint8Array | undefined {
  const [AF_INET, SOCK_DGRAM, SOCK_CLOEXEC] = [2, 2, 0o2000000];
  using socket = new Fd(systemCall('socket', AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const record = new Uint8Array(IFREQ_SIZE);
  fill(record);
  try {
    ioctl(socket.number, request, record);
    return record;
  } catch (error) {
    if (isErrno(error, 'ENODEV', 'ENXIO')) return undefined;
    throw error;
  }
}

/** The name of an interface of this network namespace; undefined when there is none with this index. */
export function interfaceName(ifindex: number): string | undefined {
  const record = interfaceRequest(SIOCGIFNAME, (bytes) => new DataView(bytes.buffer).setInt32(16, ifindex, true));
  return record && textOf(record.subarray(0, 16));
}

/** The index of the interface with this name; undefined when there is none. */
export function interfaceIndex(name: string): number | undefined {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length > 15 || name.includes('\0')) return undefined;
  const record = interfaceRequest(SIOCGIFINDEX, (into) => into.set(bytes));
  return record && new DataView(record.buffer).getInt32(16, true);
}

// ---- making interfaces

/** Where the interfaces of a pair come to be. */
export interface PairPlace {
  /** A descriptor of the network namespace that the second one is made in. */
  readonly peerNamespace?: number;
  /** The index of the first, which the second's follows; the kernel chooses them else. */
  readonly index?: number;
}

/** Makes a pair of virtual Ethernet interfaces. */
export function createVethPair(name: string, peer: string, place: PairPlace = {}): void {
  createPair('veth', name, peer, place);
}

/** Makes a pair of netkit interfaces, which pass IP packets; the first one is the primary, to which programs are attached. Since 6.7. */
export function createNetkitPair(name: string, peer: string): void {
  createPair('netkit', name, peer);
}

function createPair(kind: string, name: string, peer: string, { peerNamespace, index = 0 }: PairPlace = {}): void {
  const peerAttributes = [attribute(IFLA_IFNAME, peer)];
  if (peerNamespace !== undefined) peerAttributes.push(attribute(IFLA_NET_NS_FD, peerNamespace));
  // The peer of netkit (IFLA_NETKIT_PEER_INFO) has the same number.
  const peerInfo = nested(VETH_INFO_PEER, pack(IFINFOMSG, { ifi_index: index && index + 1 }), ...peerAttributes);
  const info = nested(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, kind), nested(IFLA_INFO_DATA, peerInfo));
  const body = concat(pack(IFINFOMSG, { ifi_index: index }), attribute(IFLA_IFNAME, name), info);
  withRouteSocket((socket) => socket.request('RTM_NEWLINK', body, RequestFlag.CREATE | RequestFlag.EXCL));
}

/** Removes an interface; with one end of a veth pair the other goes too. */
export function deleteInterface(ifindex: number): void {
  withRouteSocket((socket) => socket.request('RTM_DELLINK', pack(IFINFOMSG, { ifi_index: ifindex })));
}

/** Moves an interface into the network namespace that the descriptor refers to. */
export function moveInterface(ifindex: number, namespace: number): void {
  const body = concat(pack(IFINFOMSG, { ifi_index: ifindex }), attribute(IFLA_NET_NS_FD, namespace));
  withRouteSocket((socket) => socket.request('RTM_SETLINK', body));
}

/** Sets an interface up. */
export function setInterfaceUp(ifindex: number): void {
  const IFF_UP = 1;
  const body = pack(IFINFOMSG, { ifi_index: ifindex, ifi_flags: IFF_UP, ifi_change: IFF_UP });
  withRouteSocket((socket) => socket.request('RTM_SETLINK', body));
}

/** Gives an interface an address, `10.0.0.1` or `fd00::1`, with a prefix of so many bits. It is usable at once: no duplicate detection. */
export function addAddress(ifindex: number, address: string, prefix: number): void {
  const IFA_F_NODAD = 2;
  const [AF_INET, AF_INET6] = [2, 10];
  const bytes = addressBytes(address);
  const header = pack(IFADDRMSG, {
    ifa_family: bytes.length === 4 ? AF_INET : AF_INET6,
    ifa_prefixlen: prefix,
    ifa_flags: IFA_F_NODAD,
    ifa_index: ifindex,
  });
  const body = concat(header, attribute(IFA_LOCAL, bytes), attribute(IFA_ADDRESS, bytes));
  withRouteSocket((socket) => socket.request('RTM_NEWADDR', body, RequestFlag.CREATE | RequestFlag.EXCL));
}

/** An IPv4 or IPv6 address as its 4 or 16 bytes in network order. */
export function addressBytes(address: string): Uint8Array {
  // Not at the top: it takes every command 3 ms to load.
  if (process.getBuiltinModule('node:net').isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
