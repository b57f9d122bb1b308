// perf_event_open(2) and the ioctls that attach BPF programs to its events.
import { Fd } from './fd.js';
import { type Input, pack } from './layout.js';
import { ioctl, systemCall } from './system.js';
import { PERF_EVENT_ATTR } from './uapi.js';

/** Kinds of events (enum perf_type_id); those of probes have numbers that /sys/bus/event_source/devices tells. */
export const PerfType = { HARDWARE: 0, SOFTWARE: 1, TRACEPOINT: 2, HW_CACHE: 3, RAW: 4, BREAKPOINT: 5 } as const;

const PERF_FLAG_FD_CLOEXEC = 8;

/** Whose events are counted: of process `pid` (-1: of all) on `cpu` (-1: on any; not both -1). */
export interface PerfScope {
  readonly pid: number;
  readonly cpu: number;
}

/** Opens a perf event; it counts once it is enabled, unless `disabled` is 0. The record's size is filled in. */
export function perfEventOpen(attr: Input<typeof PERF_EVENT_ATTR>, scope: PerfScope, flags = 0): Fd {
  const record = pack(PERF_EVENT_ATTR, { ...attr, size: PERF_EVENT_ATTR.size });
  return new Fd(systemCall('perf_event_open', record, scope.pid, scope.cpu, -1, flags | PERF_FLAG_FD_CLOEXEC));
}

const [PERF_EVENT_IOC_ENABLE, PERF_EVENT_IOC_SET_BPF] = [0x2400, 0x4004_2408];

/** Lets `program` run at each event; it stays until the event's descriptor is closed. */
export function perfEventSetProgram(event: number, program: number): void {
  ioctl(event, PERF_EVENT_IOC_SET_BPF, program);
}

export function perfEventEnable(event: number): void {
  ioctl(event, PERF_EVENT_IOC_ENABLE);
}
