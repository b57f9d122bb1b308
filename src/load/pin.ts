import { existsSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.js';
import { BpfMap } from '../map/map.js';
import { isBpffs, type Rollback } from '../system/bpffs.js';
import type { LoadedObject } from './loaded-object.js';

/** The name under which something is pinned: names in a bpffs have no dots. @throws UsageError for a name that is no name of a file */
export function pinName(name: string): string {
  if (!/[^.]/.test(name) || /[/\0]/.test(name)) throw new UsageError(`'${name}' is no name under which anything can be pinned`);
  return name.replaceAll('.', '_');
}

/** Makes the directory that `path` is in, if need be, on a bpffs that is there. `rollback` gets what takes it back. */
export function makePinDirectory(path: string, rollback: Rollback): void {
  const directory = dirname(path);
  if (!existsSync(directory)) {
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch (error) {
      throw new Error(`make directory ${directory}`, { cause: error });
    }
    rollback.add(() => rmdirSync(directory));
  }
  if (!isBpffs(directory)) throw new UsageError(`cannot pin at ${path}: ${directory} is not on a BPF file system`);
}

/** Pins every program of an object in a directory by its name. `rollback` gets what takes it back. @throws Error that says which, and where */
export function pinPrograms({ programs }: LoadedObject, directory: string, rollback: Rollback): void {
  for (const { spec, program } of programs) pin(program, join(directory, pinName(spec.name)), rollback);
}

/** Pins every map of an object in a directory by its name, those of data included; ones that are pinned there already are left as they are. */
export function pinMaps({ maps }: LoadedObject, directory: string, rollback: Rollback): void {
  for (const { spec, map, pinnedAt } of maps) {
    const path = join(directory, pinName(spec.name));
    if (pinnedAt !== path) pin(map, path, rollback);
  }
}

/**
 * Takes back the pins that maps got by themselves when the object was loaded (LIBBPF_PIN_BY_NAME). Those that were there before stay, and so does what
 * somebody else has pinned there meanwhile.
 */
export function unpinOwn({ maps }: LoadedObject): void {
  for (const { map, pinnedAt, reused } of maps) if (pinnedAt !== undefined && !reused && isPinOf(pinnedAt, map.id)) unlinkSync(pinnedAt);
}

function isPinOf(path: string, id: number): boolean {
  try {
    using there = BpfMap.fromPin(path);
    return there.id === id;
  } catch {
    return false;
  }
}

function pin(object: { pin(path: string): void }, path: string, rollback: Rollback): void {
  makePinDirectory(path, rollback);
  object.pin(path);
  rollback.add(() => unlinkSync(path));
}
