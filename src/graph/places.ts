// Where links hold their programs, as nodes.
import { attachTypes } from '../kernel/names.js';
import { netfilterHookName } from '../kernel/netfilter-names.js';
import type { LinkTarget, PerfLinkTarget } from '../link/info.js';
import { btfInfo } from '../system/btf-objects.js';
import { cgroupPath } from '../system/cgroups.js';
import { interfaceName } from '../system/interfaces.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';
import type { Graph, NodeKind, Relation } from './graph.js';

/** A thing that something is attached to. */
interface Place {
  readonly kind: NodeKind;
  readonly name: string | number;
  readonly label?: string;
  /** How the link hangs together with it; `at` when missing. */
  readonly relation?: Relation;
}

type Of<T extends LinkTarget['type']> = Extract<LinkTarget, { type: T }>;

/** Connects a link with what it is attached to, by what the kernel says on it. */
export function connectTarget(graph: Graph, link: string, target: LinkTarget): void {
  const place = (PLACES[target.type] as (target: LinkTarget) => Place | undefined)(target);
  if (place) graph.connect(link, place.relation ?? 'at', graph.add(place.kind, place.name, place.label));
}

/** An interface by its index. */
export function interfacePlace(ifindex: number): Place {
  const name = interfaceName(ifindex);
  return { kind: 'interface', name: name ?? ifindex, label: name === undefined ? 'of another network namespace' : `index ${ifindex}` };
}

const PLACES: { readonly [T in LinkTarget['type']]: (target: Of<T>) => Place | undefined } = {
  raw_tracepoint: ({ tpName }) => place('tracepoint', tpName),
  tracing: tracedFunction,
  cgroup: ({ cgroupId, attachType }) => ({ kind: 'cgroup', name: cgroupPath(cgroupId) ?? `id ${cgroupId}`, label: attachName(attachType) }),
  iter: ({ targetName, mapId }) => (mapId ? { kind: 'map', name: mapId, relation: 'iterates' } : place('iterator', targetName)),
  netns: ({ netnsIno, attachType }) => place('network namespace', String(netnsIno), attachName(attachType)),
  xdp: ({ ifindex }) => interfacePlace(ifindex),
  tcx: ({ ifindex }) => interfacePlace(ifindex),
  netkit: ({ ifindex }) => interfacePlace(ifindex),
  struct_ops: ({ mapId }) => ({ kind: 'map', name: mapId, relation: 'registers' }),
  sockmap: ({ mapId }) => ({ kind: 'map', name: mapId, relation: 'at' }),
  netfilter: ({ pf, hook, priority }) => place('netfilter', netfilterHookName(pf, hook) ?? `hook ${hook}`, `priority ${priority}`),
  kprobe_multi: ({ functions }) => place('kernel functions', String(functions.length)),
  uprobe_multi: ({ path, places }) => place('user functions', `${path} (${places.length})`),
  perf_event: ({ event }) => perfPlace(event),
  unknown: () => undefined,
};

function place(what: string, name: string, label?: string): Place {
  return { kind: 'place', name: `${what} ${name}`, ...(label === undefined ? {} : { label }) };
}

function attachName(type: number): string {
  return attachTypes.nameOf(type) ?? `attach type ${type}`;
}

function tracedFunction({ attachType, targetObjId, targetBtfId }: Of<'tracing'>): Place | undefined {
  if (targetBtfId === 0) return undefined;
  return place(
    'kernel function',
    functionName(targetObjId, targetBtfId) ?? `type ${targetBtfId} of BTF ${targetObjId}`,
    attachName(attachType),
  );
}

function functionName(objectId: number, typeId: number): string | undefined {
  try {
    return btfInfo(objectId).name === 'vmlinux' ? vmlinuxBtf().name(typeId) : undefined;
  } catch {
    // It went away meanwhile, or may not be read.
    return undefined;
  }
}

function perfPlace(event: PerfLinkTarget): Place | undefined {
  switch (event.kind) {
    case 'unknown':
      return undefined;
    case 'event':
      return place('perf event', `type ${event.type} config ${event.config}`);
    case 'tracepoint':
      return place('tracepoint', event.name);
    case 'kprobe':
    case 'kretprobe':
      return place('kernel function', event.func || `0x${event.address.toString(16)}`, event.kind);
    case 'uprobe':
    case 'uretprobe':
      return place('user function', `${event.file}+0x${event.offset.toString(16)}`, event.kind);
  }
}
