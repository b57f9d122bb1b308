import { bootTimeToEpoch } from '../system/clock.js';
import { type OffloadDevice, offloadDevice } from '../system/offload.js';
import type { ProgramInfo } from './info.js';
import type { Program } from './program.js';

/** A program as listings show it: all that is known of it, without the handle. */
export interface ListedProgram extends ProgramInfo {
  /** The whole name, where {@link ProgramInfo.name} is what the kernel keeps. */
  readonly fullName: string;
  /** Seconds since 1970; undefined when the kernel does not say. */
  readonly loadedAt: number | undefined;
  /** Bytes of memory, as the kernel counts them. */
  readonly memlock: bigint | undefined;
  readonly device: OffloadDevice | undefined;
}

/** Reads all that a listing shows of a program. `memlock` is what another process's descriptor of it told, where that was read just now. */
export function listProgram(program: Program, memlock?: bigint): ListedProgram {
  const { info } = program;
  // Field by field, which takes a tenth of the time of spreading one object into another: lists are long.
  return {
    id: info.id,
    type: info.type,
    typeName: info.typeName,
    name: info.name,
    tag: info.tag,
    gplCompatible: info.gplCompatible,
    xlatedSize: info.xlatedSize,
    jitedSize: info.jitedSize,
    loadTime: info.loadTime,
    uid: info.uid,
    mapIds: info.mapIds,
    btfId: info.btfId,
    ifindex: info.ifindex,
    netnsDevice: info.netnsDevice,
    netnsInode: info.netnsInode,
    runTimeNs: info.runTimeNs,
    runCount: info.runCount,
    recursionMisses: info.recursionMisses,
    verifiedInstructions: info.verifiedInstructions,
    attachBtfObjectId: info.attachBtfObjectId,
    attachBtfId: info.attachBtfId,
    functionCount: info.functionCount,
    orphaned: info.orphaned,
    fullName: program.name,
    loadedAt: info.loadTime === 0n ? undefined : bootTimeToEpoch(info.loadTime),
    memlock: memlock ?? program.memlock,
    device: offloadDevice(info.ifindex, info.netnsDevice, info.netnsInode),
  };
}
