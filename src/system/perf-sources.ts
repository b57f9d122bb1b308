// What /sys says on the kernel's sources of perf events: which number perf_event_open(2) knows one by, and where in `config` its options are.

import { join } from 'node:path';
import { readTextIfAny } from './read-file.js';

const SOURCES = '/sys/bus/event_source/devices';

/** A source of probes. */
export interface ProbeSource {
  readonly type: number;
  /** The bit of `config` that asks for the return of the function. */
  readonly returnBit: number;
  /** The first bit of `config` that holds the offset of a semaphore; uprobes have it since 4.20. */
  readonly semaphoreShift: number | undefined;
}

/** The source of kprobes or uprobes; undefined where the kernel has none: before 4.17, or built without. */
export function probeSource(name: 'kprobe' | 'uprobe'): ProbeSource | undefined {
  const type = read(name, 'type');
  if (type === undefined) return undefined;
  return { type: Number(type), returnBit: firstBit(name, 'retprobe') ?? 0, semaphoreShift: firstBit(name, 'ref_ctr_offset') };
}

// `config:32-63`
function firstBit(source: string, option: string): number | undefined {
  const bits = /^config:(\d+)/.exec(read(source, `format/${option}`) ?? '')?.[1];
  return bits === undefined ? undefined : Number(bits);
}

function read(source: string, file: string): string | undefined {
  return readTextIfAny(join(SOURCES, source, file))?.trim();
}
