// How much memory this process may still take. The kernel does not refuse what is too much for a cgroup: it kills, and nothing can be said any more.
import { join } from 'node:path';
import { type ControllerFolder, controllerFolders, controllerNumber } from './own-cgroups.js';
import { readTextIfAny } from './read-file.js';

const FILES = {
  1: { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', cache: /^total_(?:in)?active_file (\d+)$/gm },
  2: { limit: 'memory.max', usage: 'memory.current', cache: /^(?:in)?active_file (\d+)$/gm },
} as const;

/** Bytes, and whose limit leaves no more than these. */
export interface MemoryLeft {
  readonly bytes: number;
  readonly of: 'cgroup' | 'machine';
}

/** The least of what its cgroups and the machine leave. Undefined where nothing of it can be read. */
export function memoryLeft(): MemoryLeft | undefined {
  const all: MemoryLeft[] = controllerFolders('memory').flatMap((folder) => leftIn(folder));
  const free = /^MemAvailable:\s*(\d+) kB$/m.exec(readTextIfAny('/proc/meminfo', 'latin1') ?? '')?.[1];
  if (free !== undefined) all.push({ bytes: Number(free) * 1024, of: 'machine' });
  return all.length === 0 ? undefined : all.reduce((least, each) => (each.bytes < least.bytes ? each : least));
}

function leftIn(folder: ControllerFolder): MemoryLeft[] {
  const names = FILES[folder.version];
  const [limit, usage] = [controllerNumber(folder, names.limit), controllerNumber(folder, names.usage)];
  if (limit === undefined || usage === undefined) return [];
  // Pages of files count, but the kernel gives them up before it kills.
  const stat = readTextIfAny(join(folder.path, 'memory.stat'), 'latin1') ?? '';
  const cache = [...stat.matchAll(names.cache)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return [{ bytes: Math.max(0, limit - usage + cache), of: 'cgroup' }];
}

const MIB = 1 << 20;
/** Less than this is not looked at: asking would cost more than it gives. */
const MUCH = 32 * MIB;

/** To be asked before something is done that takes so many bytes. @throws Error when there are fewer */
export function requireMemory(bytes: number): void {
  if (bytes < MUCH) return;
  const left = memoryLeft();
  if (!left || left.bytes >= bytes) return;
  const [needed, there] = [Math.ceil(bytes / MIB), Math.floor(left.bytes / MIB)];
  throw new Error(`it takes some ${needed} MiB of memory, and ${LEAVES[left.of]} ${there} MiB`);
}

const LEAVES = { cgroup: 'the limit of this cgroup leaves', machine: 'this machine has' } as const;
