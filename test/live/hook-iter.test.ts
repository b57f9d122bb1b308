import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MapType } from '../../src/kernel/enums.gen.js';
import { attach } from '../../src/link/attach.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { loadTestObject, noRoot, OwnBpffs, OwnCgroup, openBpfDescriptors } from '../support/live.js';

function readIterator(link: Link): string {
  using file = link.openIterator();
  const buffer = Buffer.alloc(1 << 20);
  let length = 0;
  for (let count = -1; count !== 0; length += count) count = readSync(file.number, buffer, length, buffer.length - length, null);
  return buffer.toString('latin1', 0, length);
}

describe('iterators', { skip: noRoot }, () => {
  let object: LoadedObject;
  let bpffs: OwnBpffs;

  before(() => {
    bpffs = new OwnBpffs();
    object = loadTestObject('hooks-iter');
  });

  after(() => {
    object[Symbol.dispose]();
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  test('an iterator that is pinned can be read like a file, by anyone and again', () => {
    const path = join(bpffs.path, 'tasks');
    {
      using link = attach(object.program('each_task')!, 'iter/task');
      assert.ok(link instanceof Link);
      link.pin(path);
    }
    const lines = readFileSync(path, 'latin1').split('\n').filter(Boolean);
    assert.ok(lines.length > 1 && lines.every((line) => line === 'task'));
    using again = Link.fromPin(path);
    const { target } = again.info;
    assert.equal(target.type === 'iter' && target.targetName, 'task');
    assert.ok(readIterator(again).startsWith('task\ntask\n'));
    unlinkSync(path);
  });

  test('an iterator of tasks can be limited to one process', () => {
    const program = object.program('each_task')!;
    if (isOlderThan('6.1'))
      return assert.throws(() => attach(program, 'iter/task', { pid: 1 }), /not supported by this kernel \(needs 6\.1,/);
    using link = attach(program, 'iter/task', { pid: process.pid }) as Link;
    const { target } = link.info;
    assert.equal(target.type === 'iter' && target.pid, process.pid);
    // Node has several threads, each of them a task.
    const tasks = readIterator(link).split('\n').length - 1;
    assert.ok(tasks > 1 && tasks < 64, `${tasks} tasks`);
  });

  test('an iterator of cgroups goes over those below one, in the order that is asked for', {
    skip: isOlderThan('6.1') && 'needs Linux 6.1',
  }, () => {
    using cgroups = loadTestObject('iter-cgroup');
    using parent = new OwnCgroup();
    const child = join(parent.path, 'child');
    mkdirSync(child);
    const ids = (order: 'descendants_pre' | 'descendants_post' | 'self_only') => {
      using link = attach(cgroups.program('each_cgroup')!, 'iter/cgroup', { cgroup: parent.path, order }) as Link;
      return new BigUint64Array(new Uint8Array(Buffer.from(readIterator(link), 'latin1')).buffer);
    };
    const [above, below] = [parent.path, child].map((path) => statSync(path, { bigint: true }).ino);
    assert.deepEqual([...ids('descendants_pre')], [above, below]);
    assert.deepEqual([...ids('descendants_post')], [below, above]);
    assert.deepEqual([...ids('self_only')], [above]);
  });

  test('an iterator of elements goes over the map it is given', () => {
    using map = BpfMap.create({ type: MapType.HASH, keySize: 4, valueSize: 4, maxEntries: 8, name: 'walked' });
    for (const key of [1, 2, 3]) map.update(new Uint8Array(new Uint32Array([key]).buffer), new Uint8Array(4));
    using link = attach(object.program('each_element')!, 'iter/bpf_map_elem', { map }) as Link;
    const { target } = link.info;
    assert.equal(target.type === 'iter' && target.mapId, map.id);
    assert.equal(readIterator(link), 'element\n'.repeat(3));
  });

  test('what is pinned as something else is no link', () => {
    const path = join(bpffs.path, 'program');
    object.program('each_task')!.pin(path);
    assert.throws(() => Link.fromPin(path), /holds a program, not a link/);
    assert.throws(() => Link.fromPin(join(bpffs.path, 'nothing')), /there is nothing at/);
    assert.throws(() => Link.fromId(0xffff_fff0), /there is no link with id/);
    unlinkSync(path);
  });
});
