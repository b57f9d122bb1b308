import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach } from '../../src/link/attach.js';
import type { Attachment } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { pinMaps, pinPrograms } from '../../src/load/pin.js';
import { Rollback } from '../../src/system/bpffs.js';
import { createVethPair } from '../../src/system/interfaces.js';
import { loadTestObject, OwnBpffs, OwnCgroup, ownNetwork, testObjectPath } from '../support/live.js';
import { lacks } from '../support/skips.js';

const OBJECTS = [
  'dump',
  'hooks-net',
  'hooks-cgroup',
  'hooks-trace',
  'hooks-iter',
  'commands',
  'values',
  'load-functions',
  'arena-atomics',
] as const;

/** Why there is no arena; false when there is one. */
export const noArena = lacks({ since: '6.9' });

/** Programs, maps, links, BTF, pins and attachments for both tools to look at, in places of their own. They go with it. */
export class LiveState implements Disposable {
  readonly bpffs = new OwnBpffs();
  readonly cgroup = new OwnCgroup();
  readonly files = mkdtempSync(join(tmpdir(), 'bpf-ts-parity-'));
  readonly objects: Readonly<Record<(typeof OBJECTS)[number], LoadedObject>>;
  readonly #rollback = new Rollback();
  readonly #attachments: Attachment[] = [];

  constructor() {
    ownNetwork();
    createVethPair('near', 'far');
    mkdirSync(join(this.cgroup.path, 'child'));
    writeFileSync(this.file('packet'), new Uint8Array(64));
    const names = OBJECTS.filter((name) => name !== 'arena-atomics' || !noArena);
    this.objects = Object.fromEntries(names.map((name) => [name, loadTestObject(name)])) as never;
    for (const [name, object] of Object.entries(this.objects)) {
      pinPrograms(object, join(this.bpffs.path, name), this.#rollback);
      pinMaps(object, join(this.bpffs.path, `${name}-maps`), this.#rollback);
    }
    this.#attachAll();
  }

  /** A file of the tests' own. */
  file(name: string): string {
    return join(this.files, name);
  }

  /** What a name in braces of a command line stands for; `who` is another word for each tool. */
  words(who: string): Readonly<Record<string, string | number>> {
    const { dump, 'hooks-net': net, commands, values } = this.objects;
    const program = dump.programs[0]!.program;
    const links = this.links.map((link) => link.info.id);
    return {
      who,
      dir: this.bpffs.path,
      files: this.files,
      cgroup: this.cgroup.path,
      prog: program.id,
      tag: program.info.tag,
      xdp: net.program('count_xdp')!.id,
      tc: net.program('count_tc')!.id,
      egress: this.objects['hooks-cgroup'].program('skb_out')!.id,
      dissector: commands.programs.find(({ program }) => program.info.typeName === 'flow_dissector')!.program.id,
      verdict: commands.programs.find(({ program }) => program.info.typeName === 'sk_msg')!.program.id,
      sockets: commands.map('sockets')!.id,
      map: dump.maps[0]!.map.id,
      values: values.maps[0]!.map.id,
      globals: values.maps.find(({ map }) => map.name.endsWith('.bss'))!.map.id,
      functions: this.objects['load-functions'].program('second')!.id,
      ...this.#arena(),
      btf: program.info.btfId,
      link: links[0]!,
      object: testObjectPath('dump'),
      iterator: testObjectPath('hooks-iter'),
      structOps: testObjectPath('struct-ops-parity'),
      small: testObjectPath('gen-core'),
    };
  }

  #arena(): Readonly<Record<string, number>> {
    if (noArena) return {};
    const { programs, maps } = this.objects['arena-atomics'];
    return { arenaProgram: programs[0]!.program.id, arena: maps[0]!.map.id };
  }

  get links(): Link[] {
    return this.#attachments.filter((each): each is Link => each instanceof Link);
  }

  /** The ids of what is ours in lists of everything. */
  get ids(): Readonly<Record<'prog' | 'map' | 'link' | 'btf', ReadonlySet<number>>> {
    const objects = Object.values(this.objects);
    return {
      prog: new Set(objects.flatMap(({ programs }) => programs.map(({ program }) => program.id))),
      map: new Set(objects.flatMap(({ maps }) => maps.map(({ map }) => map.id))),
      link: new Set(this.links.map((link) => link.info.id)),
      // The kernel's own is 1.
      btf: new Set([1, ...objects.flatMap(({ programs }) => programs.map(({ program }) => program.info.btfId))]),
    };
  }

  #attachAll(): void {
    const net = this.objects['hooks-net'];
    this.#attachments.push(
      attach(net.program('count_xdp')!, 'xdp', { dev: 'near' }),
      attach(net.program('count_tcx_in')!, 'tcx/ingress', { dev: 'near' }),
    );
    for (const name of ['hooks-trace', 'hooks-iter', 'hooks-cgroup'] as const) {
      for (const { spec, program } of this.objects[name].programs) {
        const words = spec.section.startsWith('cgroup') || spec.section === 'sockops' ? { cgroup: this.cgroup.path } : undefined;
        // An iterator over a map has to be given it.
        if ((words ?? spec.hook?.autoAttach) && !spec.section.startsWith('iter/bpf_map_elem'))
          this.#attachments.push(attach(program, spec.section, words));
      }
    }
  }

  [Symbol.dispose](): void {
    for (const each of this.#attachments) each[Symbol.dispose]();
    this.#rollback[Symbol.dispose]();
    for (const each of Object.values(this.objects)) each[Symbol.dispose]();
    this.cgroup[Symbol.dispose]();
    this.bpffs[Symbol.dispose]();
    rmSync(this.files, { recursive: true });
  }
}
