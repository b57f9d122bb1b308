import { openSync, readlinkSync } from 'node:fs';
import { close } from '../../native/system.js';
import { type Container, containerOf } from './container.js';
import { attempt } from './gone.js';
import { readSome, readTextIfAny } from './read-file.js';

/** What is known of a process besides its name. What cannot be read, or is gone meanwhile, is left out. */
export interface Owner {
  /** Its arguments as it was started, or as it has written them since; at most 4096 bytes of them. */
  readonly commandLine: readonly string[];
  /** The path of its cgroup, below the root of what this process sees. */
  readonly cgroup?: string;
  readonly container?: Container;
  /** The inode of its network namespace, as `lsns` and `ip netns` show it. */
  readonly netns?: number;
}

// Command lines may have 2 MiB, of which nobody wants more than the beginning.
const MOST = 4096;

/** Looks at one process. Never throws. */
export function ownerOf(pid: number): Owner {
  const cgroups = cgroupsOf(readTextIfAny(`/proc/${pid}/cgroup`) ?? '');
  const container = cgroups.map(containerOf).find((found) => found !== undefined);
  const netns = namespaceId(attempt(() => readlinkSync(`/proc/${pid}/ns/net`)));
  return {
    commandLine: commandLineOf(pid),
    ...(cgroups[0] !== undefined && { cgroup: cgroups[0] }),
    ...(container && { container }),
    ...(netns !== undefined && { netns }),
  };
}

/**
 * The paths in /proc/PID/cgroup, the telling ones first: that of version 2, unless everything is in its root and version 1 is in use
 * (cgroups(7)). A path may hold anything but a line feed.
 */
export function cgroupsOf(text: string): string[] {
  const lines = text.split('\n').map((line) => /^(\d+):[^:]*:(.*)$/s.exec(line));
  const paths = lines.flatMap((match) => (match ? [{ v2: match[1] === '0', path: match[2]! }] : []));
  const rank = ({ v2, path }: { v2: boolean; path: string }) => (path === '/' ? 2 : v2 ? 0 : 1);
  return paths.sort((a, b) => rank(a) - rank(b)).map(({ path }) => path);
}

function commandLineOf(pid: number): string[] {
  const bytes = attempt(() => firstBytes(`/proc/${pid}/cmdline`)) ?? new Uint8Array();
  if (bytes.length === 0) return [];
  const words = Buffer.from(bytes).toString('utf8').replace(/\0$/, '').split('\0');
  return bytes.length < MOST ? words : [...words.slice(0, -1), `${words.at(-1)}…`];
}

function firstBytes(path: string): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MOST);
    let length = 0;
    for (let read = -1; read !== 0 && length < MOST; length += read) read = readSome(fd, bytes, length);
    return bytes.subarray(0, length);
  } finally {
    close(fd);
  }
}

function namespaceId(link: string | undefined): number | undefined {
  const id = /\[(\d+)\]$/.exec(link ?? '')?.[1];
  return id === undefined ? undefined : Number(id);
}
