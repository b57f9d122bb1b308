import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { ID_LINE, kindOfDescriptor, type ObjectKind } from './bpffs.js';
import { parseFdinfo } from './fdinfo.js';

/** A process that has an object open. */
export interface Holder {
  readonly pid: number;
  /** The process's name: up to 15 bytes that it may choose itself. */
  readonly comm: string;
}

/**
 * The processes that hold descriptors of a kind of object, by the objects' ids, each list in ascending order of pids. This process is left out.
 * What may not be looked into is passed over: without CAP_SYS_PTRACE only the own user's processes are seen.
 */
export function holders(kind: ObjectKind): ReadonlyMap<number, readonly Holder[]> {
  const found = new Map<number, Holder[]>();
  for (const pid of processIds()) {
    const ids = heldBy(pid, kind);
    if (ids.size === 0) continue;
    const holder = { pid, comm: commOf(pid) };
    for (const id of ids) {
      const list = found.get(id);
      if (list) list.push(holder);
      else found.set(id, [holder]);
    }
  }
  return found;
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .sort((a, b) => a - b);
}

function heldBy(pid: number, kind: ObjectKind): Set<number> {
  const ids = new Set<number>();
  for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (target === undefined || kindOfDescriptor(target) !== kind) continue;
    const id = Number(
      parseFdinfo(attempt(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1')) ?? '').get(ID_LINE[kind]) ?? Number.NaN,
    );
    if (!Number.isNaN(id)) ids.add(id);
  }
  return ids;
}

function commOf(pid: number): string {
  return attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8'))?.replace(/\n$/, '') ?? '?';
}

// Processes and descriptors come and go while this reads, and some are not ours to look into.
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
