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

/** Reads all that a listing shows of a program. */
export function listProgram(program: Program): ListedProgram {
  const { info } = program;
  return {
    ...info,
    fullName: program.name,
    loadedAt: info.loadTime === 0n ? undefined : bootTimeToEpoch(info.loadTime),
    memlock: program.memlock,
    device: offloadDevice(info.ifindex, info.netnsDevice, info.netnsInode),
  };
}
