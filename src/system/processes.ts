import { readdirSync, readlinkSync } from 'node:fs';
import { ID_LINE, kindOfDescriptor, type ObjectKind } from './bpffs.js';
import { fdinfoField, readFdinfo } from './fdinfo.js';
import { readText } from './read-file.js';

/** A process that has an object open. */
export interface Holder {
  readonly pid: number;
  /** The process's name: up to 15 bytes that it may choose itself. */
  readonly comm: string;
}

/** What processes hold of a kind of object, by the objects' ids. */
export interface HeldObjects {
  /** Each list in ascending order of pids. */
  readonly holders: ReadonlyMap<number, readonly Holder[]>;
  /** What the kernel says of the object to one of them, which is what it says to all: {@link fdinfoField} takes it apart. */
  readonly fdinfo: ReadonlyMap<number, string>;
}

/**
 * Looks at the descriptors of all processes but this one. What may not be looked into is passed over: without CAP_SYS_PTRACE only the own user's processes
 * are seen.
 */
export function heldObjects(kind: ObjectKind): HeldObjects {
  const found = { holders: new Map<number, Holder[]>(), fdinfo: new Map<number, string>() };
  for (const pid of processIds()) {
    const held = heldBy(pid, kind);
    if (held.size === 0) continue;
    const holder = { pid, comm: commOf(pid) };
    for (const [id, text] of held) {
      const list = found.holders.get(id);
      if (list) list.push(holder);
      else found.holders.set(id, [holder]);
      found.fdinfo.set(id, text);
    }
  }
  return found;
}

/** The processes that hold descriptors of a kind of object, by the objects' ids, as {@link heldObjects} finds them. */
export function holders(kind: ObjectKind): ReadonlyMap<number, readonly Holder[]> {
  return heldObjects(kind).holders;
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .sort((a, b) => a - b);
}

/** The fdinfo of the objects that a process holds, by their ids. */
function heldBy(pid: number, kind: ObjectKind): Map<number, string> {
  const held = new Map<number, string>();
  for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (target === undefined || kindOfDescriptor(target) !== kind) continue;
    const text = attempt(() => readFdinfo(`/proc/${pid}/fdinfo/${fd}`)) ?? '';
    const id = Number(fdinfoField(text, ID_LINE[kind]) ?? Number.NaN);
    if (!Number.isNaN(id)) held.set(id, text);
  }
  return held;
}

function commOf(pid: number): string {
  return attempt(() => readText(`/proc/${pid}/comm`))?.replace(/\n$/, '') ?? '?';
}

// Processes and descriptors come and go while this reads, and some are not ours to look into.
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
