// Probes as events in tracefs, for kernels without a perf source of them (before 4.17). They outlast the process that made them.
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { NotSupportedError } from '../errors.js';
import { kernelRelease } from './kernel-version.js';
import { readText } from './read-file.js';
import { withTracefs } from './tracefs.js';

/** A probe: of a function of the kernel, or of a place in the file at the path `name`. */
export interface Probe {
  readonly kind: 'kprobe' | 'uprobe';
  readonly returns: boolean;
  readonly name: string;
  readonly offset: number;
}

/** An event that was made; `id` is what perf_event_open(2) knows it by. */
export interface ProbeEvent {
  readonly kind: Probe['kind'];
  readonly name: string;
  readonly id: number;
}

const GROUP = 'bpf_ts';
let made = 0;

/** Makes an event of a probe. @throws NotSupportedError where the kernel has no such probes */
export function makeProbeEvent({ kind, returns, name, offset }: Probe): ProbeEvent {
  const event = `${kind}_${process.pid}_${made++}`;
  const at = kind === 'uprobe' ? `:0x${offset.toString(16)}` : offset === 0 ? '' : `+0x${offset.toString(16)}`;
  return withTracefs((directory) => {
    const list = join(directory, `${kind}_events`);
    if (!existsSync(list)) throw new NotSupportedError(`${kind}s`, undefined, kernelRelease());
    appendFileSync(list, `${returns ? 'r' : 'p'}:${GROUP}/${event} ${name}${at}\n`);
    return { kind, name: event, id: Number(readText(join(directory, 'events', GROUP, event, 'id'))) };
  });
}

/** Removes it; every program and perf event on it has to be gone. */
export function removeProbeEvent({ kind, name }: ProbeEvent): void {
  withTracefs((directory) => appendFileSync(join(directory, `${kind}_events`), `-:${GROUP}/${name}\n`));
}
