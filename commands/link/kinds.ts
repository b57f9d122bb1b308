// How each type of link reads: its JSON fields in bpftool's order, and beside them the same as plain text.
import { attachTypes, progTypes } from '../../src/kernel/names.js';
import { NETFILTER_FAMILIES, netfilterHookName } from '../../src/kernel/netfilter-names.js';
import type { LinkTarget } from '../../src/link/info.js';
import type { ListedLink } from '../../src/link/listing.js';
import { interfaceLabel } from '../../src/system/interfaces.js';
import { kprobeMulti, perfEvent, uprobeMulti } from './probes.js';

/** What stands between the header of a link and its pins. */
export interface LinkKind<T = LinkTarget> {
  readonly json: (target: T, link: ListedLink) => Record<string, unknown>;
  readonly plain: (target: T, link: ListedLink) => string;
}

export type Of<T extends LinkTarget['type']> = Extract<LinkTarget, { type: T }>;

/** The kind of this link. */
export function kindOf(link: ListedLink): LinkKind {
  return KINDS[link.target.type] as LinkKind;
}

const attachType = (value: number) => attachTypes.nameOf(value) ?? value;
const attachText = (value: number) => `attach_type ${attachType(value)}  `;
const cookieText = (cookie: bigint) => (cookie === 0n ? '' : `cookie ${cookie}  `);

/** Fields that name an interface, and the same as text: `ifindex veth0(7)`, or why there is no name. */
const interfaceFields = (ifindex: number) => ({ devname: interfaceLabel(ifindex), ifindex });
function interfaceText(ifindex: number): string {
  const label = interfaceLabel(ifindex);
  return `ifindex ${label.startsWith('(') ? label : `${label}(${ifindex})`}  `;
}

const onInterface: LinkKind<Of<'tcx' | 'netkit'>> = {
  json: ({ ifindex, attachType: type }) => ({ ...interfaceFields(ifindex), attach_type: attachType(type) }),
  plain: ({ ifindex, attachType: type }) => `\n\t${interfaceText(ifindex)}${attachText(type)}`,
};

const KINDS: { readonly [T in LinkTarget['type']]: LinkKind<Of<T>> } = {
  raw_tracepoint: {
    json: ({ tpName, cookie }) => ({ tp_name: tpName, cookie }),
    plain: ({ tpName, cookie }) => `\n\ttp '${tpName}'  ${cookieText(cookie)}`,
  },
  tracing: {
    json: (target, { progType }) => ({
      prog_type: progType === undefined ? undefined : (progTypes.nameOf(progType) ?? progType),
      attach_type: attachType(target.attachType),
      target_obj_id: target.targetObjId,
      target_btf_id: target.targetBtfId,
      cookie: target.cookie,
    }),
    plain: (target, { progType }) =>
      [
        progType === undefined ? '\n\t' : `\n\tprog_type ${progTypes.textOf(progType)}  `,
        attachText(target.attachType),
        target.targetObjId || target.targetBtfId ? `\n\ttarget_obj_id ${target.targetObjId}  target_btf_id ${target.targetBtfId}  ` : '',
        target.cookie === 0n ? '' : `\n\t${cookieText(target.cookie)}`,
      ].join(''),
  },
  cgroup: {
    json: ({ cgroupId, attachType: type }) => ({ cgroup_id: cgroupId, attach_type: attachType(type) }),
    plain: ({ cgroupId, attachType: type }) => `\n\tcgroup_id ${cgroupId}  ${attachText(type)}`,
  },
  iter: {
    json: (target) => ({ target_name: target.targetName, ...iterFields(target) }),
    plain: (target) => `target_name ${target.targetName}  ${iterText(target)}`,
  },
  netns: {
    json: ({ netnsIno, attachType: type }) => ({ netns_ino: netnsIno, attach_type: attachType(type) }),
    plain: ({ netnsIno, attachType: type }) => `\n\tnetns_ino ${netnsIno}  ${attachText(type)}`,
  },
  netfilter: { json: netfilterFields, plain: netfilterText },
  tcx: onInterface as LinkKind<Of<'tcx'>>,
  netkit: onInterface as LinkKind<Of<'netkit'>>,
  sockmap: {
    json: ({ mapId, attachType: type }) => ({ map_id: mapId, attach_type: attachType(type) }),
    plain: ({ mapId, attachType: type }) => `\n\tmap_id ${mapId}  ${attachText(type)}`,
  },
  xdp: {
    json: ({ ifindex }) => interfaceFields(ifindex),
    plain: ({ ifindex }) => `\n\t${interfaceText(ifindex)}`,
  },
  // Its map stands in the header of the plain form.
  struct_ops: { json: ({ mapId }) => ({ map_id: mapId }), plain: () => '' },
  kprobe_multi: kprobeMulti,
  uprobe_multi: uprobeMulti,
  perf_event: perfEvent,
  unknown: { json: () => ({}), plain: () => '' },
};

const MAP_ITERATORS = ['bpf_map_elem', 'bpf_sk_storage_map'];
const TASK_ITERATORS = ['task', 'task_file', 'task_vma'];
// enum bpf_cgroup_iter_order
const CGROUP_ORDERS = ['order_unspec', 'self_only', 'descendants_pre', 'descendants_post', 'ancestors_up'];

function iterFields({ targetName, mapId, tid, pid, cgroupId, order }: Of<'iter'>): Record<string, unknown> {
  if (MAP_ITERATORS.includes(targetName)) return { map_id: mapId };
  if (TASK_ITERATORS.includes(targetName)) return tid ? { tid } : pid ? { pid } : {};
  if (targetName === 'cgroup') return { cgroup_id: cgroupId, order: CGROUP_ORDERS[order] ?? 'unknown' };
  return {};
}

function iterText(target: Of<'iter'>): string {
  // bpftool parts these by one blank for tasks and two elsewhere.
  const gap = TASK_ITERATORS.includes(target.targetName) ? ' ' : '  ';
  return Object.entries(iterFields(target))
    .map(([name, value]) => `${name} ${value}${gap}`)
    .join('');
}

/** A netfilter link, as `net show` has it too. */
export function netfilterFields({ pf, hook, priority, flags }: Of<'netfilter'>): Record<string, unknown> {
  return { pf, hook, prio: priority, flags };
}

export function netfilterText({ pf, hook, priority, flags }: Of<'netfilter'>): string {
  const family = NETFILTER_FAMILIES[pf];
  const name = netfilterHookName(pf, hook);
  return [
    family === undefined ? `\n\tpf: ${pf}` : `\n\t${family}`,
    name === undefined ? `, hook ${hook},` : ` ${name}`,
    ` prio ${priority}`,
    flags === 0 ? '' : ` flags 0x${flags.toString(16)}`,
  ].join('');
}
