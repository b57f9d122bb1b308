// What the tests left in the kernel: programs, maps and links that came while they ran, and that no process holds any more.
import { setTimeout as sleep } from 'node:timers/promises';
import { linkGetNextId, mapGetFdById, mapGetNextId, objGetInfo, progGetNextId } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { MAP_INFO } from '../../native/uapi.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { holders } from '../../src/system/processes.js';

const KINDS = { program: progGetNextId, map: mapGetNextId, link: linkGetNextId } as const;

/** Names such as `program 7` of everything that is in the kernel; undefined where this process may not list it. */
export function kernelObjects(): Set<string> | undefined {
  const found = new Set<string>();
  try {
    for (const [kind, next] of Object.entries(KINDS)) {
      for (let id = next(0); id !== undefined; id = next(id)) found.add(`${kind} ${id}`);
    }
    return found;
  } catch (error) {
    if (isErrno(error, 'EPERM', 'ENOSYS') || process.platform !== 'linux') return undefined;
    throw error;
  }
}

/** What is in the kernel now, was not `before`, and is held by no process: pinned or attached, and forgotten. Waits for what is on its way out. */
export async function leftInKernel(before: Set<string>): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const held = heldObjects();
    const left = [...(kernelObjects() ?? [])].filter((name) => !before.has(name) && !held.has(name) && !isProgramArray(name));
    // A program is freed some time after its last reference went (RCU), its maps after it.
    if (left.length === 0 || attempt === 20) return left;
    await sleep(100);
  }
}

/**
 * The kernel itself can leak a program array: when its last descriptor is closed it takes a reference for work that empties the array; when somebody opens
 * it by its id meanwhile and closes it again, it takes another, but the work runs once (prog_array_map_clear). Tests that list maps do just that.
 */
function isProgramArray(name: string): boolean {
  const [kind, id] = name.split(' ');
  if (kind !== 'map') return false;
  try {
    using fd = mapGetFdById(Number(id));
    return objGetInfo(fd.number, MAP_INFO).type === MapType.PROG_ARRAY;
  } catch (error) {
    // Gone by now.
    if (isErrno(error, 'ENOENT')) return true;
    throw error;
  }
}

function heldObjects(): Set<string> {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  return new Set(kinds.flatMap((kind) => [...holders(kind).keys()].map((id) => `${kind} ${id}`)));
}
