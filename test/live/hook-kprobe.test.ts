import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Clock, readClock } from '../../native/system.js';
import { NotSupportedError } from '../../src/errors.js';
import { askProbeEvent } from '../../src/link/ask-perf.js';
import { attach } from '../../src/link/attach.js';
import type { LinkInfo } from '../../src/link/info.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { systemCallFunction } from '../../src/system/kernel-functions.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { probeSource } from '../../src/system/perf-sources.js';
import { holders } from '../../src/system/processes.js';
import { countOf, loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';
import { lacks } from '../support/skips.js';
import { startTool } from '../support/tool.js';

const noKprobes = noRoot || (probeSource('kprobe') === undefined && 'needs CONFIG_KPROBES');
const noFprobes = noKprobes || (findSymbol('register_fprobe_ips') === undefined && (lacks({ since: '5.18' }) || 'needs CONFIG_FPROBE'));

function findSymbol(name: string) {
  using symbols = new Kallsyms();
  return symbols.find(name);
}

// A system call each time: the C library's function for any call does not know of the vDSO.
const callIt = () => readClock(Clock.MONOTONIC);
const CALL = 'clock_gettime';

describe('hooks of kernel functions', { skip: noKprobes }, () => {
  const func = systemCallFunction(CALL);
  let object: LoadedObject;

  before(() => {
    object = loadTestObject('hooks-probe');
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  /** How often a program runs while this process makes the call; others may make it too. */
  function runs(program: string): number {
    const earlier = countOf(object, program);
    callIt();
    return countOf(object, program) - earlier;
  }

  /** Others call it too: a run that had begun on another processor may come to its end after it was let go. */
  function isOver(program: string): boolean {
    return runs(program) === 0 || runs(program) === 0;
  }

  function probed({ target }: LinkInfo) {
    assert.ok(target.type === 'perf_event' && (target.event.kind === 'kprobe' || target.event.kind === 'kretprobe'));
    return target.event;
  }

  for (const [section, program, returns] of [
    [`kprobe/${func}`, 'on_kernel_entry', false],
    [`kretprobe/${func}`, 'on_kernel_return', true],
    [`ksyscall/${CALL}`, 'on_call', false],
    [`kretsyscall/${CALL}`, 'on_call_return', true],
  ] as const) {
    test(`${section}: it runs for each call, the kernel tells the function, and disposed of it no longer runs`, () => {
      {
        using attached = attach(object.program(program)!, section);
        assert.ok(runs(program) >= 1);
        if (attached instanceof Link && !isOlderThan('6.6')) {
          const event = probed(attached.info);
          assert.deepEqual([event.kind, event.func, event.offset], [returns ? 'kretprobe' : 'kprobe', func, 0]);
        } else assert.ok(attached instanceof Link || isOlderThan('5.15'), 'only an old kernel has no link');
      }
      assert.ok(isOver(program));
    });
  }

  test('kprobe made in tracefs, as old kernels have it: it runs', () => {
    {
      const probe = { via: 'probe', kind: 'kprobe', returns: false, name: func, offset: 0, pid: -1 } as const;
      using _attached = askProbeEvent(object.program('on_kernel_entry')!.fd, probe);
      assert.ok(runs('on_kernel_entry') >= 1);
    }
    assert.ok(isOver('on_kernel_entry'));
  });

  for (const [section, program, since, times] of [
    ['kprobe.multi', 'on_kernel_entries', '5.18', 1],
    ['kretprobe.multi', 'on_kernel_returns', '5.18', 1],
    ['kprobe.session', 'on_kernel_both', '6.10', 2],
  ] as const) {
    for (const names of [func, func.replace(/time$/, '*')]) {
      test(`${section} of ${names}: it runs for each call, and the kernel tells the functions`, { skip: noFprobes }, () => {
        const start = () => attach(object.program(program)!, `${section}/${names}`, { cookie: 5n }) as Link;
        if (isOlderThan(since)) return void assert.throws(start, NotSupportedError);
        {
          using link = start();
          assert.ok(runs(program) >= times);
          const { target } = link.info;
          assert.ok(target.type === 'kprobe_multi');
          assert.equal(target.retprobe, section === 'kretprobe.multi');
          // The kernel tells since 6.6; before that it gives neither functions nor cookies.
          if (!isOlderThan('6.9')) assert.ok(target.functions.length >= 1 && target.functions.every(({ cookie }) => cookie === 5n));
        }
        assert.ok(isOver(program));
      });
    }
  }

  test('who holds a link to many functions without cookies is found, also where its fdinfo kills who reads it', {
    skip: noFprobes,
  }, async () => {
    const id = String(object.program('on_kernel_entries')!.id);
    const holder = startTool('link', 'attach', 'id', id, `kprobe.multi/${func}`, '--for', '2m');
    try {
      await holder.printed('attached');
      const held = [...holders('link').values()].filter((list) => list.some(({ pid }) => pid === holder.child.pid));
      assert.equal(held.length, 1);
    } finally {
      holder.child.kill('SIGTERM');
      await holder.ended;
    }
  });

  test('a function that does not exist is refused', () => {
    assert.throws(() => attach(object.program('on_kernel_entry')!, 'kprobe/no_such_function'), /attach to kprobe\/no_such_function/);
    assert.throws(() => attach(object.program('on_kernel_entries')!, 'kprobe.multi/no_such_*'), /has no function no_such_\*/);
    assert.throws(() => attach(object.program('on_kernel_entry')!, 'kprobe'), /it needs a function of the kernel: kprobe\/FUNCTION/);
  });
});

test('a kernel without kprobes says so', { skip: noRoot || (noKprobes === false && 'needs a kernel without kprobes') }, () => {
  using object = loadTestObject('hooks-probe');
  assert.throws(
    () => attach(object.program('on_kernel_entry')!, 'kprobe/do_exit'),
    ({ message, cause }: Error) =>
      message === 'attach to kprobe/do_exit' && /^kprobes: not supported by this kernel/.test((cause as Error).message),
  );
});
