// The BPF file system: where it is mounted, what is pinned in it, and making a place to pin at.
import { existsSync, mkdirSync, opendirSync, readdirSync, readlinkSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { objGet } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { fileSystemMagic, mount, unmount } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { HashOrder } from '../format/hash-order.js';
import { ownFdinfo } from './fdinfo.js';
import { mounts } from './mounts.js';

const BPF_FS_MAGIC = 0xcafe4a11;

/** The place where distributions mount it. */
export const STANDARD_BPFFS = '/sys/fs/bpf';

export type ObjectKind = 'program' | 'map' | 'link' | 'btf' | 'token';

// What /proc/PID/fd says of each kind; a link's name depends on which call made it.
const NAMES: readonly (readonly [name: RegExp, kind: ObjectKind])[] = [
  [/^anon_inode:bpf-prog/, 'program'],
  [/^anon_inode:bpf-map/, 'map'],
  [/^anon_inode:bpf[-_]link/, 'link'],
  [/^anon_inode:btf/, 'btf'],
  [/^anon_inode:bpf-token/, 'token'],
];

/** The line of fdinfo that holds an object's id. */
export const ID_LINE: Readonly<Record<ObjectKind, string>> = {
  program: 'prog_id',
  map: 'map_id',
  link: 'link_id',
  btf: 'btf_id',
  token: '',
};

/** What kind of object a descriptor is of, by the target of its link in /proc/PID/fd; undefined for anything that is not of BPF. */
export function kindOfDescriptor(target: string): ObjectKind | undefined {
  // Most descriptors are of files and sockets.
  return target.startsWith('anon_inode:b') ? NAMES.find(([name]) => name.test(target))?.[1] : undefined;
}

/** Whether a path is on a BPF file system; false when it does not exist. */
export function isBpffs(path: string): boolean {
  try {
    return fileSystemMagic(path) === BPF_FS_MAGIC;
  } catch {
    return false;
  }
}

/**
 * Opens what is pinned at a path, which has to be of that kind. `flags` as for {@link objGet}.
 * @throws UsageError when something else is pinned there, or the path is no pin; Error with the SyscallError as cause otherwise
 */
export function openPin(path: string, kind: ObjectKind, flags = 0): Fd {
  const fd = getPin(path, flags);
  const found = ownKind(fd);
  if (found === kind) return fd;
  fd[Symbol.dispose]();
  throw new UsageError(`${path} holds a ${found ?? 'thing of another kind'}, not a ${kind}`);
}

function getPin(path: string, flags: number): Fd {
  try {
    return objGet(path, flags);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new UsageError(`there is nothing at ${path}`, { cause: error });
    if (isErrno(error, 'EACCES', 'EINVAL') && existsSync(path)) {
      if (!isBpffs(path)) throw new UsageError(`${path} is not on a BPF file system, so nothing can be pinned there`, { cause: error });
      if (statSync(path).isDirectory()) throw new UsageError(`${path} is a directory, not a pin`, { cause: error });
    }
    throw new Error(`open ${path}`, { cause: error });
  }
}

function ownKind(fd: Fd): ObjectKind | undefined {
  return kindOfDescriptor(readlinkSync(`/proc/self/fd/${fd.number}`));
}

/**
 * The paths at which objects of a kind are pinned, by the objects' ids, in all BPF file systems of this mount namespace.
 * Directories that may not be read are left out.
 */
export function pinnedPaths(kind: ObjectKind): ReadonlyMap<number, readonly string[]> {
  const order = new HashOrder<string>();
  for (const { type, target } of mounts()) {
    if (type !== 'bpf') continue;
    for (const path of filesBelow(target)) {
      const id = pinnedId(path, kind);
      if (id !== undefined) order.add(id, path);
    }
  }
  return order.lists();
}

function pinnedId(path: string, kind: ObjectKind): number | undefined {
  try {
    using fd = objGet(path);
    return ownKind(fd) === kind ? Number(ownFdinfo(fd.number).get(ID_LINE[kind])) : undefined;
  } catch {
    // Not ours to open, gone meanwhile, or one of the kernel's own files (maps.debug).
    return undefined;
  }
}

function* filesBelow(directory: string): Generator<string> {
  let entries: ReturnType<typeof opendirSync>;
  try {
    entries = opendirSync(directory);
  } catch {
    return;
  }
  try {
    for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) yield* filesBelow(path);
      else if (entry.isFile()) yield path;
    }
  } finally {
    entries.closeSync();
  }
}

/** Takes back what was made for a pin, newest first, unless what it was made for came about. */
export class Rollback implements Disposable {
  #steps: (() => void)[] = [];

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** All went well: nothing is taken back. */
  commit(): void {
    this.#steps = [];
  }

  [Symbol.dispose](): void {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        step();
      } catch {
        // What is gone already needs no taking back; the error that brought us here counts.
      }
    }
  }
}

/** How places for pins are made. */
export interface PinPlace {
  /** Never mount a file system. */
  readonly nomount: boolean;
  /** Gets what takes back the directories and mounts that were made. */
  readonly rollback?: Rollback;
}

/**
 * Makes sure that something can be pinned at `path`: it is free, and its directory is on a BPF file system. One is mounted on the directory only when
 * that is empty: a mount over contents would hide them.
 */
export function preparePin(path: string, place: PinPlace): void {
  if (existsSync(path)) throw new UsageError(`cannot pin at ${path}: it already exists`);
  const directory = dirname(path);
  if (isBpffs(directory)) return;
  if (!existsSync(directory)) throw new UsageError(`cannot pin at ${path}: there is no directory ${directory}`);
  mountOn(directory, `cannot pin at ${path}`, place);
}

/** Makes sure that `directory` exists and is on a BPF file system, as {@link preparePin} does; its parent has to exist. */
export function preparePinDirectory(directory: string, place: PinPlace): void {
  if (isBpffs(directory)) return;
  if (!existsSync(directory)) makeDirectory(directory, place);
  else if (!statSync(directory).isDirectory()) throw new UsageError(`cannot pin in ${directory}: it is not a directory`);
  if (!isBpffs(directory)) mountOn(directory, `cannot pin in ${directory}`, place);
}

function makeDirectory(directory: string, place: PinPlace): void {
  const parent = dirname(directory);
  if (!existsSync(parent)) throw new UsageError(`cannot pin in ${directory}: there is no directory ${parent}`);
  if (place.nomount && !isBpffs(parent)) throw noMount(`cannot pin in ${directory}`, parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    throw new Error(`make directory ${directory}`, { cause: error });
  }
  place.rollback?.add(() => rmdirSync(directory));
}

function mountOn(directory: string, what: string, place: PinPlace): void {
  if (place.nomount) throw noMount(what, directory);
  if (readdirSync(directory).length > 0) {
    throw new UsageError(
      `${what}: ${directory} is not on a BPF file system, and mounting one there would hide what is in it; choose a path below ${STANDARD_BPFFS}`,
    );
  }
  try {
    mount('bpf', directory, 'bpf', 0, 'mode=0700');
  } catch (error) {
    throw new Error(`mount a BPF file system on ${directory}`, { cause: error });
  }
  place.rollback?.add(() => unmount(directory));
}

function noMount(what: string, directory: string): UsageError {
  return new UsageError(`${what}: ${directory} is not on a BPF file system, and none is mounted because of --nomount`);
}
