// The tracing file system: where it is, and the numbers of tracepoints.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mountNowhere } from '../../native/system.js';
import { UsageError } from '../errors.js';
import { readText } from './read-file.js';

// Debian mounts the first at boot; the second is inside debugfs.
const PLACES = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

const DESCRIPTORS = '/proc/self/fd';

/**
 * Calls `use` with a directory that holds tracefs. Where it is mounted nowhere it is mounted for the time of the call, out of sight of other
 * processes, so that nothing is left behind.
 */
export function withTracefs<T>(use: (directory: string) => T): T {
  const mounted = PLACES.find((place) => existsSync(join(place, 'events')));
  if (mounted) return use(mounted);
  if (!existsSync(DESCRIPTORS))
    throw new Error(`tracefs is not mounted at ${PLACES[0]}, and elsewhere it is reached through /proc (is procfs mounted on /proc?)`);
  using root = mountedAside();
  return use(join(DESCRIPTORS, String(root.number)));
}

function mountedAside(): ReturnType<typeof mountNowhere> {
  try {
    return mountNowhere('tracefs');
  } catch (error) {
    throw new Error(`tracefs is not mounted, or not to be read at ${PLACES[0]}, and cannot be mounted`, { cause: error });
  }
}

/** The id that perf_event_open(2) knows a tracepoint by: `sched`, `sched_switch`. Throws a {@link UsageError} when there is none. */
export function tracepointId(category: string, name: string): number {
  if (!isEventName(category) || !isEventName(name))
    throw new UsageError(`${JSON.stringify(`${category}/${name}`)} is no name of a tracepoint`);
  return withTracefs((directory) => {
    try {
      return Number(readText(join(directory, 'events', category, name, 'id')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new UsageError(`there is no tracepoint ${category}/${name} in this kernel`, { cause: error });
    }
  });
}

// Names come from object files: they must not lead out of the directory.
function isEventName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}
