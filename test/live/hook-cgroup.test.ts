import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { attachTypes } from '../../src/kernel/names.js';
import { attach } from '../../src/link/attach.js';
import { attachToCgroup, cgroupPrograms, cgroupTree, detachFromCgroup } from '../../src/link/cgroup.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { CGROUP_CASES, type CgroupCase, UNIX_CASES } from '../support/cgroup-cases.js';
import { countOf, eventually, loadTestObject, noCgroup, OwnCgroup, openBpfDescriptors, ownNetwork } from '../support/live.js';

function testHooks(title: string, file: string, cases: readonly CgroupCase[], skip: string | false): void {
  describe(title, { skip }, () => {
    let object: LoadedObject;
    let cgroup: OwnCgroup;

    before(() => {
      object = loadTestObject(file);
      cgroup = new OwnCgroup();
      cgroup.enter();
    });

    after(() => {
      cgroup[Symbol.dispose]();
      object[Symbol.dispose]();
      assert.equal(openBpfDescriptors(), 0);
    });

    for (const { program, section, attachType, fire } of cases) {
      test(`${section}: attached, it runs, is listed, and detached it no longer runs`, async () => {
        const { id } = object.program(program)!;
        const count = () => countOf(object, program);
        {
          using link = attach(object.program(program)!, section, { cgroup: cgroup.path }) as Link;
          const earlier = count();
          fire();
          assert.ok(await eventually(() => count() > earlier), 'the counter moves');
          const listed = cgroupPrograms(cgroup.path).map((each) => [each.id, each.attach.toLowerCase()]);
          assert.deepEqual(listed, [[id, `cgroup_${attachType}`]]);
          const { target } = link.info;
          assert.ok(target.type === 'cgroup');
          assert.deepEqual(
            [target.cgroupId, attachTypes.nameOf(target.attachType)],
            [BigInt(statSync(cgroup.path).ino), `cgroup_${attachType}`],
          );
          link.detach();
          assert.deepEqual(cgroupPrograms(cgroup.path), []);
        }
        const last = count();
        fire();
        assert.equal(count(), last);
      });
    }
  });
}

if (!noCgroup) ownNetwork();
testHooks('hooks of cgroups', 'hooks-cgroup', CGROUP_CASES, noCgroup);
testHooks('hooks of cgroups for Unix sockets', 'hooks-cgroup-unix', UNIX_CASES, noCgroup || (isOlderThan('6.7') && 'needs Linux 6.7'));

describe('the order of programs at a cgroup', { skip: noCgroup }, () => {
  test('is what before and after ask for, or refused with the kernel that knows it', () => {
    using object = loadTestObject('hooks-cgroup', { only: ['skb_in', 'skb_any'] });
    using cgroup = new OwnCgroup();
    const [first, second] = [object.program('skb_in')!, object.program('skb_any')!];
    const hook = 'cgroup_skb/ingress';
    const order = () => cgroupPrograms(cgroup.path).map(({ id }) => id);
    using alone = attach(first, hook, { cgroup: cgroup.path }) as Link;
    const before = () => attach(second, hook, { cgroup: cgroup.path, before: { kind: 'link', id: alone.info.id } });
    try {
      using _before = before();
      assert.deepEqual(order(), [second.id, first.id]);
    } catch (error) {
      // Later kernels of an older series may have it too.
      if (!isOlderThan('6.17')) throw error;
      return assert.match(String(error), /not supported by this kernel \(needs 6\.17, this is /);
    }
    {
      using _after = attach(second, hook, { cgroup: cgroup.path, after: { kind: 'link', id: alone.info.id } });
      assert.deepEqual(order(), [first.id, second.id]);
    }
    using _start = attach(second, hook, { cgroup: cgroup.path, before: 'all' });
    assert.deepEqual(order(), [second.id, first.id]);
  });
});

describe('cgroups without links', { skip: noCgroup }, () => {
  let object: LoadedObject;
  before(() => {
    object = loadTestObject('hooks-cgroup');
  });
  after(() => object[Symbol.dispose]());

  test('a program that is attached for itself stays until it is detached, and excludes others below', () => {
    using parent = new OwnCgroup();
    const [first, second] = [object.program('skb_in')!, object.program('skb_any')!];
    attachToCgroup(parent.path, 'CGROUP_INET_INGRESS', first, []);
    assert.deepEqual(
      cgroupPrograms(parent.path).map(({ id, flags }) => [id, flags]),
      [[first.id, 0]],
    );
    assert.throws(() => attachToCgroup(parent.path, 'CGROUP_INET_INGRESS', second, ['multi']), /that allows no other$/);
    detachFromCgroup(parent.path, 'CGROUP_INET_INGRESS', first);
    assert.throws(() => detachFromCgroup(parent.path, 'CGROUP_INET_INGRESS', first), /it is not attached there/);
  });

  test('a tree names the cgroups that have programs, and effective ones are seen below', () => {
    using parent = new OwnCgroup();
    const program = object.program('skb_out')!;
    attachToCgroup(parent.path, 'CGROUP_INET_EGRESS', program, ['multi']);
    assert.deepEqual(
      [...cgroupTree(parent.path)].map(({ path, level, programs }) => [path, level, programs.map(({ name, flags }) => [name, flags])]),
      [[parent.path, 0, [['skb_out', 2]]]],
    );
    assert.ok(cgroupPrograms(parent.path, true).some(({ id, flags }) => id === program.id && flags === undefined));
    detachFromCgroup(parent.path, 'CGROUP_INET_EGRESS', program);
    assert.deepEqual([...cgroupTree(parent.path)], []);
  });

  test('a path that is no cgroup is refused in words', () => {
    const program = object.program('skb_out')!;
    assert.throws(() => attach(program, 'cgroup_skb/egress', { cgroup: '/tmp' }), /\/tmp is no cgroup of version 2/);
    assert.throws(() => attach(program, 'cgroup_skb/egress', { cgroup: '/tmp/nowhere' }), /there is no cgroup/);
    assert.throws(() => attach(program, 'cgroup_skb/egress'), /it needs a cgroup: cgroup PATH/);
  });
});
