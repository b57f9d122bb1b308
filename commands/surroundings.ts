// What stands beside an object in every listing: where it is pinned, and who holds it.
import { type ObjectKind, pinnedPaths } from '../src/system/bpffs.js';
import { type Holder, holders } from '../src/system/processes.js';
import type { Options } from './command.js';

/** Pins and holders of one object. */
export interface Surroundings {
  /** Undefined when paths were not asked for, or nothing of that kind is pinned at all: bpftool then leaves the field out. */
  readonly pinned: readonly string[] | undefined;
  readonly holders: readonly Holder[];
}

/**
 * Looks at all pins (with `-f`) and all processes once, for objects of one kind, and gives the answer for each id. Call it before any object is
 * opened: what this process holds does not count.
 */
export function surroundings(kind: ObjectKind, options: Pick<Options, 'bpffs'>): (id: number) => Surroundings {
  const pins = options.bpffs ? pinnedPaths(kind) : new Map<number, string[]>();
  const held = holders(kind);
  return (id) => ({ pinned: pins.size > 0 ? (pins.get(id) ?? []) : undefined, holders: held.get(id) ?? [] });
}

/** `\n\tpinned PATH` for each path. */
export function pinnedText(paths: readonly string[] = []): string {
  return paths.map((path) => `\n\tpinned ${path}`).join('');
}

/** `\n\tpids systemd(1), sshd(7)`, or nothing. */
export function pidsText(list: readonly Holder[]): string {
  return list.length === 0 ? '' : `\n\tpids ${holdersText(list)}`;
}

/** `systemd(1), sshd(7)` */
export function holdersText(list: readonly Holder[]): string {
  return list.map(({ comm, pid }) => `${comm}(${pid})`).join(', ');
}

/** The JSON fields, in bpftool's order; those that do not apply are undefined. */
export function surroundingFields({ pinned, holders: list }: Surroundings): Record<string, unknown> {
  return { pinned, pids: list.length > 0 ? list.map(({ pid, comm }) => ({ pid, comm })) : undefined };
}
