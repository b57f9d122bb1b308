// Cgroups of the tests' own with a limit, of version 1 or 2.
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controllerFolders, controllerNumber } from '../../src/system/own-cgroups.js';

const FILES = {
  memory: { 1: ['memory.limit_in_bytes', 'memory.max_usage_in_bytes'], 2: ['memory.max', 'memory.peak'] },
  pids: { 1: ['pids.max', 'pids.peak'], 2: ['pids.max', 'pids.peak'] },
} as const;

/** A cgroup with a limit on memory (bytes) or pids. */
export class Limited implements Disposable {
  readonly path: string;
  readonly #version: 1 | 2;

  constructor(
    readonly controller: keyof typeof FILES,
    limit: number,
  ) {
    const root = controllerFolders(controller).at(-1)!;
    this.#version = root.version;
    this.path = join(root.path, `bpf-ts-${process.pid}-${Math.floor(Math.random() * 1e9)}`);
    mkdirSync(this.path);
    writeFileSync(join(this.path, FILES[controller][this.#version][0]), String(limit));
  }

  /** What a command line has to begin with to run in it. */
  get prefix(): string[] {
    return ['sh', '-c', `echo 0 > ${this.path}/cgroup.procs && exec "$@"`, 'sh'];
  }

  /** The most that was ever used of it; undefined where the kernel does not tell. */
  get peak(): number | undefined {
    return controllerNumber({ path: this.path, version: this.#version }, FILES[this.controller][this.#version][1]);
  }

  [Symbol.dispose](): void {
    rmdirSync(this.path);
  }
}

/** Why there can be no such cgroup here; false when there can. */
export function noLimit(controller: keyof typeof FILES): string | false {
  if (controllerFolders(controller).length === 0) return `needs cgroups that limit ${controller}`;
  try {
    new Limited(controller, 1 << 20)[Symbol.dispose]();
    return false;
  } catch {
    return `needs cgroups that limit ${controller}`;
  }
}
