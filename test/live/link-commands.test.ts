import assert from 'node:assert/strict';
import { existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cgroupPrograms } from '../../src/link/cgroup.js';
import { Link } from '../../src/link/link.js';
import { netAttachments } from '../../src/link/net.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noCgroup, OwnBpffs, OwnCgroup, ownNetwork, quietPair } from '../support/live.js';
import { startTool } from '../support/tool.js';

const tool = (...args: string[]) => capture(args);

describe('attaching from the command line', { skip: noCgroup }, () => {
  let bpffs: OwnBpffs;
  let cgroup: OwnCgroup;
  let near = 0;
  const pin = (name: string) => join(bpffs.path, name);
  const prog = (name: string) => ['pinned', pin(name)];

  before(() => {
    ownNetwork();
    ({ near } = quietPair());
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    for (const object of ['hooks-net', 'hooks-cgroup', 'hooks-trace', 'hooks-iter', 'hooks-probe']) {
      using loaded = loadTestObject(object);
      for (const { spec, program } of loaded.programs) program.pin(pin(spec.name));
    }
  });

  after(() => {
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
  });

  async function attached(...args: string[]): Promise<Record<string, unknown>> {
    const { status, out, err } = await tool('-j', 'link', 'attach', ...args);
    assert.deepEqual([status, err], [0, ''], args.join(' '));
    return JSON.parse(out) as Record<string, unknown>;
  }

  test('a link that is pinned stays, and is detached by its pin', async () => {
    const row = await attached(...prog('count_xdp'), 'xdp', 'near', 'mode', 'generic', 'pin', pin('link'));
    assert.deepEqual([row.type, row.devname, row.attached_to], ['xdp', 'near', 'xdp dev near mode generic']);
    assert.deepEqual(netAttachments(near).xdp[0]?.xdp[0]?.mode, 'generic');
    const again = await tool('link', 'pin', 'pinned', pin('link'), pin('link-again'));
    assert.equal(again.status, 0);
    unlinkSync(pin('link'));
    assert.equal((await tool('link', 'detach', 'pinned', pin('link-again'))).status, 0);
    assert.deepEqual(netAttachments(near).xdp, []);
    const { status, out } = await tool('-j', 'link', 'show', 'pinned', pin('link-again'));
    assert.deepEqual([status, (JSON.parse(out) as { devname: string }).devname], [0, '(detached)']);
    unlinkSync(pin('link-again'));
  });

  test('the program of a link is replaced by a command, and only when it is the one that is expected', async () => {
    await attached(...prog('count_xdp'), 'xdp', 'near', 'pin', pin('link'));
    const update = (...words: string[]) => tool('link', 'update', 'pinned', pin('link'), ...words);
    const holds = () => netAttachments(near).xdp[0]?.xdp[0]?.progId;
    const first = holds();
    const unexpected = await update(...prog('count_other'), 'expected', ...prog('count_other'));
    assert.deepEqual([unexpected.status, holds()], [255, first]);
    assert.match(unexpected.err, /update xdp link \d+: it does not hold the program that is expected/);
    assert.equal((await update(...prog('count_other'), 'expected', ...prog('count_xdp'))).status, 0);
    assert.notEqual(holds(), first);
    assert.equal((await update(...prog('connect4'))).status, 255);
    unlinkSync(pin('link'));
  });

  test('a link without a pin is held until a signal comes', async () => {
    const running = startTool('link', 'attach', ...prog('on_switch'), 'tp', 'sched/sched_switch');
    const out = await running.printed('Ctrl-C');
    assert.match(out, /^(\d+: perf_event {2}prog \d+ {2}.*\n(\t.*\n)?)?attached to tp\/sched\/sched_switch; Ctrl-C detaches\n$/);
    running.child.kill('SIGINT');
    assert.equal((await running.ended).status, 0);
  });

  test('a link without a pin is held for the time that is given', async () => {
    const { status, out } = await tool('-j', 'link', 'attach', ...prog('connect4'), 'cgroup/connect4', cgroup.path, '--for', '50ms');
    const [row] = JSON.parse(out) as { id: number; attach_type: string }[];
    assert.deepEqual([status, row?.attach_type], [0, 'cgroup_inet4_connect']);
    assert.deepEqual(cgroupPrograms(cgroup.path), []);
    assert.throws(() => Link.fromId(row!.id), /there is no link/);
  });

  test('a function of a library is named as a section names it, and may be limited to a process', async () => {
    const words = ['uprobe', 'libc.so.6:syscall', 'pid', `${process.pid}`, '--for', '20ms'];
    const { status, out } = await tool('-j', 'link', 'attach', ...prog('on_entry'), ...words);
    const [row] = JSON.parse(out) as { attached_to: string }[];
    assert.deepEqual([status, row?.attached_to], [0, `uprobe/libc.so.6:syscall pid ${process.pid}`]);
  });

  test('what has no link stays after the command, and cannot be pinned', async () => {
    const row = await attached(...prog('count_tc'), 'tc', 'near', 'egress', 'priority', '3');
    assert.deepEqual(row, { attached_to: 'tc dev near egress priority 3' });
    assert.equal(netAttachments(near).tc.length, 1);
    const { status, err } = await tool('link', 'attach', ...prog('count_tc'), 'tc', 'near', 'pin', pin('never'));
    assert.equal(status, 255);
    assert.match(err, /no link that could be pinned/);
    assert.ok(!existsSync(pin('never')));
    assert.equal(netAttachments(near).tc.length, 1);
  });

  test('a program goes before another one by its pin', { skip: isOlderThan('6.6') && 'needs Linux 6.6' }, async () => {
    await attached(...prog('count_tcx_in'), 'tcx/ingress', 'near', 'pin', pin('first'));
    await attached(...prog('count_tcx_out'), 'tcx_ingress', 'dev', 'near', 'before', 'link', 'pinned', pin('first'), 'pin', pin('second'));
    const names = netAttachments(near).tc.flatMap((each) => ('progId' in each && each.kind === 'tcx/ingress' ? [each.name] : []));
    assert.deepEqual(names, ['count_tcx_out', 'count_tcx_in']);
    for (const name of ['first', 'second']) unlinkSync(pin(name));
  });

  test('net and cgroup attach and detach without links', async () => {
    const commands: readonly (readonly [string[], number])[] = [
      [['net', 'attach', 'xdpdrv', ...prog('count_xdp'), 'dev', 'near'], 0],
      [['net', 'attach', 'xdpdrv', ...prog('count_other'), 'dev', 'near'], 240],
      [['net', 'attach', 'xdpdrv', ...prog('count_other'), 'dev', 'near', 'overwrite'], 0],
      [['net', 'attach', 'xdpdrv', ...prog('count_other'), 'dev', 'near', 'prepend'], 234],
      [['net', 'detach', 'xdpdrv', 'dev', 'near'], 0],
      [['cgroup', 'attach', cgroup.path, 'egress', ...prog('skb_out'), 'multi'], 0],
      [['cgroup', 'attach', cgroup.path, 'bi', ...prog('bind4'), 'override'], 0],
      [['cgroup', 'attach', cgroup.path, 'nothing', ...prog('bind4')], 255],
    ];
    for (const [args, status] of commands) assert.equal((await tool(...args)).status, status, args.join(' '));
    const { out } = await tool('cgroup', 'show', cgroup.path);
    assert.match(
      out,
      /^ID {7}AttachType {6}AttachFlags {5}Name {11}\n\d+ +cgroup_inet_egress multi +skb_out +\n\d+ +cgroup_inet4_bind override +bind4 +\n$/,
    );
    assert.equal((await tool('cgroup', 'detach', cgroup.path, 'cgroup_inet_egress', ...prog('skb_out'))).status, 0);
    assert.equal((await tool('cgroup', 'detach', cgroup.path, 'bind4', ...prog('bind4'))).status, 0);
    assert.deepEqual(await tool('-j', 'cgroup', 'show', cgroup.path), { status: 0, out: '[]\n', err: '' });
    assert.deepEqual(netAttachments(near).xdp, []);
  });

  test('what does not fit is said in one sentence, and nothing is attached', async () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['xdp'], /attach to xdp: it needs an interface: dev NAME/],
      [['xdp', 'nowhere'], /no network interface called "nowhere"/],
      [['xdp', 'near', 'cookie', '1'], /a word of xdp: expected 'dev', 'mode', 'netlink', got 'cookie'/],
      [['xdp', 'near', 'mode', 'native'], /mode: expected 'driver', 'generic', 'offload', got 'native'/],
      [['xdp', 'near', 'dev', 'near'], /'dev' is said twice/],
      [['tc', 'near', 'priority', 'x'], /priority: 'x' is not a number/],
      [['raw_tp/sys_enter', 'cookie', '0x10000000000000000'], /is no number of 64 bits/],
      [['nowhere'], /there is no hook called "nowhere"/],
      [['cgroup/bind4', '/tmp'], /no cgroup of version 2/],
      [['xdp', 'near', 'pin', '/tmp/nowhere/link'], /cannot pin at \/tmp\/nowhere\/link/],
      [['xdp', 'near', 'pin'], /FILE is missing/],
      [['syscall'], /syscall programs are not attached: user space runs it/],
    ];
    for (const [args, sentence] of cases) {
      const { status, out, err } = await tool('link', 'attach', ...prog('count_xdp'), ...args);
      assert.deepEqual([status, out], [255, ''], args.join(' '));
      assert.match(err, sentence);
    }
    assert.deepEqual(netAttachments(near).xdp, []);
  });
});
