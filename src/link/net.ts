// What is attached in this network namespace: XDP, traffic control, the flow dissector, netfilter.
import { openSync } from 'node:fs';
import { Fd } from '../../native/fd.js';
import { type Interface, interfaces } from '../../native/interfaces.js';
import { type RouteSocket, withRouteSocket } from '../../native/netlink.js';
import { classes, FilterParent, filters, qdiscs, type TcAction } from '../../native/traffic-control.js';
import type { AttachTypeName } from '../kernel/names.js';
import { programName } from '../program/name.js';
import type { LinkTarget } from './info.js';
import { Link } from './link.js';
import { type AttachedProgram, attachedPrograms } from './query.js';

/** A program in a list of tcx or netkit. */
export interface ListedTc extends AttachedProgram {
  readonly devname: string;
  readonly ifindex: number;
  /** `tcx/ingress`. */
  readonly kind: string;
  readonly name: string;
}

/** A BPF filter of traffic control. `kind` says where it hangs: `clsact/ingress`, `root`, or the kind of a qdisc or class. */
export interface ListedFilter {
  readonly devname: string;
  readonly ifindex: number;
  readonly kind: string;
  readonly name: string | undefined;
  readonly id: number | undefined;
  readonly actions: readonly TcAction[] | undefined;
}

export type NetfilterTarget = Extract<LinkTarget, { type: 'netfilter' }>;

/** All attachments, by what they are attached to. */
export interface NetAttachments {
  readonly xdp: readonly Interface[];
  readonly tc: readonly (ListedTc | ListedFilter)[];
  readonly flowDissector: number | undefined;
  readonly netfilter: readonly { readonly target: NetfilterTarget; readonly progId: number }[];
}

/** Looks at all interfaces, or at one. */
export function netAttachments(ifindex?: number): NetAttachments {
  return withRouteSocket((socket) => {
    const devices = interfaces(socket).filter((device) => ifindex === undefined || device.ifindex === ifindex);
    return {
      xdp: devices.filter((device) => device.xdp.length > 0),
      tc: devices.flatMap((device) => [...orderedPrograms(device), ...classicFilters(socket, device)]),
      flowDissector: flowDissector(),
      netfilter: netfilterLinks(),
    };
  });
}

const ORDERED: readonly (readonly [AttachTypeName, string])[] = [
  ['TCX_INGRESS', 'tcx/ingress'],
  ['TCX_EGRESS', 'tcx/egress'],
  ['NETKIT_PRIMARY', 'netkit/primary'],
  ['NETKIT_PEER', 'netkit/peer'],
];

function orderedPrograms({ ifindex, name: devname }: Interface): ListedTc[] {
  return ORDERED.flatMap(([attach, kind]) =>
    (attachedPrograms({ ifindex }, attach) ?? []).map((program) => ({
      devname,
      ifindex,
      kind,
      name: programName(program.progId),
      ...program,
    })),
  );
}

function classicFilters(socket: RouteSocket, { ifindex, name: devname }: Interface): ListedFilter[] {
  const nodes = [...classes(socket, ifindex), ...qdiscs(socket, ifindex).filter(({ kind, handle }) => kind !== 'clsact' && handle !== 0)];
  const parents: (readonly [string, number])[] = [
    ...nodes.map(({ kind, handle }) => [kind, handle] as const),
    ['root', FilterParent.root],
    ['clsact/ingress', FilterParent.ingress],
    ['clsact/egress', FilterParent.egress],
  ];
  return parents.flatMap(([kind, parent]) =>
    filters(socket, ifindex, parent).map(({ name, progId, actions }) => ({ devname, ifindex, kind, name, id: progId, actions })),
  );
}

function flowDissector(): number | undefined {
  using namespace = new Fd(openSync('/proc/self/ns/net', 'r'));
  return attachedPrograms({ fd: namespace.number }, 'FLOW_DISSECTOR')?.[0]?.progId;
}

function netfilterLinks(): NetAttachments['netfilter'] {
  const found: { target: NetfilterTarget; progId: number }[] = [];
  for (using link of Link.all()) {
    const { target, progId } = link.info;
    if (target.type === 'netfilter') found.push({ target, progId });
  }
  return found.sort(
    (a, b) =>
      a.target.pf - b.target.pf ||
      a.target.hook - b.target.hook ||
      a.target.priority - b.target.priority ||
      a.target.flags - b.target.flags,
  );
}
