import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mounts } from './mounts.js';
import { readText, readTextIfAny } from './read-file.js';

/** A folder of a controller's files. */
export interface ControllerFolder {
  readonly path: string;
  /** Of control groups: their files have other names in each. */
  readonly version: 1 | 2;
}

/**
 * The cgroup of this process for a controller and those above it, as far as they are mounted here: the limits of all of them count (cgroups(7)). Empty where
 * that cannot be read.
 */
export function controllerFolders(controller: 'memory' | 'pids'): ControllerFolder[] {
  const found = placeOf(controller);
  if (!found) return [];
  const { root, path, version } = found;
  const folders: ControllerFolder[] = [];
  // A container without a cgroup namespace sees its path as the host has it, and only its own part of the tree.
  for (let below = path; ; below = dirname(below)) {
    const folder = join(root, below);
    if (existsSync(folder)) folders.push({ path: folder, version });
    if (below === dirname(below)) return folders;
  }
}

function placeOf(controller: string): { root: string; path: string; version: 1 | 2 } | undefined {
  try {
    const lines = readText('/proc/self/cgroup').split('\n');
    const parts = lines.map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line)).filter((match) => match !== null);
    const all = mounts();
    const first = parts.find(([, names]) => names!.split(',').includes(controller));
    const root = first
      ? all.find(({ type, options }) => type === 'cgroup' && options.includes(controller))
      : all.find(({ type }) => type === 'cgroup2');
    const path = (first ?? parts.find(([, names]) => names === ''))?.[2];
    return root && path !== undefined ? { root: root.target, path, version: first ? 1 : 2 } : undefined;
  } catch {
    return undefined;
  }
}

/** A number in a controller's file; undefined when it says `max`, or cannot be read. */
export function controllerNumber(folder: ControllerFolder, file: string): number | undefined {
  const text = readTextIfAny(join(folder.path, file), 'latin1')?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
