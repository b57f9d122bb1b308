// Attaches programs to perf events: those of tracepoints, counters and clocks, and probes.
import { linkCreate } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { PerfType, perfEventEnable, perfEventOpen, perfEventSetProgram } from '../../native/perf.js';
import { type Fields, type Request, textBytes } from '../hook/hook.js';
import { AttachType } from '../kernel/enums.gen.js';
import { probeSource } from '../system/perf-sources.js';
import { makeProbeEvent, removeProbeEvent } from '../system/probe-events.js';
import { Held } from './attachment.js';
import { Link } from './link.js';

type Via<W extends Request['via']> = Extract<Request, { via: W }>;

/** What kernels answer to something they do not know. */
export const UNKNOWN: readonly string[] = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUPP'];

export function askPerfEvent(program: number, { event, pid, cpu, cookie }: Via<'perf_event'>): Link | Held {
  using opened = perfEventOpen(event, { pid, cpu });
  return linkEvent(program, opened, cookie) ?? holdEvent(program, opened);
}

// The link keeps the event, which was opened enabled, so its descriptor can go. Since 5.15.
function linkEvent(program: number, event: Fd, cookie: bigint | undefined): Link | undefined {
  try {
    const target = { target_fd: event.number, attach_type: AttachType.PERF_EVENT, 'perf_event.bpf_cookie': cookie };
    return new Link(linkCreate({ prog_fd: program, ...target }));
  } catch (error) {
    // A cookie cannot be given any other way.
    if (cookie === undefined && isErrno(error, ...UNKNOWN)) return undefined;
    throw error;
  }
}

function holdEvent(program: number, event: Fd): Held {
  perfEventSetProgram(event.number, program);
  perfEventEnable(event.number);
  const held = event.take();
  return new Held('perf event', false, () => held[Symbol.dispose]());
}

// perf_event_open(2) takes -1 for all processes or for all CPUs, not for both. Probes run on every CPU, whatever CPU they are opened for.
const scopeOf = (pid: number) => ({ pid, cpu: pid === -1 ? 0 : -1 });

export function askProbe(program: number, request: Via<'probe'>): Link | Held {
  const { pid, cookie } = request;
  const event = sourceEvent(request);
  if (event) return askPerfEvent(program, { via: 'perf_event', event, ...scopeOf(pid), cookie });
  return askProbeEvent(program, request);
}

/** The probe as an event of the kernel's source of probes; undefined where it has none. */
function sourceEvent({ kind, returns, name, offset, semaphore = 0 }: Via<'probe'>): Fields | undefined {
  const source = probeSource(kind);
  if (!source) return undefined;
  const config = (returns ? 1n << BigInt(source.returnBit) : 0n) | (BigInt(semaphore) << BigInt(source.semaphoreShift ?? 32));
  return { type: source.type, config, config1: textBytes(name), config2: offset };
}

/** Attaches by an event in tracefs, which has to be removed in the end, and so has to be held. */
export function askProbeEvent(program: number, { pid, cookie, ...probe }: Via<'probe'>): Held {
  const made = makeProbeEvent(probe);
  try {
    const event = { type: PerfType.TRACEPOINT, config: made.id };
    const attachment = askPerfEvent(program, { via: 'perf_event', event, ...scopeOf(pid), cookie });
    return new Held('perf event', false, () => {
      attachment[Symbol.dispose]();
      removeProbeEvent(made);
    });
  } catch (error) {
    removeProbeEvent(made);
    throw error;
  }
}
