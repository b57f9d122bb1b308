import { openSync, readdirSync } from 'node:fs';
import { objInfo } from '../../native/bpf.js';
import { numberedFile, numberedLink } from '../../native/numbered.js';
import { close, descriptorOf } from '../../native/system.js';
import { LINK_INFO } from '../../native/uapi.js';
import { ID_LINE, kindOfDescriptor, type ObjectKind } from './bpffs.js';
import { fdinfoField, readFdinfo } from './fdinfo.js';
import { attempt } from './gone.js';
import { isOlderThan } from './kernel-version.js';
import { readTextIfAny } from './read-file.js';

/** A process that has an object open. */
export interface Holder {
  readonly pid: number;
  /** The process's name: up to 15 bytes that it may choose itself. */
  readonly comm: string;
}

/** What processes hold of a kind of object, by the objects' ids. */
export interface HeldObjects<Told> {
  /** Each list in ascending order of pids. */
  readonly holders: ReadonlyMap<number, readonly Holder[]>;
  /** What the kernel says of the object to one of them, which is what it says to all. */
  readonly told: ReadonlyMap<number, Told>;
}

/**
 * Looks at the descriptors of all processes but this one. What may not be looked into is passed over: without CAP_SYS_PTRACE only the own user's processes
 * are seen. `tell` makes of an fdinfo what is wanted of it; {@link fdinfoField} takes it apart.
 */
export function heldObjects<Told = undefined>(kind: ObjectKind, tell?: (fdinfo: string) => Told): HeldObjects<Told> {
  const found = { holders: new Map<number, Holder[]>(), told: new Map<number, Told>() };
  for (const pid of processIds()) {
    let holder: Holder | undefined;
    const take = (id: number, text: string) => {
      holder ??= { pid, comm: commOf(pid) };
      const list = found.holders.get(id);
      if (!list) found.holders.set(id, [holder]);
      else if (list.at(-1) !== holder) list.push(holder);
      if (tell && !found.told.has(id)) found.told.set(id, tell(text));
    };
    lookInto(pid, kind, take);
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

/** Gives the fdinfo of each descriptor of such an object that a process holds, with the object's id. */
function lookInto(pid: number, kind: ObjectKind, take: (id: number, fdinfo: string) => void): void {
  const descriptors = descriptorsOf(pid, kind);
  if (descriptors.length === 0) return;
  if (kind === 'link' && !hasSafeFdinfo()) return lookIntoCopies(pid, descriptors, take);
  withFolder(`/proc/${pid}/fdinfo`, (folder) => {
    for (const fd of descriptors) {
      const text = numberedFile(folder, fd) ?? attempt(() => readFdinfo(`/proc/${pid}/fdinfo/${fd}`)) ?? '';
      const id = Number(fdinfoField(text, ID_LINE[kind]) ?? Number.NaN);
      if (!Number.isNaN(id)) take(id, text);
    }
  });
}

/** The same of links without their fdinfo, which is given as empty. */
function lookIntoCopies(pid: number, descriptors: readonly string[], take: (id: number, fdinfo: string) => void): void {
  for (const fd of descriptors) {
    const id = attempt(() => linkOf(pid, Number(fd)));
    if (id !== undefined) take(id, '');
  }
}

/** The descriptors of such objects that a process has, as /proc numbers them. */
function descriptorsOf(pid: number, kind: ObjectKind): string[] {
  const path = `/proc/${pid}/fd`;
  // Kernel threads have none.
  const all = attempt(() => readdirSync(path)) ?? [];
  if (all.length === 0) return [];
  return withFolder(path, (folder) => all.filter((fd) => kindOfDescriptor(numberedLink(folder, fd) ?? '') === kind)) ?? [];
}

/** What `use` makes of a folder while it is open; undefined where it cannot be opened. */
function withFolder<T>(path: string, use: (folder: number) => T): T | undefined {
  const folder = attempt(() => openSync(path, 'r'));
  if (folder === undefined) return undefined;
  try {
    return use(folder);
  } finally {
    close(folder);
  }
}

/**
 * From 6.17 on the fdinfo of a kprobe.multi link without cookies kills the process that reads it: the kernel prints them all the same (an oops in
 * bpf_kprobe_multi_show_fdinfo of kernel/trace/bpf_trace.c, seen in 6.18; 7.2 has it mended). Which type a link has, only that fdinfo says.
 */
function hasSafeFdinfo(): boolean {
  return isOlderThan('6.17') || !isOlderThan('7.2');
}

/** The id of a link by another process's descriptor of it. @throws SyscallError EPERM without the right to trace that process, EBADF without the descriptor */
function linkOf(pid: number, fd: number): number {
  using copy = descriptorOf(pid, fd);
  return objInfo(copy.number, LINK_INFO).id;
}

function commOf(pid: number): string {
  return readTextIfAny(`/proc/${pid}/comm`)?.replace(/\n$/, '') ?? '?';
}
