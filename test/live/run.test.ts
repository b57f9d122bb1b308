import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, unlinkSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { withRouteSocket } from '../../native/netlink.js';
import { MountFlag, mount, NamespaceFlag, unshare } from '../../native/system.js';
import { deleteClsact, qdiscs } from '../../native/traffic-control.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { netAttachments } from '../../src/link/net.js';
import { BpfMap } from '../../src/map/map.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { eventually, noRoot, ownNetwork, quietPair, testObjectPath } from '../support/live.js';
import { sendFrame } from '../support/sockets.js';
import { startTool, tool } from '../support/tool.js';

const FILE = testObjectPath('run');
// Programs of traffic control get links where the kernel has them.
const hasLinks = !isOlderThan('6.6');
const PLACE = hasLinks ? 'tcx/ingress dev near' : 'tc dev near';

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
    assert.deepEqual([filters(), clsact()], [1, !hasLinks]);
    sendFrame(far);
    sendFrame(far);
    running.child.kill('SIGINT');
    const { status, out } = await running.ended;
    assert.equal(status, 0);
    const rows = JSON.parse(out) as Record<string, unknown>[];
    assert.deepEqual(
      rows.filter((row) => row.program !== undefined).map(({ program, attached_to, reason }) => [program, attached_to, reason]),
      [
        ['see', PLACE, undefined],
        ['in_devmap', null, 'its descriptor is put into a DEVMAP or CPUMAP'],
      ],
    );
    const maps = new Map(rows.filter((row) => row.elements !== undefined).map((row) => [row.map, row.elements]));
    assert.deepEqual([...maps.keys()].toSorted(), ['counts', 'run.bss']);
    const [first] = maps.get('counts') as { formatted: unknown }[];
    assert.deepEqual(first?.formatted, { key: 0, value: 2 });
    assert.deepEqual(
      rows.filter((row) => row.map === 'events').map(({ bytes }) => bytes),
      ['0700000000000000', '0e00000000000000'],
    );
    assert.deepEqual([filters(), clsact()], [0, false]);
  });

  test('it ends by itself after the time that is given, and a map reads as it does elsewhere', async () => {
    const { status, out, err } = await tool('run', FILE, '--dev', 'near', '--egress', '--for', '100ms', '--dump');
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^see: attached to (tcx\/egress dev near \(link \d+\)|tc dev near egress)\nin_devmap: loaded, not attached: .*\n/);
    assert.match(out, /\nmap counts \(id \d+\):\n\[\{\n {8}"key": 0,\n {8}"value": \d+\n/);
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

  test('asked for netlink, it makes a filter; killed, it leaves that, and the next run says so and how to take it away', async () => {
    const running = startTool('run', FILE, '--dev', 'near', '--netlink');
    await running.printed('attached to tc dev near');
    assert.deepEqual([filters(), clsact()], [1, true]);
    running.child.kill('SIGKILL');
    await running.ended;
    assert.equal(filters(), 1);
    const { status, err } = await tool('run', FILE, '--dev', 'near', '--for', '10ms');
    assert.equal(status, 0);
    const [, remove] = /see is a filter of near already \(prog id \d+\).*: '(tc filter del [^']*)' takes it away/.exec(err) ?? [];
    assert.ok(remove, err);
    assert.equal(spawnSync('sh', ['-c', remove]).status, 0);
    assert.equal(filters(), 0);
    deleteClsact(near);
    assert.equal((await tool('run', FILE, '--dev', 'near', '--for', '10ms')).err, '');
  });

  test('killed, it leaves no program of traffic control where the kernel has links for them', {
    skip: !hasLinks && 'needs Linux 6.6',
  }, async () => {
    const running = startTool('run', FILE, '--dev', 'near');
    await running.printed('attached to');
    assert.equal(filters(), 1);
    running.child.kill('SIGKILL');
    await running.ended;
    assert.ok(await eventually(() => filters() === 0 && !clsact()));
  });

  test('programs for sockets see those that the command opens, from some milliseconds later on', async () => {
    const script = `const socket = require('dgram').createSocket('udp4').bind(0, '127.0.0.1', () => setTimeout(() => socket.send('x', socket.address().port), 1000));
      socket.on('message', () => socket.close())`;
    const args = ['run', testObjectPath('every-socket'), '--only', 'on_socket', '--only', 'on_reuseport', '--socket', '--dump'];
    const { status, out, err } = await tool('-j', ...args, '--', process.execPath, '-e', script);
    assert.equal(status, 0, err);
    const rows = JSON.parse(out) as Record<string, unknown>[];
    assert.match(
      String(rows.find(({ program, attached_to }) => program === 'on_socket' && attached_to)!.attached_to),
      /^socket socket \d+:\d+$/,
    );
    // Without SO_REUSEPORT it is none for the other program.
    assert.match(String(rows.find(({ program }) => program === 'on_reuseport')!.reason), /attach to sk_reuseport socket \d+:\d+: /);
    const counts = rows.find(({ map }) => map === 'counts')!.elements as { formatted: { value: number } }[];
    assert.equal(counts[0]!.formatted.value, 1);
    assert.match(
      (await tool('run', testObjectPath('every-socket'), '--only', 'on_socket', '--socket')).err,
      /--socket takes PID:FD, unless/,
    );
    const file = openSync('/dev/null', 'r');
    for (const [socket, sentence] of [
      [`${process.pid}:${file}`, /attach to socket socket \d+:\d+: the descriptor is none of a socket/],
      [`${process.pid}:9999`, /process \d+ has no descriptor 9999/],
      ['999999999:0', /there is no process 999999999/],
      ['7', /'7' is no socket of a process: PID:FD/],
    ] as const) {
      const wrong = await tool('run', testObjectPath('every-socket'), '--only', 'on_socket', '--socket', socket, '--for', '10ms');
      assert.equal(wrong.status, 255);
      assert.match(wrong.err, sentence);
    }
    closeSync(file);
  });

  test('a program is attached where --attach says, which has to be for programs of its type', async () => {
    const file = testObjectPath('every-socket');
    const { status, out } = await tool('run', file, '--only', 'on_skb', '--attach', 'on_skb=sk_skb/verdict', '--for', '10ms');
    assert.equal(status, isOlderThan('5.13') ? 255 : 0);
    if (status === 0) assert.match(out, /^on_skb: attached to sk_skb\/verdict map id \d+/);
    for (const [args, sentence] of [
      [[], /on_skb: its section sk_skb does not say which kind it is, as --attach NAME=sk_skb\/verdict would/],
      [['--attach', 'on_skb=xdp'], /on_skb cannot be attached to xdp: its section sk_skb is for another type of programs/],
      [['--attach', 'on_skb=nosuch'], /there is no hook called "nosuch"/],
      [['--attach', 'nosuch=xdp'], /--attach: .* has no program named 'nosuch'/],
      [['--attach', 'xdp'], /--attach takes NAME=VALUE, not 'xdp'/],
    ] as const) {
      const refused = await tool('run', file, '--only', 'on_skb', ...args);
      assert.equal(refused.status, 255);
      assert.match(refused.err, sentence);
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

  describe('a map that pins itself', () => {
    const pinned = testObjectPath('run-pinned');
    const pin = '/sys/fs/bpf/run_pinned';

    before(() => {
      unshare(NamespaceFlag.NEWNS);
      mount('none', '/', '', MountFlag.REC | MountFlag.PRIVATE);
      mount('bpf', '/sys/fs/bpf', 'bpf', 0);
    });

    test('is pinned while it runs, and no longer, however that ends', async () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        const running = startTool('run', pinned, '--dev', 'near');
        assert.match(await running.printed('not attached'), /names_nothing: .*section kprobe does not say what it attaches to/);
        assert.ok(existsSync(pin));
        running.child.kill(signal);
        assert.equal((await running.ended).status, 0);
        assert.deepEqual([existsSync(pin), filters()], [false, 0]);
      }
      assert.equal((await tool('run', pinned, '--dev', 'nowhere')).status, 255);
      assert.equal(existsSync(pin), false);
    });

    test('stays where it was before, or when somebody has put another one there', async () => {
      using other = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name: 'run_pinned' });
      other.pin(pin);
      assert.equal((await tool('run', pinned, '--dev', 'near', '--for', '50ms')).status, 0);
      assert.ok(existsSync(pin));
      unlinkSync(pin);
      const running = startTool('run', pinned, '--dev', 'near');
      await running.printed('attached to');
      unlinkSync(pin);
      other.pin(pin);
      running.child.kill('SIGINT');
      assert.equal((await running.ended).status, 0);
      using there = BpfMap.fromPin(pin);
      assert.equal(there.id, other.id);
      unlinkSync(pin);
    });

    test('stays when the process is killed, and is used again by the next run', async () => {
      const running = startTool('run', pinned, '--dev', 'near');
      await running.printed('attached to');
      running.child.kill('SIGKILL');
      await running.ended;
      assert.ok(existsSync(pin));
      unlinkSync(pin);
    });
  });

  describe('what programs say', () => {
    /** Sends frames until it is disposed of. */
    function frames(): Disposable {
      const timer = setInterval(() => sendFrame(far), 20);
      return { [Symbol.dispose]: () => clearInterval(timer) };
    }

    test('records of every buffer are decoded and labelled, histograms are drawn at the end', async () => {
      const running = startTool('run', testObjectPath('events'), '--only', 'say', '--dev', 'near', '--set', 'first=1000', '--dump');
      using _ = frames();
      await running.printed('lengths: ');
      await running.printed('number=1001');
      running.child.kill('SIGINT');
      const { status, out, err } = await running.ended;
      assert.deepEqual([status, err], [0, '']);
      assert.match(
        out,
        /^packets: number=1000 name="a \\"name\\"" address=7f000001 verdict=DROPPED place=\{line=7 column=8\} numbers=\[-1,1\]$/m,
      );
      assert.match(out, /^lengths: length=64$/m);
      assert.match(out, /\nmap sizes \(id \d+\):\n\nkey=1\n {4}64 - 127 {2}\d+ \|#{40}\|\n/);
      assert.doesNotMatch(out, /map packets/);
    });

    test('with --ndjson each thing that is said is a line', async () => {
      const running = startTool('--ndjson', 'run', testObjectPath('events'), '--only', 'say', '--dev', 'near', '--for', '1s');
      using _ = frames();
      const { status, out } = await running.ended;
      assert.equal(status, 0);
      const rows = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.equal(rows[0]!.attached_to, PLACE);
      assert.ok(rows.some(({ map, type }) => map === 'packets' && type === 'packet_event'));
      assert.deepEqual(rows.find(({ map }) => map === 'lengths')?.event, { length: 64 });
    });

    test('several objects run side by side; a variable is set in the one that has it', async () => {
      const files = [testObjectPath('events'), testObjectPath('iterates')];
      const running = startTool('run', ...files, '--only', 'say', '--only', 'maps', '--dev', 'near', '--set', 'first=500');
      using _ = frames();
      const out = await running.printed('number=50');
      assert.ok(out.includes(`say: attached to ${PLACE}`));
      assert.match(out, /^maps: attached to iter\/bpf_map.*\nthe first of them$/m);
      running.child.kill('SIGINT');
      assert.equal((await running.ended).status, 0);
      const wrong = await tool('run', ...files, '--dev', 'near', '--set', 'nothing=1');
      assert.match(wrong.err, /there is no global variable nothing/);
    });

    test('an iterator says what it has to say, and that is all', async () => {
      const { status, out } = await tool('-j', 'run', testObjectPath('iterates'));
      const [attached, output] = JSON.parse(out) as Record<string, unknown>[];
      assert.deepEqual([status, attached?.program, output?.output], [0, 'maps', 'the first of them\n']);
    });

    test('lines of its own programs come out of the trace pipe', async (t) => {
      const running = startTool('run', testObjectPath('events'), '--only', 'say', '--dev', 'near', '--set', 'prints=1', '--for', '10s');
      using _ = frames();
      try {
        await running.printed('bpf_trace_printk: packet of 64 bytes, says test/progs/events');
      } catch (error) {
        if (!/another process reads it/.test(String(error))) throw error;
        return t.skip('another process reads the trace pipe');
      }
      running.child.kill('SIGINT');
      assert.equal((await running.ended).status, 0);
    });
  });
});
