// Where commands are killed: file systems, an interface and a cgroup that nobody else sees, and objects whose names nobody else has.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mount, unmount } from '../../native/system.js';
import { deleteClsact } from '../../native/traffic-control.js';
import { hex } from '../../src/bytes/text.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { type CgroupProgram, cgroupPrograms, detachFromCgroup } from '../../src/link/cgroup.js';
import { netAttachments } from '../../src/link/net.js';
import { detachFromInterface } from '../../src/link/net-attach.js';
import { unregisterStructOps } from '../../src/link/struct-ops.js';
import { BpfMap } from '../../src/map/map.js';
import { rows } from '../../src/map/rows.js';
import { Program } from '../../src/program/program.js';
import { isBpffs } from '../../src/system/bpffs.js';
import { mounts } from '../../src/system/mounts.js';
import { OwnBpffs, OwnCgroup, ownNetwork, quietPair, testObjectPath } from '../support/live.js';
import { lastIds, ownMaps } from './orphans.js';

const MNT_DETACH = 2;
/** Where maps pin themselves. */
const STANDARD = '/sys/fs/bpf';
/** What stands for the own letters in the objects of test/progs. Names in the kernel have 15. */
const LETTERS = { killed: 'killed_x', 'killed-iter': 'killed_x', 'killed-ops': 'killed_x', interrupted: 'interrup' } as const;
const CONGESTION_CONTROLS = '/proc/sys/net/ipv4/tcp_available_congestion_control';

/** Which object file. */
export type ObjectName = keyof typeof LETTERS;

export class Place implements Disposable {
  /** Eight letters that begin the names of all that is loaded here. */
  readonly token: string;
  readonly bpffs: string;
  /** For files, and for objects. */
  readonly folder = mkdtempSync(join(tmpdir(), 'bpf-ts-kills-'));
  readonly #objects = mkdtempSync(join(tmpdir(), 'bpf-ts-kills-'));
  readonly cgroup: string;
  readonly #ifindex: number;
  readonly #own: readonly Disposable[];
  /** Younger objects of the kernel may be ours. */
  readonly last = lastIds();

  constructor() {
    this.token = `k${createHash('sha256').update(`${process.pid} ${Date.now()}`).digest('hex').slice(0, 7)}`;
    ownNetwork();
    this.#ifindex = quietPair().near;
    const [bpffs, cgroup] = [new OwnBpffs(), new OwnCgroup()];
    this.#own = [bpffs, cgroup];
    [this.bpffs, this.cgroup] = [bpffs.path, cgroup.path];
    mount('bpf', STANDARD, 'bpf', 0);
    for (const [name, letters] of Object.entries(LETTERS)) {
      const text = readFileSync(testObjectPath(name), 'latin1').replaceAll(letters, this.token);
      writeFileSync(this.object(name as ObjectName), text, 'latin1');
    }
  }

  /** What commands find pinned: a program or a map. */
  get there(): string {
    return join(this.bpffs, 'there');
  }

  /** The path of an object file with names of its own. */
  object(name: ObjectName): string {
    // Maps of data are called after the file.
    return join(this.#objects, `${this.token}${name}.bpf.o`);
  }

  /** Takes away whatever there is. */
  clear(): void {
    for (const { target } of mounts()) if (target.startsWith(`${this.folder}/`)) unmount(target, MNT_DETACH);
    for (const folder of [this.bpffs, this.folder, STANDARD])
      for (const name of readdirSync(folder)) if (!name.endsWith('.debug')) rmSync(join(folder, name), { recursive: true });
    for (const kind of this.#attachedToInterface()) detach(this.#ifindex, kind.startsWith('clsact'));
    for (const program of cgroupPrograms(this.cgroup)) this.#detachFromCgroup(program);
    if (this.registered().length > 0) this.#unregister();
    mkdirSync(join(this.folder, 'empty'));
  }

  /** All that commands can leave, a line each: pins, files with what is in them, mounts, attachments, elements of maps. */
  state(): string[] {
    return [
      ...[this.bpffs, STANDARD].flatMap((folder) => below(folder).map((path) => `pin ${path}`)),
      ...below(this.folder).map((path) => `file ${path} ${contents(path)}`),
      ...mounts().flatMap(({ target }) => (target.startsWith(`${this.folder}/`) ? [`mount ${target}`] : [])),
      ...this.#attachedToInterface().map((name) => `tc ${name}`),
      ...cgroupPrograms(this.cgroup).map(({ name, attach }) => `cgroup ${attach} ${name}`),
      ...this.registered().map((name) => `registered ${name}`),
      ...this.#elements(),
    ];
  }

  /** Ids of programs that stay without a pin: attached to the interface or the cgroup. */
  attached(): Set<number> {
    const { tc } = netAttachments(this.#ifindex);
    return new Set([
      ...tc.map((each) => ('progId' in each ? each.progId : (each.id ?? 0))),
      ...cgroupPrograms(this.cgroup).map(({ id }) => id),
    ]);
  }

  /** Names of TCP congestion controls. */
  registered(): string[] {
    return readFileSync(CONGESTION_CONTROLS, 'utf8')
      .trim()
      .split(' ')
      .filter((name) => name.startsWith(this.token));
  }

  [Symbol.dispose](): void {
    this.clear();
    unmount(STANDARD, MNT_DETACH);
    for (const each of this.#own) each[Symbol.dispose]();
    for (const folder of [this.folder, this.#objects]) rmSync(folder, { recursive: true, force: true });
  }

  #attachedToInterface(): string[] {
    return netAttachments(this.#ifindex).tc.map(({ kind, name }) => `${kind} ${name}`);
  }

  #unregister(): void {
    for (const { id, type } of ownMaps(this.token, this.last)) if (type === MapType.STRUCT_OPS) takeOutOfUse(id);
  }

  #detachFromCgroup({ id, attach }: CgroupProgram): void {
    using program = Program.fromId(id);
    detachFromCgroup(this.cgroup, attach, program);
  }

  /** What is in the map that was there before. */
  #elements(): string[] {
    const path = this.there;
    if (!existsSync(path)) return [];
    try {
      using map = BpfMap.fromPin(path, 'read');
      return Array.from(rows(map), ({ key, value }) => `element ${hex(key!)} ${hex(value)}`).sort();
    } catch {
      return [];
    }
  }
}

function detach(ifindex: number, filter: boolean): void {
  try {
    if (filter) deleteClsact(ifindex);
    else detachFromInterface(ifindex, { tcx: 'ingress' });
  } catch {
    // It went with the pin of its link, or the qdisc of all filters.
  }
}

/** Of what has no link. */
function takeOutOfUse(mapId: number): void {
  try {
    using map = BpfMap.fromId(mapId);
    unregisterStructOps(map);
  } catch {
    // It goes with its pin.
  }
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.debug'))
    .map((name) => join(folder, name))
    .sort();
}

/** Of a file its length and a hash; the order of its lines is that of a hash map. */
function contents(path: string): string {
  if (!statSync(path).isFile() || isBpffs(path)) return '';
  const text = readFileSync(path, 'latin1');
  return `${text.length} ${createHash('sha256').update(text.split('\n').sort().join('\n')).digest('hex').slice(0, 8)}`;
}
