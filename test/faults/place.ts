import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MountFlag, mount, unmount } from '../../native/system.js';
import { cgroupRoot } from '../../src/system/cgroups.js';
import { OwnBpffs, OwnCgroup, ownNetwork, quietPair, testObjectPath } from '../support/live.js';

const MNT_DETACH = 2;
/** Where maps pin themselves; covered by a BPF file system of our own. */
const STANDARD = '/sys/fs/bpf';
const TRACEFS = '/sys/kernel/tracing';

/**
 * Where cases work, which nobody else sees: a BPF file system, a folder, a cgroup, a network interface `near`, and an instance of the trace pipe.
 * In words of command lines BPFFS, FOLDER and CGROUP stand for them, and OBJ/NAME for test/progs/NAME.bpf.o.
 */
export class Place implements Disposable {
  readonly top = mkdtempSync(join(tmpdir(), 'bpf-ts-faults-'));
  readonly folder = join(this.top, 'folder');
  readonly bpffs: string;
  readonly cgroup: string;
  readonly ifindex: number;
  readonly #own: OwnBpffs;
  readonly #cgroup = new OwnCgroup();
  readonly #instance = join(TRACEFS, 'instances', `bpf-ts-faults-${process.ppid}-${Date.now()}`);

  readonly #root = cgroupRoot()!;
  readonly #remove = () => {
    unmount(this.#root, MNT_DETACH);
    unmount(TRACEFS, MNT_DETACH);
    rmdirSync(this.#instance);
    rmSync(this.top, { recursive: true, force: true });
  };

  constructor() {
    mkdirSync(this.folder);
    ownNetwork();
    this.ifindex = quietPair().near;
    this.#own = new OwnBpffs();
    this.bpffs = this.#own.path;
    this.cgroup = this.#root;
    mount('bpf', STANDARD, 'bpf', 0);
    // Where it is there already it cannot be mounted again.
    if (!existsSync(join(TRACEFS, 'instances'))) mount('tracefs', TRACEFS, 'tracefs', 0);
    mkdirSync(this.#instance);
    mount(this.#instance, TRACEFS, '', MountFlag.BIND);
    // The only one there is, for what walks over all.
    mount(this.#cgroup.path, this.#root, '', MountFlag.BIND);
    process.prependOnceListener('exit', this.#remove);
  }

  /** A path on the own BPF file system. */
  pin(name: string): string {
    return join(this.bpffs, name);
  }

  /** A text with the paths in it. */
  fill(text: string): string {
    const { bpffs, folder, cgroup } = this;
    const places: Record<string, string> = { BPFFS: bpffs, FOLDER: folder, CGROUP: cgroup };
    return text
      .replace(/\b(BPFFS|FOLDER|CGROUP)\b/g, (name) => places[name]!)
      .replace(/\bOBJ\/([\w-]+)/g, (_, name: string) => testObjectPath(name));
  }

  /** Folders with all that a case can leave as files and pins. */
  get folders(): readonly string[] {
    return [this.bpffs, this.folder, STANDARD];
  }

  /** Takes away what a run left as files and pins. */
  clear(): void {
    for (const folder of this.folders) for (const name of namesIn(folder)) rmSync(join(folder, name), { recursive: true });
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
    unmount(TRACEFS, MNT_DETACH);
    unmount(STANDARD, MNT_DETACH);
    this.#own[Symbol.dispose]();
    this.#cgroup[Symbol.dispose]();
  }
}

/** What a folder holds; a bpffs shows two iterators of its own. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.debug'));
}
