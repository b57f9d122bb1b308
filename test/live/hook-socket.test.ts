import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask } from '../../src/link/ask.js';
import { attach } from '../../src/link/attach.js';
import type { Held } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, eventually, loadTestObject, noRoot, openBpfDescriptors, ownNetwork, quietPair } from '../support/live.js';
import { address, sendFrame, TestSocket } from '../support/sockets.js';

const LOCAL = address('127.0.0.1');
const DATA = Uint8Array.of(1, 2, 3, 4);
const SOL_SOCKET = 1;
const SO_REUSEPORT = 15;
const ATTACH_TYPES = { FLOW_DISSECTOR: 17, SK_LOOKUP: 36 } as const;

const datagrams = () => new TestSocket('inet', 'dgram');
const u32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);

/** Sends a datagram to a socket that has a name, and receives it there. */
function deliver(receiver: TestSocket): void {
  using sender = datagrams();
  sender.send(DATA, receiver.name());
  receiver.receive();
}

/** The two ends of a TCP connection. */
function connection(use: (client: TestSocket, server: TestSocket) => void): void {
  using listener = new TestSocket('inet', 'stream').bind(LOCAL).listen();
  using client = new TestSocket('inet', 'stream').connect(listener.name());
  using server = listener.accept();
  use(client, server);
}

describe('hooks of sockets and of network namespaces', { skip: noRoot }, () => {
  let object: LoadedObject;
  let near = 0;

  before(() => {
    ownNetwork();
    ({ near } = quietPair());
    object = loadTestObject('hooks-socket');
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  const program = (name: string) => object.program(name)!;

  /** How often a program runs while something is done. */
  function runs(name: string, act: () => void, of = object): number {
    const earlier = countOf(of, name);
    act();
    return countOf(of, name) - earlier;
  }

  test('socket: a filter sees what arrives at its socket, until it is disposed of', () => {
    using receiver = datagrams().bind(LOCAL);
    {
      using held = attach(program('filter'), 'socket', { socket: receiver.fd }) as Held;
      assert.ok(held.stays);
      assert.equal(
        runs('filter', () => deliver(receiver)),
        1,
      );
    }
    assert.equal(
      runs('filter', () => deliver(receiver)),
      0,
    );
  });

  test('sk_reuseport: the program chooses the socket of a group, until it is disposed of', () => {
    using receiver = datagrams();
    receiver.setOption(SOL_SOCKET, SO_REUSEPORT, 1);
    receiver.bind(LOCAL);
    {
      using _held = attach(program('reuseport'), 'sk_reuseport', { socket: receiver.fd });
      assert.equal(
        runs('reuseport', () => deliver(receiver)),
        1,
      );
    }
    assert.equal(
      runs('reuseport', () => deliver(receiver)),
      0,
    );
  });

  for (const [section, name, attachType, act] of [
    ['sk_lookup', 'lookup', ATTACH_TYPES.SK_LOOKUP, () => connection(() => {})],
    ['flow_dissector', 'dissect', ATTACH_TYPES.FLOW_DISSECTOR, () => sendFrame(near)],
  ] as const) {
    test(`${section}: it runs for the packets of its network namespace, and disposed of it is gone`, () => {
      {
        using link = attach(program(name), section) as Link;
        assert.ok(runs(name, act) >= 1);
        const { target, progId } = link.info;
        assert.ok(target.type === 'netns' && target.netnsIno > 0);
        assert.deepEqual([target.attachType, progId], [attachType, program(name).id]);
        if (section === 'flow_dissector') assert.throws(() => attach(program(name), section), /as many programs as there may be/);
      }
      assert.equal(runs(name, act), 0);
    });
  }

  /** Sockets join the map after the programs, which they keep. */
  function exchange(member: 'client' | 'server'): void {
    connection((client, server) => {
      object.map('sockets')!.update(u32(0), u32(member === 'client' ? client.fd : server.fd));
      client.send(DATA);
      server.receive();
    });
  }

  for (const [section, name, member] of [
    ['sk_msg', 'message', 'client'],
    ['sk_skb/verdict', 'verdict', 'server'],
  ] as const) {
    test(`${section}: it runs for the data of the sockets of its map, until it is disposed of`, {
      skip: section === 'sk_skb/verdict' && isOlderThan('5.13') && 'needs Linux 5.13',
    }, () => {
      const map = object.map('sockets')!;
      {
        using attached = attach(program(name), section, { map });
        assert.ok(runs(name, () => exchange(member)) >= 1);
        if (attached instanceof Link) {
          const { target } = attached.info;
          assert.ok(target.type === 'sockmap' && target.mapId === map.id);
        } else assert.ok(isOlderThan('6.13'), 'only an old kernel has no link');
      }
      assert.equal(
        runs(name, () => exchange(member)),
        0,
      );
    });
  }

  test('sk_skb: a parser and a verdict work together on streams', async () => {
    const words = { map: object.map('sockets')! };
    using _parser = attach(program('parser'), 'sk_skb/stream_parser', words);
    using _verdict = attach(program('stream_verdict'), 'sk_skb/stream_verdict', words);
    const [parsed, passed] = [countOf(object, 'parser'), countOf(object, 'stream_verdict')];
    exchange('server');
    assert.ok(await eventually(() => countOf(object, 'parser') > parsed && countOf(object, 'stream_verdict') > passed));
  });

  test('a program without a link, as on older kernels, stays at its map until it is disposed of', () => {
    const target_fd = object.map('sockets')!.fd;
    {
      using held = ask(program('message').fd, { via: 'prog_attach', attach: 'SK_MSG_VERDICT', fields: { target_fd } }) as Held;
      assert.ok(held.stays);
      assert.ok(runs('message', () => exchange('client')) >= 1);
    }
    assert.equal(
      runs('message', () => exchange('client')),
      0,
    );
  });

  test('netfilter: it sees packets at its hook, and the kernel tells where', { skip: isOlderThan('6.4') && 'needs Linux 6.4' }, () => {
    using netfilter = loadTestObject('hooks-netfilter');
    using receiver = datagrams().bind(LOCAL);
    const act = () => deliver(receiver);
    {
      using link = attach(netfilter.program('accept')!, 'netfilter', { family: 'ip', hook: 'input', priority: -5 }) as Link;
      assert.ok(runs('accept', act, netfilter) >= 1);
      assert.deepEqual(link.info.target, { type: 'netfilter', pf: 2, hook: 1, priority: -5, flags: 0 });
      assert.throws(() => attach(netfilter.program('accept')!, 'netfilter'), /it needs a protocol family/);
    }
    assert.equal(runs('accept', act, netfilter), 0);
  });
});
