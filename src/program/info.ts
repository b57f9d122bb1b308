import { objGetInfo, objInfo } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { type Output, unpack } from '../../native/layout.js';
import { Arena } from '../../native/memory.js';
import { FUNC_INFO, PROG_INFO } from '../../native/uapi.js';
import { hex } from '../bytes/text.js';
import { progTypes } from '../kernel/names.js';
import { loadedBtf } from '../system/loaded-btf.js';

/** What the kernel says on a program (struct bpf_prog_info). Sizes are in bytes. */
export interface ProgramInfo {
  readonly id: number;
  /** enum bpf_prog_type. */
  readonly type: number;
  /** As bpftool names the type: `sched_cls`; undefined when this release does not know it. */
  readonly typeName: string | undefined;
  /** At most 15 characters; empty for a program without a name. {@link fullName} knows longer ones. */
  readonly name: string;
  /** 16 hex digits: a hash of the instructions as they were loaded. */
  readonly tag: string;
  readonly gplCompatible: boolean;
  /** After the verifier's changes. 0 where the kernel does not show it. */
  readonly xlatedSize: number;
  /** 0 for a program that is interpreted, or where kptr_restrict hides it. */
  readonly jitedSize: number;
  /** When it was loaded: nanoseconds since boot, with the time asleep. 0 when unknown (before 4.15). */
  readonly loadTime: bigint;
  /** The user who loaded it. */
  readonly uid: number;
  readonly mapIds: readonly number[];
  /** 0 for none. */
  readonly btfId: number;
  /** Device that the program is offloaded to, 0 for none, with the network namespace it is in. */
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  /** Counted while statistics are on (kernel.bpf_stats_enabled). Since 5.1. */
  readonly runTimeNs: bigint;
  readonly runCount: bigint;
  /** Runs left out because the program was running already on that CPU. Since 5.12. */
  readonly recursionMisses: bigint;
  /** Instructions the verifier went through. Since 5.16. */
  readonly verifiedInstructions: number;
  /** What a program of type tracing, ext or lsm attaches to: a type in a BTF object (id 0: the kernel's). Since 5.19. */
  readonly attachBtfObjectId: number;
  readonly attachBtfId: number;
  readonly functionCount: number;
  /** The device it was offloaded to has gone (ENODEV): nothing else is known of it then. */
  readonly orphaned: boolean;
}

// Enough for nearly all programs, so that one call does.
const MAP_IDS_ROOM = 64;

let idsRoom: Arena | undefined;

/** Asks the kernel about an open program. The crossing from the kernel's spelling to ours. */
export function readProgramInfo(fd: number): ProgramInfo {
  idsRoom ??= new Arena(MAP_IDS_ROOM * 4);
  const info = askWithMapIds(fd, idsRoom.address, MAP_IDS_ROOM);
  // An orphaned program tells nothing more.
  if (!info) return camelCase(unpack(PROG_INFO, new Uint8Array(0)), [], true);
  const { nr_map_ids: count } = info;
  if (count <= MAP_IDS_ROOM) return camelCase(info, listed(idsRoom.view, count), false);
  const ids = new Uint8Array(count * 4);
  const again = askWithMapIds(fd, ids, count);
  return again ? camelCase(again, listed(new DataView(ids.buffer), Math.min(count, again.nr_map_ids)), false) : readProgramInfo(fd);
}

function listed(ids: DataView, count: number): number[] {
  return Array.from({ length: count }, (_, i) => ids.getUint32(i * 4, true));
}

function askWithMapIds(fd: number, ids: number | Uint8Array, room: number): Output<typeof PROG_INFO> | undefined {
  try {
    return objInfo(fd, PROG_INFO, { map_ids: ids, nr_map_ids: room });
  } catch (error) {
    if (isErrno(error, 'ENODEV')) return undefined;
    throw error;
  }
}

function camelCase(info: Output<typeof PROG_INFO>, mapIds: readonly number[], orphaned: boolean): ProgramInfo {
  return {
    id: info.id,
    type: info.type,
    typeName: progTypes.nameOf(info.type),
    name: info.name,
    tag: hex(info.tag),
    gplCompatible: info.gpl_compatible !== 0,
    xlatedSize: info.xlated_prog_len,
    jitedSize: info.jited_prog_len,
    loadTime: info.load_time,
    uid: info.created_by_uid,
    mapIds,
    btfId: info.btf_id,
    ifindex: info.ifindex,
    netnsDevice: info.netns_dev,
    netnsInode: info.netns_ino,
    runTimeNs: info.run_time_ns,
    runCount: info.run_cnt,
    recursionMisses: info.recursion_misses,
    verifiedInstructions: info.verified_insns,
    attachBtfObjectId: info.attach_btf_obj_id,
    attachBtfId: info.attach_btf_id,
    functionCount: info.nr_func_info,
    orphaned,
  };
}

// The kernel keeps BPF_OBJ_NAME_LEN - 1 characters of a name.
const SHORT_NAME = 15;
// bpftool compares and prints no more.
const FULL_NAME = 127;

/** The whole name of a program, from its BTF where the kernel cut it off; at most 127 characters. */
export function fullName(fd: number, info: ProgramInfo): string {
  if (info.name.length < SHORT_NAME) return info.name;
  return nameInBtf(fd, info)?.slice(0, FULL_NAME) ?? info.name;
}

/** What the function is called that the program was made from; undefined without BTF, or without the right to read it. */
export function nameInBtf(fd: number, info: ProgramInfo): string | undefined {
  if (info.btfId === 0 || info.functionCount === 0) return undefined;
  try {
    const { typeId } = mainFunction(fd);
    const type = loadedBtf(info.btfId).type(typeId);
    return type.kind === 'FUNC' ? type.name : undefined;
  } catch {
    return undefined;
  }
}

/** func_info's first record is of the program itself. */
function mainFunction(fd: number): { readonly typeId: number } {
  const record = new Uint8Array(FUNC_INFO.size);
  objGetInfo(fd, PROG_INFO, { nr_func_info: 1, func_info_rec_size: record.length, func_info: record });
  return { typeId: unpack(FUNC_INFO, record).type_id };
}
