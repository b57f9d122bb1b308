import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { withRouteSocket } from '../../native/netlink.js';
import { qdiscs } from '../../native/traffic-control.js';
import { netAttachments } from '../../src/link/net.js';
import { capture } from '../support/capture.js';
import { noRoot, ownNetwork, quietPair, testObjectPath } from '../support/live.js';
import { sendFrame } from '../support/sockets.js';
import { startTool, tool } from '../support/tool.js';

const FILE = testObjectPath('run');

describe('run', { skip: noRoot }, () => {
  let near = 0;
  let far = 0;
  const filters = () => netAttachments(near).tc.length;
  const clsact = () => withRouteSocket((socket) => qdiscs(socket, near).some(({ kind }) => kind === 'clsact'));

  before(() => {
    ownNetwork();
    ({ near, far } = quietPair());
  });

  test('it says what was attached where, shows the maps at the end, and leaves nothing', async () => {
    const running = startTool('-j', 'run', FILE, '--dev', 'near', '--dump');
    await running.printed('"attached_to"');
    assert.deepEqual([filters(), clsact()], [1, true]);
    sendFrame(far);
    sendFrame(far);
    running.child.kill('SIGINT');
    const { status, out } = await running.ended;
    assert.equal(status, 0);
    const rows = JSON.parse(out) as Record<string, unknown>[];
    assert.deepEqual(
      rows.filter((row) => row.program !== undefined).map(({ program, attached_to, reason }) => [program, attached_to, reason]),
      [
        ['see', 'tc dev near', undefined],
        ['in_devmap', null, 'its descriptor is put into a DEVMAP or CPUMAP'],
      ],
    );
    const maps = new Map(rows.filter((row) => row.map !== undefined).map((row) => [row.map, row.elements]));
    assert.deepEqual([...maps.keys()].toSorted(), ['counts', 'events', 'run.bss']);
    const [first] = maps.get('counts') as { formatted: unknown }[];
    assert.deepEqual(first?.formatted, { key: 0, value: 2 });
    assert.match(JSON.stringify(maps.get('events')), /error/);
    assert.deepEqual([filters(), clsact()], [0, false]);
  });

  test('it ends by itself after the time that is given, and a map reads as it does elsewhere', async () => {
    const { status, out, err } = await tool('run', FILE, '--dev', 'near', '--egress', '--for', '100ms', '--dump');
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^see: attached to tc dev near egress\nin_devmap: loaded, not attached: .*\n/);
    assert.match(out, /\nmap counts \(id \d+\):\n\[\{\n {8}"key": 0,\n {8}"value": \d+\n/);
    assert.match(out, /\nmap events \(id \d+\):\nmap events .*ringbuf.*\n/);
    assert.deepEqual([filters(), clsact()], [0, false]);
  });

  test('every signal that asks it to end is an end in order', async () => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      const running = startTool('run', FILE, '--dev', 'near');
      await running.printed('attached to');
      running.child.kill(signal);
      assert.equal((await running.ended).status, 0);
      assert.deepEqual([filters(), clsact()], [0, false]);
    }
  });

  test('when one program cannot be attached, those before it are detached again', async () => {
    const { status, out, err } = await tool('run', testObjectPath('hooks-net'), '--dev', 'near');
    assert.deepEqual([status, out], [255, '']);
    assert.match(err, /^Error: program count_other: attach to xdp dev near: a program is attached there already\n$/);
    assert.deepEqual(netAttachments(near).xdp, []);
  });

  test('what is missing or of no use is said in one sentence', async () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [[], /program see: attach to tc: it needs an interface: dev NAME/],
      [['--dev', 'nowhere'], /no network interface called "nowhere"/],
      [['--dev', 'near', '--mode', 'generic'], /no program of the object takes 'mode'/],
      [['--dev', 'near', '--mode', 'x'], /--mode: expected 'driver'/],
      [['--dev', 'near', '--target-map', 'x'], /has no map named 'x'/],
      [['--for', 'ever'], /'ever' is no duration/],
    ];
    for (const [args, sentence] of cases) {
      const { status, err } = await capture(['run', FILE, ...args]);
      assert.equal(status, 255);
      assert.match(err, sentence);
    }
    assert.deepEqual([filters(), clsact()], [0, false]);
  });

  test('probes are attached as their sections say, limited to the process that is given', async () => {
    const { status, out } = await tool('-j', 'run', testObjectPath('hooks-named'), '--pid', `${process.pid}`, '--for', '50ms');
    const rows = JSON.parse(out) as Record<string, unknown>[];
    assert.deepEqual(
      [status, ...rows.filter(({ program }) => program !== undefined).map(({ attached_to }) => attached_to)],
      [0, `uprobe/libc.so.6:syscall pid ${process.pid}`, `uretprobe/libc.so.6:syscall pid ${process.pid}`, `perf_event pid ${process.pid}`],
    );
    const wrong = await tool('run', testObjectPath('hooks-named'), '--pid', 'x');
    assert.match(wrong.err, /--pid: 'x' is no process id/);
  });
});
