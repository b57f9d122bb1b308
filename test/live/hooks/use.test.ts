// Every section whose programs are not attached by a call of their own, in the way in which they come into use.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { addAddress } from '../../../native/interfaces.js';
import { attach } from '../../../src/link/attach.js';
import type { Link } from '../../../src/link/link.js';
import { attachObject } from '../../../src/load/attach-object.js';
import type { LoadedObject } from '../../../src/load/loaded-object.js';
import type { Program } from '../../../src/program/program.js';
import { capture } from '../../support/capture.js';
import { whileAttached } from '../../support/command-while.js';
import {
  countOf,
  eventually,
  loadTestObject,
  noRoot,
  noSystemWide,
  OwnBpffs,
  openBpfDescriptors,
  ownNetwork,
  quietPair,
  testObjectPath,
} from '../../support/live.js';
import { address, sendFrame, TestSocket } from '../../support/sockets.js';
import { testUse } from '../../support/use.js';

const skip = noRoot;
const QUEUE_SIZE = 64;
const u32 = (...values: number[]) => new Uint8Array(new Uint32Array(values).buffer);

/** Runs a program of iproute2. */
function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}`);
}

/** Whether a program comes to run while something is done again and again. */
function runs(object: LoadedObject, program: string, act: () => unknown): Promise<boolean> {
  return eventually(() => {
    act();
    return countOf(object, program) > 0;
  });
}

describe('programs that are used in other ways', { skip }, () => {
  let bpffs: OwnBpffs;
  let [near, far] = [0, 0];

  before(() => {
    ownNetwork();
    bpffs = new OwnBpffs();
    ({ near, far } = quietPair());
    addAddress(near, '10.1.0.1', 24);
  });

  after(() => {
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  /** Pins a program for as long as `use` takes. */
  function pinned(program: Program, use: (path: string) => void): void {
    const path = join(bpffs.path, 'program');
    program.pin(path);
    try {
      use(path);
    } finally {
      unlinkSync(path);
    }
  }

  for (const [section, program, map, first] of [
    ['xdp/devmap', 'in_devmap', 'devices', 'to_device'],
    ['xdp.frags/devmap', 'in_devmap_frags', 'devices', 'to_device_frags'],
    ['xdp/cpumap', 'in_cpumap', 'cpus', 'to_cpu'],
    ['xdp.frags/cpumap', 'in_cpumap_frags', 'cpus', 'to_cpu_frags'],
  ] as const) {
    testUse('it runs for the packets that another program redirects to its entry', section, { skip }, async () => {
      using object = loadTestObject('every-redirect', { only: [program, first] });
      const target = map === 'devices' ? near : QUEUE_SIZE;
      object.map(map)!.update(u32(0), u32(target, object.program(program)!.fd));
      // veth takes redirected frames only when its other end has a program too.
      using other = loadTestObject('hooks-net', { only: ['count_xdp'] });
      using _far = attach(other.program('count_xdp')!, 'xdp', { dev: 'far' });
      using _attached = attach(object.program(first)!, first.endsWith('frags') ? 'xdp.frags' : 'xdp', { dev: 'near' });
      assert.ok(await runs(object, program, () => sendFrame(far)));
    });
  }

  testUse('it runs as the action of a filter', 'action', { skip, config: ['NET_ACT_BPF'] }, async () => {
    using object = loadTestObject('every-net', { only: ['on_action'] });
    pinned(object.program('on_action')!, (path) => {
      run('tc', 'qdisc', 'add', 'dev', 'near', 'clsact');
      run('tc', 'filter', 'add', 'dev', 'near', 'ingress', 'matchall', 'action', 'bpf', 'object-pinned', path);
    });
    try {
      assert.ok(await runs(object, 'on_action', () => sendFrame(far)));
    } finally {
      run('tc', 'qdisc', 'del', 'dev', 'near', 'clsact');
    }
  });

  /** Runs something with a program whose function `verdict` can be replaced, and how it is seen that the replacement ran. */
  async function replaceable(use: (entry: Program) => void | Promise<void>): Promise<void> {
    using replaced = loadTestObject('hooks-replaced');
    await use(replaced.program('entry')!);
  }
  const PACKET = { data: new Uint8Array(64) };

  testUse('it replaces the function of another program', 'freplace/verdict', { skip: noSystemWide, way: 'library' }, () =>
    replaceable((entry) => {
      using replacing = loadTestObject('hooks-replace', { attachPrograms: new Map([['replacement', entry.fd]]) });
      using _link = attach(replacing.program('replacement')!, 'freplace/verdict');
      entry.testRun(PACKET);
      assert.equal(countOf(replacing, 'replacement'), 1);
    }),
  );

  testUse('link attach puts it in the place of a function', 'freplace/verdict', { skip: noSystemWide, way: 'link attach' }, () =>
    replaceable(async (entry) => {
      using replacing = loadTestObject('hooks-replace', { attachPrograms: new Map([['replacement', entry.fd]]) });
      const said = await whileAttached(
        ['link', 'attach', 'id', `${replacing.program('replacement')!.id}`, 'freplace/verdict'],
        async () => void entry.testRun(PACKET),
      );
      assert.equal(said, undefined);
      assert.equal(countOf(replacing, 'replacement'), 1);
    }),
  );

  testUse('run is told which program it changes', 'freplace/verdict', { skip: noSystemWide, way: 'run' }, () =>
    replaceable(async (entry) => {
      const args = ['run', testObjectPath('hooks-replace'), '--target-prog', `replacement=id:${entry.id}`];
      const kept = entry.testRun(PACKET).returnValue;
      const said = await whileAttached(args, async () => assert.notEqual(entry.testRun(PACKET).returnValue, kept));
      assert.equal(said, undefined);
      assert.equal(entry.testRun(PACKET).returnValue, kept);
    }),
  );

  testUse('it runs when it is asked to', 'syscall', { skip }, () => {
    using object = loadTestObject('every-syscall');
    object.program('on_call')!.testRun({ context: new Uint8Array(4) });
    assert.equal(countOf(object, 'on_call'), 1);
  });

  for (const [section, program] of [
    ['iter/task', 'each_task'],
    ['iter.s/task', 'each_task_s'],
  ] as const) {
    testUse('it runs for each object when its file is read', section, { skip, way: 'library' }, () => {
      using object = loadTestObject('every-iter', { only: [program] });
      using link = attach(object.program(program)!, section) as Link;
      const path = join(bpffs.path, 'iterator');
      link.pin(path);
      assert.match(readFileSync(path, 'latin1'), /^task\n/);
      unlinkSync(path);
    });

    testUse('it runs when the file is read that link attach pinned', section, { skip, way: 'link attach' }, async () => {
      using object = loadTestObject('every-iter', { only: [program] });
      const path = join(bpffs.path, 'iterator');
      const { status, out, err } = await capture(['link', 'attach', 'id', `${object.program(program)!.id}`, section, 'pin', path]);
      assert.equal(status, 0, out + err);
      assert.match(readFileSync(path, 'latin1'), /^task\n/);
      unlinkSync(path);
    });

    testUse('run prints what it says of each object', section, { skip, way: 'run' }, async () => {
      const { status, out, err } = await capture(['run', testObjectPath('every-iter'), '--only', program]);
      assert.equal(status, 0, err);
      assert.match(out, /attached to iter\S*task.*\ntask\ntask\n/);
    });
  }

  testUse('it runs for the connections that choose it', 'struct_ops/cong_avoid', { skip, way: 'library' }, async () => {
    using object = loadTestObject('every-struct-ops');
    using _registered = attachObject(object);
    assert.ok(await runs(object, 'counted_cong_avoid', () => congested('bpf_ts_counted')));
  });

  testUse('run registers it for as long as it stays', 'struct_ops/cong_avoid', { skip, way: 'run' }, async () => {
    const said = await whileAttached(['run', testObjectPath('every-struct-ops')], async () => congested('bpf_ts_counted'));
    assert.equal(said, undefined);
    assert.throws(() => congested('bpf_ts_counted'), /setsockopt/);
  });

  testUse(
    'it runs when its scheduler is started',
    'struct_ops.s/init',
    { skip: noSystemWide, way: 'library', config: ['SCHED_CLASS_EXT'] },
    () => {
      using object = loadTestObject('every-sched-ext');
      using _registered = attachObject(object);
      assert.equal(countOf(object, 'scheduler_init'), 1);
      assert.equal(readFileSync('/sys/kernel/sched_ext/root/ops', 'latin1').trim(), 'bpf_ts_scheduler');
    },
  );

  testUse(
    'run starts its scheduler for as long as it stays',
    'struct_ops.s/init',
    { skip: noSystemWide, way: 'run', config: ['SCHED_CLASS_EXT'] },
    async () => {
      const said = await whileAttached(['run', testObjectPath('every-sched-ext')], async () =>
        assert.equal(readFileSync('/sys/kernel/sched_ext/root/ops', 'latin1').trim(), 'bpf_ts_scheduler'),
      );
      assert.equal(said, undefined);
    },
  );
});

const [IPPROTO_TCP, TCP_CONGESTION] = [6, 13];

/** Sends something over a TCP connection with this congestion control. */
function congested(name: string): void {
  using listener = new TestSocket('inet', 'stream').bind(address('127.0.0.1')).listen();
  using client = new TestSocket('inet', 'stream').setOption(IPPROTO_TCP, TCP_CONGESTION, new TextEncoder().encode(name));
  client.connect(listener.name());
  using server = listener.accept();
  client.send(new Uint8Array(4));
  server.receive();
}
