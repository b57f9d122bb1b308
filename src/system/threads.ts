import { controllerFolders, controllerNumber } from './own-cgroups.js';
import { ownLimit } from './own-limits.js';
import { hasCapability } from './privileges.js';
import { readTextIfAny } from './read-file.js';

// How many threads libuv starts when it is first given work, all or none: where one cannot be started it ends the process (uv__threadpool_init).
const POOL = 4;

let answer: boolean | undefined;

/** Whether work can be given to other threads; asked once. Where it cannot, a process with the limits of its cgroup or user used up has to go on with one. */
export function mayStartThreads(): boolean {
  answer ??= leftInCgroups() >= poolSize() && leftOfUser() >= poolSize();
  return answer;
}

function poolSize(): number {
  const asked = Number(process.env.UV_THREADPOOL_SIZE);
  return asked > 0 ? asked : POOL;
}

function leftInCgroups(): number {
  return controllerFolders('pids').reduce((least, folder) => {
    const [most, now] = [controllerNumber(folder, 'pids.max'), controllerNumber(folder, 'pids.current')];
    return most === undefined || now === undefined ? least : Math.min(least, most - now);
  }, Number.POSITIVE_INFINITY);
}

/** RLIMIT_NPROC counts the threads of a user, of which there are at most as many as threads at all. Not for root (copy_process in the kernel). */
function leftOfUser(): number {
  const none = Number.POSITIVE_INFINITY;
  const most = ownLimit('Max processes');
  const threads = /\/(\d+) /.exec(readTextIfAny('/proc/loadavg', 'latin1') ?? '')?.[1];
  if (most === undefined || threads === undefined || process.getuid?.() === 0) return none;
  if (hasCapability('CAP_SYS_RESOURCE') || hasCapability('CAP_SYS_ADMIN')) return none;
  return most - Number(threads);
}
