// Control groups of version 2: where they are mounted, opening one, and walking down the tree.
import { constants, existsSync, opendirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Fd } from '../../native/fd.js';
import { fileSystemMagic } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { mounts } from './mounts.js';

// linux/magic.h
const CGROUP2_SUPER_MAGIC = 0x6367_7270;

/** Where the first file system of type cgroup2 is mounted; undefined when there is none, or others are mounted over it. */
export function cgroupRoot(): string | undefined {
  return mounts().find(({ type, target }) => type === 'cgroup2' && existsSync(target))?.target;
}

/** Opens a cgroup's directory. Throws a {@link UsageError} when the path is no directory of cgroup version 2. */
export function openCgroup(path: string): Fd {
  const fd = new Fd(openDirectory(path));
  if (fileSystemMagic(path) === CGROUP2_SUPER_MAGIC) return fd;
  fd[Symbol.dispose]();
  const root = cgroupRoot();
  throw new UsageError(`${path} is no cgroup of version 2 (${root ? `they are below ${root}` : 'no cgroup2 file system is mounted'})`);
}

function openDirectory(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UsageError(`there is no cgroup ${path}`, { cause: error });
    if (code === 'ENOTDIR') throw new UsageError(`${path} is no cgroup: not a directory`, { cause: error });
    throw error;
  }
}

/** A cgroup on the walk, and how many levels it is below where the walk began. */
export interface CgroupVisit {
  readonly path: string;
  readonly level: number;
}

/**
 * The cgroup `root` and all below it on the same file system, each before its children, in the order of the directory. One that vanishes
 * meanwhile is left out.
 */
export function* walkCgroups(root: string, level = 0, device = deviceOf(root)): Generator<CgroupVisit> {
  if (statSync(root, { throwIfNoEntry: false })?.dev !== device) return;
  yield { path: root, level };
  for (const name of childrenOf(root)) yield* walkCgroups(join(root, name), level + 1, device);
}

interface Tree {
  readonly root: string;
  readonly paths: ReadonlyMap<bigint, string>;
}

let known: Tree | undefined;

/**
 * The path of a cgroup by its id, which is the inode of its directory: of one below {@link cgroupRoot}, as the tree was when this was asked for the first
 * time. Undefined for any other.
 */
export function cgroupPath(id: bigint): string | undefined {
  known ??= wholeTree();
  return known.paths.get(id);
}

/** The same as seen from the root, which is `/`. */
export function cgroupPathBelowRoot(id: bigint): string | undefined {
  const path = cgroupPath(id);
  return path && (path.slice(known!.root.length) || '/');
}

function wholeTree(): Tree {
  const paths = new Map<bigint, string>();
  const root = cgroupRoot();
  for (const { path } of root === undefined ? [] : walkCgroups(root)) {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (found) paths.set(found.ino, path);
  }
  return { root: root ?? '', paths };
}

function deviceOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new UsageError(`there is no cgroup ${path}`);
  return stat.dev;
}

// In the kernel's order: readdirSync would sort.
function childrenOf(path: string): string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(path);
    try {
      for (let entry = directory.readSync(); entry; entry = directory.readSync()) if (entry.isDirectory()) names.push(entry.name);
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    if (!['ENOENT', 'ENODEV', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return names;
}
