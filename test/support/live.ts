// What live tests share: loading a test program, its counters, and places of their own to attach to.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MountFlag, mount, NamespaceFlag, unmount, unshare } from '../../native/system.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { LoadOptions } from '../../src/load/options.js';
import { parseObject } from '../../src/object/parse.js';
import { cgroupRoot, walkCgroups } from '../../src/system/cgroups.js';
import { createVethPair, interfaceIndex, setInterfaceUp } from '../../src/system/interfaces.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { guest } from './guest.js';
import { readIfThere } from './if-there.js';

const PROGRAMS = fileURLToPath(new URL('../../../test/progs/', import.meta.url));

/** Why live tests cannot run here; false when they can. */
export const noRoot: string | false =
  process.platform !== 'linux' ? 'needs Linux' : process.getuid?.() === 0 ? false : 'needs root, to load programs';

/**
 * Why tests cannot run here that attach to what the whole system uses (probes on functions that everyone calls, LSM programs, the scheduler); false in a
 * virtual machine of test/vm, where nobody else is.
 */
export const noSystemWide: string | false = noRoot || (guest === undefined ? 'needs a machine of its own: npm run test:vm' : false);

/** Why tests with cgroups cannot run here; false when they can. */
export const noCgroup: string | false = noRoot || (cgroupRoot() === undefined ? 'needs a cgroup2 file system' : false);

/** Objects that older kernels refuse, with the first that takes them. Before that there is one of much the same, NAME-older. */
const OLDER: Readonly<Record<string, string>> = { dump: '5.17' };

/** The path of test/progs/NAME.bpf.o. */
export function testObjectPath(name: string): string {
  return join(PROGRAMS, `${name}${isOlderThan(OLDER[name] ?? '0') ? '-older' : ''}.bpf.o`);
}

/** Loads test/progs/NAME.bpf.o. */
export function loadTestObject(name: string, options: LoadOptions = {}): LoadedObject {
  const path = testObjectPath(name);
  return load(parseObject(readFileSync(path), { name: path }), options);
}

/** How often a program of an object made with count.h ran. */
export function countOf(object: LoadedObject, program: string): number {
  const slot = object.spec.programs.findIndex(({ name }) => name === program);
  const value = object.map('counts')!.lookup(new Uint8Array(new Uint32Array([slot]).buffer))!;
  return Number(new BigUint64Array(value.buffer)[0]);
}

/** Waits until something is so: what the kernel does later, in a softirq or after a grace period. False after a second. */
export async function eventually(check: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (check()) return true;
    await sleep(10);
  }
  return check();
}

/** Moves this process into a network namespace of its own, with `lo` up. It ends with the process. */
export function ownNetwork(): void {
  unshare(NamespaceFlag.NEWNET);
  setInterfaceUp(interfaceIndex('lo')!);
}

/** Makes a pair of interfaces, `near` and `far`, on which nothing happens by itself, and gives their indexes. */
export function quietPair(): { near: number; far: number } {
  // Without IPv6 there is no router solicitation, no duplicate address detection.
  const ipv6 = '/proc/sys/net/ipv6/conf/default/disable_ipv6';
  if (existsSync(ipv6)) writeFileSync(ipv6, '1');
  // Links say their interface by its index alone: other tests have other ones in their namespaces.
  createVethPair('near', 'far', { index: process.pid * 2 });
  const [near, far] = [interfaceIndex('near')!, interfaceIndex('far')!];
  setInterfaceUp(near);
  setInterfaceUp(far);
  return { near, far };
}

/** A BPF file system that only this process sees. It goes with the process, also when a test fails before it is disposed of. */
export class OwnBpffs implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
  readonly #remove = () => {
    const MNT_DETACH = 2;
    unmount(this.path, MNT_DETACH);
    rmdirSync(this.path);
  };

  constructor() {
    unshare(NamespaceFlag.NEWNS);
    mount('none', '/', '', MountFlag.REC | MountFlag.PRIVATE);
    mount('bpf', this.path, 'bpf', 0);
    process.once('exit', this.#remove);
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}

/** A cgroup of its own. It goes with the process, also when a test fails before it is disposed of. */
export class OwnCgroup implements Disposable {
  readonly path = join(cgroupRoot()!, `bpf-ts-${process.pid}-${Math.floor(Math.random() * 1e9)}`);
  readonly #home = join(cgroupRoot()!, /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/');
  readonly #remove = () => {
    writeFileSync(join(this.#home, 'cgroup.procs'), String(process.pid));
    for (const { path } of [...walkCgroups(this.path)].reverse()) rmdirSync(path);
  };

  constructor() {
    mkdirSync(this.path);
    process.once('exit', this.#remove);
  }

  /** Moves this process into it, until it is disposed of. */
  enter(): void {
    writeFileSync(join(this.path, 'cgroup.procs'), String(process.pid));
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}

/** How many descriptors of BPF objects this process has open. */
export function openBpfDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => readIfThere(`/proc/self/fd/${fd}`, readlinkSync).startsWith('anon_inode:bpf')).length;
}
