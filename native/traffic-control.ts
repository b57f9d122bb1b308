// Traffic control over rtnetlink: the clsact qdisc and BPF filters on it.
import { type Input, pack, unpack } from './layout.js';
import { attribute, concat, nested, numberOf, parseAttributes, RequestFlag, type RouteSocket, textOf, withRouteSocket } from './netlink.js';
import { TCMSG } from './uapi.js';

// linux/rtnetlink.h, linux/pkt_sched.h, linux/pkt_cls.h, linux/tc_act/tc_bpf.h
const [TCA_KIND, TCA_OPTIONS] = [1, 2];
const TC_H_CLSACT = 0xffff_fff1;
const TCA_BPF = { ACT: 1, FD: 6, NAME: 7, FLAGS: 8, ID: 11 } as const;
const TCA_BPF_FLAG_ACT_DIRECT = 1;
const TCA_ACT = { KIND: 1, OPTIONS: 2, BPF_NAME: 6, BPF_ID: 9 } as const;
// ETH_P_ALL in network order, as it stands in the lower half of tcm_info.
const EVERY_PROTOCOL = 0x0300;

/** Where filters hang that belong to no class: the root qdisc, and the two sides of clsact. */
export const FilterParent = { root: 0xffff_ffff, ingress: 0xffff_fff2, egress: 0xffff_fff3 } as const;

/** A BPF action of a filter. */
export interface TcAction {
  readonly name: string | undefined;
  readonly progId: number | undefined;
}

/** A BPF filter of traffic control. */
export interface TcFilter {
  readonly handle: number;
  readonly priority: number;
  readonly name: string | undefined;
  readonly progId: number | undefined;
  readonly actions: readonly TcAction[] | undefined;
}

/** A qdisc or class: what it is called and the handle that filters hang on. */
export interface TcNode {
  readonly kind: string;
  readonly handle: number;
}

/** Makes the clsact qdisc of an interface; fails with EEXIST when it (or ingress) is there. Since 4.5. */
export function createClsact(ifindex: number): void {
  const body = concat(clsactHeader(ifindex), attribute(TCA_KIND, 'clsact'));
  withRouteSocket((socket) => socket.request('RTM_NEWQDISC', body, RequestFlag.CREATE | RequestFlag.EXCL));
}

/** Removes the clsact qdisc of an interface with all filters on it. */
export function deleteClsact(ifindex: number): void {
  withRouteSocket((socket) => socket.request('RTM_DELQDISC', concat(clsactHeader(ifindex), attribute(TCA_KIND, 'clsact'))));
}

function clsactHeader(ifindex: number): Uint8Array {
  return pack(TCMSG, { tcm_ifindex: ifindex, tcm_handle: 0xffff_0000, tcm_parent: TC_H_CLSACT });
}

/** Which filter is meant: its interface and side, and where they are not 0 its priority (1 comes first, 0: the kernel chooses) and handle. */
export interface FilterPlace {
  readonly ifindex: number;
  readonly parent: number;
  readonly priority?: number;
  readonly handle?: number;
}

function filterHeader(place: FilterPlace, info: number): Uint8Array {
  return pack(TCMSG, { tcm_ifindex: place.ifindex, tcm_parent: place.parent, tcm_handle: place.handle ?? 0, tcm_info: info });
}

/**
 * Adds a BPF filter whose return value is the verdict ("direct action"), and gives it as the kernel made it. With `replace` it takes the
 * place of the filter with the same priority and handle; otherwise that fails with EEXIST.
 */
export function addFilter(place: FilterPlace, program: number, name: string, replace = false): TcFilter {
  const options = nested(
    TCA_OPTIONS,
    attribute(TCA_BPF.FD, program),
    attribute(TCA_BPF.NAME, name),
    attribute(TCA_BPF.FLAGS, TCA_BPF_FLAG_ACT_DIRECT),
  );
  const info = ((place.priority ?? 0) << 16) | EVERY_PROTOCOL;
  const body = concat(filterHeader(place, info >>> 0), attribute(TCA_KIND, 'bpf'), options);
  const flags = RequestFlag.CREATE | RequestFlag.ECHO | (replace ? RequestFlag.REPLACE : RequestFlag.EXCL);
  const made = withRouteSocket((socket) => socket.request('RTM_NEWTFILTER', body, flags));
  return parseFilter(made[0]!.payload)!;
}

/** Removes the filter with this priority and handle. */
export function deleteFilter(place: FilterPlace): void {
  const info = ((place.priority ?? 0) << 16) | EVERY_PROTOCOL;
  const body = concat(filterHeader(place, info >>> 0), attribute(TCA_KIND, 'bpf'));
  withRouteSocket((socket) => socket.request('RTM_DELTFILTER', body));
}

/** The BPF filters below a parent, in the order in which they run. */
export function filters(socket: RouteSocket, ifindex: number, parent: number): TcFilter[] {
  const messages = socket.dump('RTM_GETTFILTER', pack(TCMSG, { tcm_ifindex: ifindex, tcm_parent: parent }));
  return messages.map((message) => parseFilter(message.payload)).filter((filter) => filter !== undefined);
}

/** Whether any filter, of whatever kind, hangs on the clsact qdisc of an interface. */
export function hasFilters(socket: RouteSocket, ifindex: number): boolean {
  const sides = [FilterParent.ingress, FilterParent.egress];
  return sides.some((side) => socket.dump('RTM_GETTFILTER', pack(TCMSG, { tcm_ifindex: ifindex, tcm_parent: side })).length > 0);
}

/** The classes of an interface. */
export function classes(socket: RouteSocket, ifindex: number): TcNode[] {
  return nodes(socket, 'RTM_GETTCLASS', { tcm_ifindex: ifindex });
}

/** The qdiscs of an interface. */
export function qdiscs(socket: RouteSocket, ifindex: number): TcNode[] {
  return nodes(socket, 'RTM_GETQDISC', { tcm_ifindex: ifindex });
}

function nodes(socket: RouteSocket, request: 'RTM_GETTCLASS' | 'RTM_GETQDISC', where: Input<typeof TCMSG>): TcNode[] {
  return (
    socket
      .dump(request, pack(TCMSG, where))
      .map((message) => ({ header: unpack(TCMSG, message.payload), attributes: parseAttributes(message.payload, TCMSG.size) }))
      // A dump of qdiscs is of all interfaces, whatever it was asked for.
      .filter(({ header }) => header.tcm_ifindex === where.tcm_ifindex)
      .map(({ header, attributes }) => ({ kind: textOf(attributes.get(TCA_KIND)) ?? 'unknown', handle: header.tcm_handle }))
  );
}

/** Reads a filter out of its message; undefined when it is none of BPF. */
export function parseFilter(payload: Uint8Array): TcFilter | undefined {
  const header = unpack(TCMSG, payload);
  const attributes = parseAttributes(payload, TCMSG.size);
  const options = attributes.get(TCA_OPTIONS);
  if (!options || textOf(attributes.get(TCA_KIND)) !== 'bpf') return undefined;
  const bpf = parseAttributes(options);
  const actions = bpf.get(TCA_BPF.ACT);
  return {
    handle: header.tcm_handle,
    priority: header.tcm_info >>> 16,
    name: textOf(bpf.get(TCA_BPF.NAME)),
    progId: numberOf(bpf.get(TCA_BPF.ID)),
    actions: actions && parseActions(actions),
  };
}

function parseActions(payload: Uint8Array): TcAction[] {
  return [...parseAttributes(payload).values()]
    .map((action) => parseAttributes(action))
    .flatMap((action) => {
      if (textOf(action.get(TCA_ACT.KIND)) !== 'bpf') return [];
      const options = parseAttributes(action.get(TCA_ACT.OPTIONS) ?? new Uint8Array());
      return [{ name: textOf(options.get(TCA_ACT.BPF_NAME)), progId: numberOf(options.get(TCA_ACT.BPF_ID)) }];
    });
}
