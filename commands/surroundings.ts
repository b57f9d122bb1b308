// What stands beside an object in every listing: where it is pinned, and who holds it.

import { safeWord } from '../src/format/safe-text.js';
import { type ObjectKind, pinnedPaths } from '../src/system/bpffs.js';
import { type Owner, ownerOf } from '../src/system/owners.js';
import { type Holder, heldObjects } from '../src/system/processes.js';
import type { Options, OwnOption, TitledTable } from './command.js';
import { titledTable } from './command.js';

/** Pins and holders of one object. */
export interface Surroundings<Told = unknown> {
  /** Undefined when paths were not asked for, or nothing of that kind is pinned at all: bpftool then leaves the field out. */
  readonly pinned: readonly string[] | undefined;
  /** With what else is known of them, when `--owners` asks for it. */
  readonly holders: readonly (Holder & { readonly owner?: Owner })[];
  /** What was told of the object to one of them, so that it need not be asked for again. */
  readonly told?: Told | undefined;
}

/** For the lists of what processes can hold. */
export const OWNERS: OwnOption = {
  flags: '--owners',
  summary: 'of the processes that hold an object also the command line, container, cgroup and network namespace',
};

/**
 * Looks at all pins (with `-f`) and all processes once, for objects of one kind, and gives the answer for each id. Call it before any object is
 * opened: what this process holds does not count. `tell` is {@link heldObjects}'s.
 */
export function surroundings<Told = undefined>(
  kind: ObjectKind,
  options: Pick<Options, 'bpffs' | 'own'>,
  tell?: (fdinfo: string) => Told,
): (id: number) => Surroundings<Told> {
  const pins = options.bpffs ? pinnedPaths(kind) : new Map<number, string[]>();
  const { holders: held, told } = heldObjects(kind, tell);
  const owners = new Map<number, Owner>();
  const withOwner = (holder: Holder) => {
    const owner = owners.get(holder.pid) ?? ownerOf(holder.pid);
    owners.set(holder.pid, owner);
    return { ...holder, owner };
  };
  return (id) => {
    const list = held.get(id) ?? [];
    return {
      pinned: pins.size > 0 ? (pins.get(id) ?? []) : undefined,
      told: told.get(id),
      holders: options.own.owners === true ? list.map(withOwner) : list,
    };
  };
}

/** `\n\tpinned PATH` for each path. */
export function pinnedText(paths: readonly string[] = []): string {
  return paths.map((path) => `\n\tpinned ${path}`).join('');
}

/** `\n\tpids systemd(1), sshd(7)`, or nothing; with owners a line for each below it. */
export function pidsText(list: Surroundings['holders']): string {
  if (list.length === 0) return '';
  return `\n\tpids ${holdersText(list)}${list.map(({ pid, owner }) => (owner ? `\n\t\t${pid}: ${ownerText(owner)}` : '')).join('')}`;
}

/** `systemd(1), sshd(7)` */
export function holdersText(list: readonly Holder[]): string {
  return list.map(({ comm, pid }) => `${comm}(${pid})`).join(', ');
}

/** The same as a cell of a table, with the containers where `--owners` asks for them. */
export function processesText(list: Surroundings['holders']): string {
  return list.map((holder) => `${holdersText([holder])}${holder.owner?.container ? ` in ${shortContainer(holder.owner)}` : ''}`).join(', ');
}

/** The JSON fields, in bpftool's order; those that do not apply are undefined. */
export function surroundingFields({ pinned, holders: list }: Surroundings): Record<string, unknown> {
  return { pinned, pids: pidFields(list) };
}

/** The JSON of holders: bpftool's two fields for each, and what `--owners` adds; undefined when there are none. */
export function pidFields(list: Surroundings['holders']): unknown[] | undefined {
  if (list.length === 0) return undefined;
  return list.map(({ pid, comm, owner }) => ({ pid, comm, ...(owner && ownerFields(owner)) }));
}

function ownerFields({ commandLine, cgroup, container, netns }: Owner): Record<string, unknown> {
  return { cmdline: commandLine, cgroup, container, netns };
}

/** On one line: arguments may hold line feeds. */
function ownerText({ commandLine, cgroup, container, netns }: Owner): string {
  const parts = [
    commandLine.length > 0 && `cmdline ${safeWord(commandLine.join(' '))}`,
    container && `container ${safeWord(containerText(container))}`,
    cgroup !== undefined && `cgroup ${safeWord(cgroup)}`,
    netns !== undefined && `netns ${netns}`,
  ];
  return parts.filter(Boolean).join('  ') || 'it has ended';
}

function containerText({ runtime, id, pod }: NonNullable<Owner['container']>): string {
  return `${runtime ? `${runtime}:` : ''}${id}${pod ? ` of pod ${pod}` : ''}`;
}

/** As much of a command line as somebody reads. */
const READABLE = 160;
/** As many digits of an id as docker and others show. */
const SHORT_ID = 12;

/** The processes that hold one object, for a terminal. */
export function ownersTable(list: Surroundings['holders']): TitledTable {
  const rows = list.map((holder) => ({ ...holder, owner: holder.owner ?? ownerOf(holder.pid) }));
  return titledTable('Processes', OWNER_COLUMNS, rows);
}

type OwnedBy = Holder & { readonly owner: Owner };

const OWNER_COLUMNS = [
  { title: 'PID', cell: ({ pid }: OwnedBy) => pid, align: 'right', colour: 'id' },
  { title: 'Name', cell: ({ comm }: OwnedBy) => comm, colour: 'name' },
  { title: 'Container', cell: ({ owner }: OwnedBy) => shortContainer(owner) },
  { title: 'Pod', cell: ({ owner }: OwnedBy) => owner.container?.pod },
  { title: 'Network', cell: ({ owner }: OwnedBy) => owner.netns, align: 'right' },
  { title: 'Cgroup', cell: ({ owner }: OwnedBy) => owner.cgroup, colour: 'path' },
  { title: 'Command line', cell: ({ owner }: OwnedBy) => shortened(owner.commandLine.join(' ')) },
] as const;

function shortContainer({ container }: Owner): string | undefined {
  if (!container) return undefined;
  const id = /^[0-9a-f]{64}$/.test(container.id) ? container.id.slice(0, SHORT_ID) : container.id;
  return container.runtime ? `${container.runtime}:${id}` : id;
}

function shortened(text: string): string {
  return text.length <= READABLE ? text : `${text.slice(0, READABLE)}…`;
}
