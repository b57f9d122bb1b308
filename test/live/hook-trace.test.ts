import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCall } from '../../native/system.js';
import { attach } from '../../src/link/attach.js';
import type { LinkTarget } from '../../src/link/info.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { onlineCpus } from '../../src/system/cpus.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, eventually, loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';

interface Case {
  readonly program: string;
  readonly section: string;
  readonly target: LinkTarget;
}

const tracepoint = (name: string, cookie = 0n): LinkTarget => ({ type: 'perf_event', event: { kind: 'tracepoint', name, cookie } });
const raw = (tpName: string, cookie = 0n): LinkTarget => ({ type: 'raw_tracepoint', tpName, cookie });

/** Computes for some milliseconds. */
function busyFor(milliseconds: number): true {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
  return true;
}

/** Lets this thread run on these CPUs alone. */
function runOn(cpus: readonly number[]): void {
  const mask = new Uint8Array(128);
  for (const cpu of cpus) mask[cpu >> 3]! |= 1 << (cpu & 7);
  systemCall('sched_setaffinity', 0, mask.length, mask);
}

const CASES: readonly Case[] = [
  { program: 'on_tracepoint', section: 'tracepoint/raw_syscalls/sys_enter', target: tracepoint('sys_enter') },
  { program: 'on_switch', section: 'tp/sched/sched_switch', target: tracepoint('sched_switch') },
  { program: 'on_raw_tracepoint', section: 'raw_tracepoint/sys_enter', target: raw('sys_enter') },
  { program: 'on_raw_tp', section: 'raw_tp/sys_exit', target: raw('sys_exit') },
  { program: 'on_tp_btf', section: 'tp_btf/sys_enter', target: raw('sys_enter') },
];

describe('hooks of tracing', { skip: noRoot }, () => {
  let object: LoadedObject;

  before(() => {
    object = loadTestObject('hooks-trace');
    const zero = new Uint8Array(4);
    object.map('target')!.update(zero, new Uint8Array(new Uint32Array([process.pid]).buffer));
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  for (const { program, section, target } of CASES) {
    test(`${section}: attached, it runs, tells its tracepoint, and closed it no longer runs`, async () => {
      {
        using attached = attach(object.program(program)!, section);
        const earlier = countOf(object, program);
        assert.ok(await eventually(() => countOf(object, program) > earlier), 'the counter moves');
        if (attached instanceof Link) {
          // The kernel tells of perf events since 6.6.
          if (target.type !== 'perf_event' || !isOlderThan('6.6')) assert.deepEqual(attached.info.target, target);
          assert.equal(attached.info.progId, object.program(program)!.id);
        } else {
          assert.ok(isOlderThan('5.15'), 'only an old kernel has no link');
        }
      }
      const last = countOf(object, program);
      await sleep(20);
      assert.equal(countOf(object, program), last);
    });
  }

  for (const words of [
    { pid: process.pid },
    { pid: process.pid, cpu: 0 },
    { event: 'task-clock', period: 1_000_000n, pid: process.pid },
  ] as const) {
    test(`perf_event with ${Object.keys(words).join(', ')}: it runs while the process does, and the kernel tells which event`, async () => {
      runOn([0]);
      const earlier = countOf(object, 'on_clock');
      using attached = attach(object.program('on_clock')!, 'perf_event', words);
      assert.ok(await eventually(() => busyFor(20) && countOf(object, 'on_clock') > earlier));
      runOn(onlineCpus());
      if (attached instanceof Link && !isOlderThan('6.6')) {
        const { target } = attached.info;
        assert.ok(target.type === 'perf_event' && target.event.kind === 'event');
        // The kernel gives its clocks types of their own.
        assert.equal(target.event.config, 'event' in words ? 1n : 0n);
      }
    });
  }

  test('perf_event without a process runs on every CPU, several times a second, until it is disposed of', async () => {
    {
      using _attached = attach(object.program('on_clock')!, 'perf_event', { frequency: 200 });
      const earlier = countOf(object, 'on_clock');
      assert.ok(await eventually(() => busyFor(20) && countOf(object, 'on_clock') > earlier + 1));
    }
    const last = countOf(object, 'on_clock');
    busyFor(50);
    assert.equal(countOf(object, 'on_clock'), last);
  });

  test('what perf cannot count is refused', () => {
    const program = object.program('on_clock')!;
    assert.throws(() => attach(program, 'perf_event', { frequency: 9, period: 9n }), /exclude each other/);
    assert.throws(() => attach(program, 'perf_event', { cpu: 60_000 }), /attach to perf_event cpu 60000/);
  });

  test('a cookie of a tracepoint is kept by the kernel', { skip: isOlderThan('6.6') && 'needs Linux 6.6, which tells it' }, () => {
    using event = attach(object.program('on_switch')!, 'tp/sched/sched_switch', { cookie: 42n }) as Link;
    assert.deepEqual(event.info.target, tracepoint('sched_switch', 42n));
  });

  test('a cookie of a raw tracepoint is kept by the kernel', { skip: isOlderThan('6.17') && 'needs Linux 6.17, which tells it' }, () => {
    using plain = attach(object.program('on_raw_tp')!, 'raw_tp/sys_exit', { cookie: (1n << 64n) - 1n }) as Link;
    assert.deepEqual(plain.info.target, raw('sys_exit', (1n << 64n) - 1n));
  });

  test('a cookie that this kernel cannot keep is refused with the kernel that can', {
    skip: !isOlderThan('6.10') && 'needs a kernel before 6.10',
  }, () => {
    assert.throws(
      () => attach(object.program('on_raw_tp')!, 'raw_tp/sys_exit', { cookie: 1n }),
      /not supported by this kernel \(needs 6\.10, this is/,
    );
  });

  test('a tracepoint that does not exist is refused in words', () => {
    const program = object.program('on_switch')!;
    assert.throws(() => attach(program, 'tp/sched/no_such_event'), /there is no tracepoint sched\/no_such_event/);
    assert.throws(() => attach(program, 'tp/sched'), /a category and a name/);
    assert.throws(() => attach(program, 'tp/../../etc/passwd'), /is no name of a tracepoint/);
    assert.throws(() => attach(program, 'tp'), /it needs a tracepoint/);
    assert.throws(() => attach(object.program('on_raw_tp')!, 'raw_tp/no_such_event'), /attach to raw_tp\/no_such_event/);
  });
});
