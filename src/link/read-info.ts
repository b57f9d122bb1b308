// Reads what the kernel says on a link (struct bpf_link_info), by the link's type.
import { objGetInfo } from '../../native/bpf.js';
import type { Input, Output } from '../../native/layout.js';
import { LINK_INFO } from '../../native/uapi.js';
import { LinkType } from '../kernel/enums.gen.js';
import type { LinkInfo, LinkTarget, PerfLinkTarget } from './info.js';

type Raw = Output<typeof LINK_INFO>;
/** Buffers that the kernel is asked to write into, by the field that holds their address. */
type Buffers = Readonly<Partial<Record<keyof Raw, Uint8Array>>>;

/** Asks the kernel about an open link. Types that have text or lists are asked a second time, with room for them. */
export function readLinkInfo(fd: number): LinkInfo {
  const first = objGetInfo(fd, LINK_INFO);
  const kind = KINDS[first.type];
  const buffers = kind?.buffers?.(first) ?? {};
  const raw = Object.keys(buffers).length === 0 ? first : objGetInfo(fd, LINK_INFO, request(first, buffers));
  return { id: raw.id, type: raw.type, progId: raw.prog_id, target: kind?.target(raw, buffers) ?? { type: 'unknown' } };
}

interface Kind {
  readonly buffers?: (first: Raw) => Buffers;
  readonly target: (raw: Raw, buffers: Buffers) => LinkTarget;
}

const PATH_MAX = 4096;
const text = () => new Uint8Array(PATH_MAX);
const numbers = (count: number) => new Uint8Array(count * 8);
const BPF_F_PROBE_RETURN = 1;

const KINDS: Readonly<Record<number, Kind>> = {
  [LinkType.RAW_TRACEPOINT]: {
    buffers: () => ({ 'raw_tracepoint.tp_name': text() }),
    target: (raw, buffers) => ({
      type: 'raw_tracepoint',
      tpName: readText(buffers['raw_tracepoint.tp_name']),
      cookie: raw['raw_tracepoint.cookie'],
    }),
  },
  [LinkType.TRACING]: {
    target: (raw) => ({
      type: 'tracing',
      attachType: raw['tracing.attach_type'],
      targetObjId: raw['tracing.target_obj_id'],
      targetBtfId: raw['tracing.target_btf_id'],
      cookie: raw['tracing.cookie'],
    }),
  },
  [LinkType.CGROUP]: {
    target: (raw) => ({ type: 'cgroup', cgroupId: raw['cgroup.cgroup_id'], attachType: raw['cgroup.attach_type'] }),
  },
  [LinkType.ITER]: {
    buffers: () => ({ 'iter.target_name': text() }),
    target: (raw, buffers) => ({
      type: 'iter',
      targetName: readText(buffers['iter.target_name']),
      mapId: raw['iter.map.map_id'],
      tid: raw['iter.task.tid'],
      pid: raw['iter.task.pid'],
      cgroupId: raw['iter.cgroup.cgroup_id'],
      order: raw['iter.cgroup.order'],
    }),
  },
  [LinkType.NETNS]: { target: (raw) => ({ type: 'netns', netnsIno: raw['netns.netns_ino'], attachType: raw['netns.attach_type'] }) },
  [LinkType.XDP]: { target: (raw) => ({ type: 'xdp', ifindex: raw['xdp.ifindex'] }) },
  [LinkType.STRUCT_OPS]: { target: (raw) => ({ type: 'struct_ops', mapId: raw['struct_ops.map_id'] }) },
  [LinkType.NETFILTER]: {
    target: (raw) => ({
      type: 'netfilter',
      pf: raw['netfilter.pf'],
      hook: raw['netfilter.hooknum'],
      priority: raw['netfilter.priority'],
      flags: raw['netfilter.flags'],
    }),
  },
  [LinkType.KPROBE_MULTI]: {
    buffers: ({ 'kprobe_multi.count': count }): Buffers =>
      count === 0 ? {} : { 'kprobe_multi.addrs': numbers(count), 'kprobe_multi.cookies': numbers(count) },
    target: (raw, buffers) => ({
      type: 'kprobe_multi',
      retprobe: (raw['kprobe_multi.flags'] & BPF_F_PROBE_RETURN) !== 0,
      missed: raw['kprobe_multi.missed'],
      functions: columns(buffers['kprobe_multi.addrs'], buffers['kprobe_multi.cookies']).map(([address, cookie]) => ({
        address: address!,
        cookie: cookie!,
      })),
    }),
  },
  [LinkType.UPROBE_MULTI]: {
    buffers: ({ 'uprobe_multi.count': count }): Buffers =>
      count === 0
        ? {}
        : {
            'uprobe_multi.path': text(),
            'uprobe_multi.offsets': numbers(count),
            'uprobe_multi.ref_ctr_offsets': numbers(count),
            'uprobe_multi.cookies': numbers(count),
          },
    target: (raw, buffers) => ({
      type: 'uprobe_multi',
      retprobe: (raw['uprobe_multi.flags'] & BPF_F_PROBE_RETURN) !== 0,
      path: readText(buffers['uprobe_multi.path']),
      pid: raw['uprobe_multi.pid'],
      places: columns(buffers['uprobe_multi.offsets'], buffers['uprobe_multi.ref_ctr_offsets'], buffers['uprobe_multi.cookies']).map(
        ([offset, refCtrOffset, cookie]) => ({ offset: offset!, refCtrOffset: refCtrOffset!, cookie: cookie! }),
      ),
    }),
  },
  [LinkType.PERF_EVENT]: {
    buffers: (first): Buffers => {
      const name = PERF_NAMES[first['perf_event.type']];
      return name ? { [name]: text() } : {};
    },
    target: (raw, buffers) => ({ type: 'perf_event', event: perfTarget(raw, readText(Object.values(buffers)[0])) }),
  },
  [LinkType.TCX]: { target: (raw) => ({ type: 'tcx', ifindex: raw['tcx.ifindex'], attachType: raw['tcx.attach_type'] }) },
  [LinkType.NETKIT]: { target: (raw) => ({ type: 'netkit', ifindex: raw['netkit.ifindex'], attachType: raw['netkit.attach_type'] }) },
  [LinkType.SOCKMAP]: { target: (raw) => ({ type: 'sockmap', mapId: raw['sockmap.map_id'], attachType: raw['sockmap.attach_type'] }) },
};

// enum bpf_perf_event_type
const PERF_NAMES: Readonly<Record<number, keyof Raw>> = {
  1: 'perf_event.uprobe.file_name',
  2: 'perf_event.uprobe.file_name',
  3: 'perf_event.kprobe.func_name',
  4: 'perf_event.kprobe.func_name',
  5: 'perf_event.tracepoint.tp_name',
};

function perfTarget(raw: Raw, name: string): PerfLinkTarget {
  switch (raw['perf_event.type']) {
    case 1:
    case 2:
      return {
        kind: raw['perf_event.type'] === 1 ? 'uprobe' : 'uretprobe',
        file: name,
        offset: raw['perf_event.uprobe.offset'],
        cookie: raw['perf_event.uprobe.cookie'],
        refCtrOffset: raw['perf_event.uprobe.ref_ctr_offset'],
      };
    case 3:
    case 4:
      return {
        kind: raw['perf_event.type'] === 3 ? 'kprobe' : 'kretprobe',
        address: raw['perf_event.kprobe.addr'],
        func: name,
        offset: raw['perf_event.kprobe.offset'],
        missed: raw['perf_event.kprobe.missed'],
        cookie: raw['perf_event.kprobe.cookie'],
      };
    case 5:
      return { kind: 'tracepoint', name, cookie: raw['perf_event.tracepoint.cookie'] };
    case 6:
      return {
        kind: 'event',
        type: raw['perf_event.event.type'],
        config: raw['perf_event.event.config'],
        cookie: raw['perf_event.event.cookie'],
      };
    default:
      return { kind: 'unknown' };
  }
}

// The field that tells the kernel how much room a buffer for text has. Lists have the count that the first answer gave.
const LENGTHS: Readonly<Partial<Record<keyof Raw, keyof Raw>>> = {
  'raw_tracepoint.tp_name': 'raw_tracepoint.tp_name_len',
  'iter.target_name': 'iter.target_name_len',
  'uprobe_multi.path': 'uprobe_multi.path_size',
  'perf_event.uprobe.file_name': 'perf_event.uprobe.name_len',
  'perf_event.kprobe.func_name': 'perf_event.kprobe.name_len',
  'perf_event.tracepoint.tp_name': 'perf_event.tracepoint.name_len',
};

function request(first: Raw, buffers: Buffers): Input<typeof LINK_INFO> {
  const fields: Record<string, number | Uint8Array> = {};
  for (const [field, buffer] of Object.entries(buffers)) {
    fields[field] = buffer;
    const length = LENGTHS[field as keyof Raw];
    if (length) fields[length] = buffer.length;
  }
  if (first.type === LinkType.KPROBE_MULTI) fields['kprobe_multi.count'] = first['kprobe_multi.count'];
  if (first.type === LinkType.UPROBE_MULTI) fields['uprobe_multi.count'] = first['uprobe_multi.count'];
  // The kernel reads which kind of event it is from what it answered itself; everything else of the record is output.
  return fields as Input<typeof LINK_INFO>;
}

function readText(buffer: Uint8Array | undefined): string {
  if (!buffer) return '';
  return new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
}

/** Lists of u64 of the same length, as rows. */
function columns(...lists: (Uint8Array | undefined)[]): bigint[][] {
  const words = lists.map((list) => (list ? new BigUint64Array(list.buffer) : new BigUint64Array()));
  return Array.from(words[0]!, (_, row) => words.map((column) => column[row]!));
}
