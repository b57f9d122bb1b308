// Running the system's programs.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** What stops the tests before a kernel has started: one sentence for whoever runs them. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

interface Options {
  readonly input?: Uint8Array;
  readonly cwd?: string;
  /** Whether it may fail. */
  readonly tolerate?: boolean;
}

const MAX_OUTPUT = 1 << 30;

/** What a program prints. @throws CannotRun with the end of what it said when it fails */
export function output(program: string, args: readonly string[], { tolerate, ...options }: Options = {}): Buffer {
  const { error, status, stdout, stderr } = spawnSync(program, args, { ...options, maxBuffer: MAX_OUTPUT });
  if (error) throw new CannotRun(`${program} cannot be run: ${error.message}`);
  if (status !== 0 && !tolerate)
    throw new CannotRun(`${program} ${args.at(-2)} ${args.at(-1)} failed: ${stderr.toString().trim().slice(-500)}`);
  return stdout;
}

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where a program is, also one that only root has in its path; undefined when it is not there. */
export function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** By program, the package of Debian that it is in. */
const NEEDED = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  depmod: 'kmod',
  modprobe: 'kmod',
  xz: 'xz-utils',
  zstd: 'zstd',
  ip: 'iproute2',
} as const;

/** @throws CannotRun with the packages to install when programs are missing that booting a guest needs */
export function requirePrograms(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new CannotRun('guests are x86-64 machines and need Linux on one');
  const missing = Object.entries(NEEDED).filter(([program]) => find(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ');
  throw new CannotRun(`${missing.map(([program]) => program).join(', ')} not found: apt-get install --no-install-recommends ${packages}`);
}
