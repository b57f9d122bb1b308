// The same live objects seen by both tools. What a person or script reads has to be the same; what is known to differ stands in a table.
import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MapType } from '../../src/kernel/enums.gen.js';
import { attach } from '../../src/link/attach.js';
import type { Attachment } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { pinMaps, pinPrograms } from '../../src/load/pin.js';
import { BpfMap } from '../../src/map/map.js';
import { Rollback } from '../../src/system/bpffs.js';
import { createVethPair } from '../../src/system/interfaces.js';
import { disagreements, FOLLOWED, type KnownDifference, parseExact } from '../support/agree.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noCgroup, noRoot, OwnBpffs, OwnCgroup, openBpfDescriptors, ownNetwork } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';
import { tool } from '../support/tool.js';

const KNOWN: readonly KnownDifference[] = [
  { command: '', field: 'pids', reason: 'this process does not count itself, and a reference without skeletons shows none' },
  { command: 'map', field: 'btf_id', reason: 'the reference shows the BTF of an earlier map on one that has none', theirs: undefined },
  { command: 'map', field: 'real', reason: 'the reference cannot print floating-point numbers', theirs: '(unsupported-kind)' },
  { command: 'map', field: 'quoted', reason: 'the reference wrote a backslash as a line feed', fixedIn: 705 },
  { command: 'map', field: 'error', reason: 'errors are sentences of our own' },
  { command: 'net', field: 'tc', reason: 'the reference did not know tcx', fixedIn: 703 },
  { command: 'btf', field: 'map_ids', reason: 'the order of a hash table that another version fills differently', fixedIn: 705 },
  {
    command: 'cgroup',
    field: 'attach_btf_name',
    reason: 'the reference writes an empty name on programs that attach to no function',
    theirs: '',
  },
  { command: 'cgroup', field: 'attach_btf_obj_id', reason: 'said only of programs that attach to a function', theirs: 0 },
  { command: 'cgroup', field: 'attach_btf_id', reason: 'said only of programs that attach to a function', theirs: 0 },
];

/** Compares one command line in JSON, and in plain text too where the reference is the version whose text ours is. */
async function sameAs(args: string, pick: (output: unknown) => unknown = (output) => output): Promise<void> {
  const words = args.split(' ');
  const theirs = runReference(['-j', ...words]);
  const ours = await capture(['-j', ...words]);
  const terms = { command: args, known: KNOWN, version: referenceVersion };
  assert.deepEqual(disagreements(pick(parseExact(ours.out)), pick(parseExact(theirs.out)), terms), [], args);
  const pretty = await capture(['-p', ...words]);
  assert.deepEqual(disagreements(pick(parseExact(pretty.out)), pick(parseExact(ours.out)), terms), [], args);
}

async function samePlain(args: string): Promise<void> {
  assert.equal((await capture(args.split(' '))).out, runReference(args.split(' ')).out, args);
}

/** Of a list of everything in the system only what is ours. */
function only(ids: readonly number[]): (output: unknown) => unknown {
  return (output) => [output].flat().filter((each) => ids.includes((each as { id: number }).id));
}

/** Whether the reference prints the values of a map as it should in plain text. */
function hasSamePlainText(map: BpfMap): boolean {
  return map.info.btfId === 0 || (referenceVersion >= FOLLOWED && !map.name.startsWith('values'));
}

const skip = noRoot || noReference;

describe('programs and maps', { skip }, () => {
  const objects: LoadedObject[] = [];
  const maps: BpfMap[] = [];
  let bpffs: OwnBpffs;
  let rollback: Rollback;

  before(() => {
    bpffs = new OwnBpffs();
    rollback = new Rollback();
    for (const name of ['hooks-net', 'hooks-trace', 'values', 'dump']) {
      const object = loadTestObject(name);
      objects.push(object);
      pinPrograms(object, join(bpffs.path, `${name}-programs`), rollback);
      pinMaps(object, join(bpffs.path, `${name}-maps`), rollback);
    }
    maps.push(...someMaps());
  });

  after(() => {
    rollback[Symbol.dispose]();
    for (const each of [...objects, ...maps, bpffs]) each[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  const programIds = () => objects.flatMap(({ programs }) => programs.map(({ program }) => program.id));
  const allMaps = () => [...maps, ...objects.flatMap((object) => object.maps.map(({ map }) => map))];

  test('prog show', async () => {
    for (const id of programIds()) {
      await sameAs(`prog show id ${id}`);
      await sameAs(`-f prog show id ${id}`);
    }
    await sameAs('prog show', only(programIds()));
    await sameAs('-f prog list', only(programIds()));
    const { info } = objects[0]!.programs[0]!.program;
    await sameAs(`prog show tag ${info.tag}`, only(programIds()));
    await sameAs(`prog show name ${info.name}`, only(programIds()));
  });

  test('the plain text of prog show', { skip: referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with' }, async () => {
    // Others may have a program open for a moment.
    const withoutPids = (text: string) => text.replace(/^\tpids .*\n/gm, '');
    for (const id of programIds()) {
      const args = ['-f', 'prog', 'show', 'id', String(id)];
      assert.equal(withoutPids((await capture(args)).out), withoutPids(runReference(args).out));
    }
  });

  test('map show', async () => {
    const ids = allMaps().map(({ id }) => id);
    for (const id of ids) {
      await sameAs(`map show id ${id}`);
      await sameAs(`-f map show id ${id}`);
    }
    await sameAs('map show', (output) => (only(ids)(output) as object[]).map((each) => ({ ...each, btf_id: undefined })));
  });

  test('map dump', async () => {
    for (const map of allMaps().filter(({ row }) => row.walk !== 'never')) {
      await sameAs(`map dump id ${map.id}`);
      if (hasSamePlainText(map)) await samePlain(`map dump id ${map.id}`);
    }
  });

  test('map lookup and map getnext', async () => {
    for (const map of allMaps().filter(({ info, row }) => info.keySize > 0 && row.walk !== 'never' && row.value !== 'prog')) {
      await sameAs(`map getnext id ${map.id}`);
      const key = map.next();
      if (!key) continue;
      await samePlain(`map getnext id ${map.id}`);
      await sameAs(`map lookup id ${map.id} key ${[...key].join(' ')}`);
      if (hasSamePlainText(map)) await samePlain(`map lookup id ${map.id} key ${[...key].join(' ')}`);
    }
  });

  test('a key that is not there is null in JSON, and ends with the same status', async () => {
    const hash = maps.find(({ info }) => info.type === MapType.HASH)!;
    const args = ['-j', 'map', 'lookup', 'id', String(hash.id), 'key', '255', '255', '255', '255'];
    const { status, out } = await capture(args);
    assert.deepEqual({ status, out }, { status: 254, out: 'null\n' });
    assert.deepEqual([runReference(args).status, runReference(args).out], [status, out]);
  });

  test('btf show', async () => {
    const ids = [...new Set(objects.flatMap(({ programs }) => programs.map(({ program }) => program.info.btfId)))];
    for (const id of ids) await sameAs(`btf show id ${id}`);
    // 1 is the kernel's own.
    await sameAs('btf show', only([1]));
  });

  test('the processes that hold a program are named', async () => {
    const { program } = objects[0]!.programs[0]!;
    const { out } = await tool('-j', 'prog', 'show', 'id', String(program.id));
    const { pids } = JSON.parse(out) as { pids: { pid: number; comm: string }[] };
    assert.deepEqual(
      pids.map(({ pid }) => pid),
      [process.pid],
    );
  });
});

/** Maps of the types whose elements are read in ways of their own, each with something in it. */
function someMaps(): BpfMap[] {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const create = (type: number, sizes: { keySize: number; valueSize: number; flags?: number }) =>
    BpfMap.create({ type, maxEntries: 4, name: 'parity', ...sizes });
  const four = { keySize: 4, valueSize: 8 };
  const keyed = [MapType.HASH, MapType.LRU_HASH, MapType.PERCPU_HASH, MapType.ARRAY, MapType.PERCPU_ARRAY].map((type) =>
    create(type, four),
  );
  for (const map of keyed) {
    map.update(bytes(1, 0, 0, 0), bytes(1, 2, 3, 4, 5, 6, 7, 255));
    map.update(bytes(2, 0, 0, 0), new Uint8Array(8));
  }
  const trie = create(MapType.LPM_TRIE, { keySize: 8, valueSize: 4, flags: 1 });
  trie.update(bytes(16, 0, 0, 0, 10, 0, 0, 0), bytes(9, 9, 9, 9));
  const queue = create(MapType.QUEUE, { keySize: 0, valueSize: 4 });
  queue.push(bytes(5, 0, 0, 0));
  const wide = create(MapType.HASH, { keySize: 20, valueSize: 40 });
  wide.update(
    new Uint8Array(20).fill(0x41),
    new Uint8Array(40).map((_, i) => i),
  );
  return [...keyed, trie, queue, wide, create(MapType.PROG_ARRAY, { keySize: 4, valueSize: 4 })];
}

describe('attachments', { skip: skip || noCgroup }, () => {
  let objects: Record<'net' | 'cgroup' | 'trace' | 'iter', LoadedObject>;
  const attachments: Attachment[] = [];
  let cgroup: OwnCgroup;
  let bpffs: OwnBpffs;

  before(async () => {
    ownNetwork();
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    mkdirSync(join(cgroup.path, 'child'));
    createVethPair('near', 'far');
    objects = {
      net: loadTestObject('hooks-net'),
      cgroup: loadTestObject('hooks-cgroup'),
      trace: loadTestObject('hooks-trace'),
      iter: loadTestObject('hooks-iter'),
    };
    attachAll();
    const xdp = String(objects.net.program('count_xdp')!.id);
    assert.equal((await capture(['net', 'attach', 'xdpgeneric', 'id', xdp, 'dev', 'far'])).status, 0);
  });

  after(() => {
    for (const each of attachments) each[Symbol.dispose]();
    for (const each of Object.values(objects)) each[Symbol.dispose]();
    rmdirSync(join(cgroup.path, 'child'));
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  function attachAll(): void {
    const { net, trace, iter, cgroup: inCgroup } = objects;
    attachments.push(attach(net.program('count_xdp')!, 'xdp', { dev: 'near' }));
    attachments.push(attach(net.program('count_tcx_in')!, 'tcx/ingress', { dev: 'near' }));
    for (const object of [trace, iter, inCgroup]) {
      for (const { spec, program } of object.programs) {
        const words = spec.section.startsWith('cgroup') || spec.section === 'sockops' ? { cgroup: cgroup.path } : undefined;
        // An iterator over a map has to be given it.
        if ((words ?? spec.hook?.autoAttach) && !spec.section.startsWith('iter/bpf_map_elem'))
          attachments.push(attach(program, spec.section, words));
      }
    }
  }

  test('link show', async () => {
    const links = attachments.filter((each): each is Link => each instanceof Link).map((link) => link.info.id);
    assert.ok(links.length > 10);
    await sameAs('link show', only(links));
    for (const id of links.slice(0, 5)) await sameAs(`link show id ${id}`);
  });

  // Older versions go through the attach types in another order.
  const inOrder = (output: unknown): unknown =>
    Array.isArray(output) && referenceVersion < FOLLOWED
      ? output.map(withProgramsInOrder).sort((a, b) => (a.id ?? 0) - (b.id ?? 0))
      : output;
  const withProgramsInOrder = (each: { id?: number; programs?: unknown }) => ({ ...each, programs: inOrder(each.programs) });

  test('cgroup show and cgroup tree', async () => {
    for (const path of [cgroup.path, `${cgroup.path} effective`, join(cgroup.path, 'child effective')])
      await sameAs(`cgroup show ${path}`, inOrder);
    await sameAs(`cgroup tree ${cgroup.path}`, inOrder);
  });

  test('net show', async () => {
    await sameAs('net show dev near');
    await sameAs('net show dev far');
    if (referenceVersion >= 705) await samePlain('net show dev far');
  });
});
