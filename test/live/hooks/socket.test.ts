// Every section of hooks of sockets and of network namespaces, in every way to attach.
import { attach } from '../../../src/link/attach.js';
import { BpfMap } from '../../../src/map/map.js';
import { type HookCase, testEveryWay } from '../../support/every-way.js';
import { loadTestObject, noRoot, ownNetwork, quietPair } from '../../support/live.js';
import { address, sendFrame, TestSocket } from '../../support/sockets.js';

const LOCAL = address('127.0.0.1');
const DATA = Uint8Array.of(1, 2, 3, 4);
const [SOL_SOCKET, SO_REUSEPORT] = [1, 15];

let near = 0;
let group: TestSocket | undefined;
if (!noRoot) {
  ownNetwork();
  ({ near } = quietPair());
  group = new TestSocket('inet', 'dgram');
  group.setOption(SOL_SOCKET, SO_REUSEPORT, 1);
  group.bind(LOCAL);
}

function deliver(): void {
  using sender = new TestSocket('inet', 'dgram');
  sender.send(DATA, group!.name());
  group!.receive();
}

/** The two ends of a TCP connection. */
function connection(use: (client: TestSocket, server: TestSocket) => void): void {
  using listener = new TestSocket('inet', 'stream').bind(LOCAL).listen();
  using client = new TestSocket('inet', 'stream').connect(listener.name());
  using server = listener.accept();
  use(client, server);
}

const u32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);

/** Data between sockets of which one is in the map that a program was attached to. Sockets join after the programs, which they keep. */
function exchange(place: string, member: 'client' | 'server'): void {
  using map = mapOf(place);
  connection((client, server) => {
    map.update(u32(0), u32(member === 'client' ? client.fd : server.fd));
    client.send(DATA);
    server.receive();
  });
}

function mapOf(place: string): BpfMap {
  return BpfMap.fromId(Number(/map id (\d+)/.exec(place)![1]));
}

/** A parser and a verdict of streams run only together: attaches the other one too. */
function exchangeWith(other: 'parser' | 'stream_verdict'): HookCase['fire'] {
  return (place) => {
    using object = loadTestObject('hooks-socket', { only: [other] });
    using map = mapOf(place);
    using _held = attach(object.program(other)!, `sk_skb/${other === 'parser' ? 'stream_parser' : other}`, { map });
    exchange(place, 'server');
  };
}

const socketName = () => `${process.pid}:${group!.fd}`;
const [SO_DETACH_BPF, SO_DETACH_REUSEPORT_BPF] = [27, 68];

function atSocket(detach: number): Omit<HookCase, 'program'> {
  return {
    words: () => ({ socket: socketName() }),
    options: () => ['--socket', socketName()],
    fire: deliver,
    // `link attach` leaves it, as there is no link: it goes with the socket. Where it was refused there is nothing.
    clean: () => {
      try {
        group!.setOption(SOL_SOCKET, detach, 0);
      } catch {}
    },
  };
}
const AT_MAP: Pick<HookCase, 'words'> = { words: (object) => ({ map: object.map('sockets')! }) };

testEveryWay({ object: 'every-socket', skip: noRoot }, [
  { program: 'on_socket', ...atSocket(SO_DETACH_BPF) },
  { program: 'on_reuseport', ...atSocket(SO_DETACH_REUSEPORT_BPF) },
  {
    program: 'on_migrate',
    ...atSocket(SO_DETACH_REUSEPORT_BPF),
    from: ['5.14', 'kernels before 5.14 take such programs, but never ask them where a connection is to go'],
  },
  { program: 'on_lookup', fire: () => connection(() => {}) },
  { program: 'on_dissect', fire: () => sendFrame(near) },
  {
    program: 'on_netfilter',
    words: () => ({ family: 'ip', hook: 'input' }),
    options: () => ['--family', 'ip', '--hook', 'input'],
    fire: deliver,
  },
  { program: 'on_message', ...AT_MAP, fire: (place) => exchange(place, 'client') },
  { program: 'on_verdict', ...AT_MAP, fire: (place) => exchange(place, 'server') },
  { program: 'on_skb', hook: () => 'sk_skb/stream_verdict', ...AT_MAP, fire: exchangeWith('parser') },
  { program: 'on_parser', ...AT_MAP, fire: exchangeWith('stream_verdict') },
  { program: 'on_stream_verdict', ...AT_MAP, fire: exchangeWith('parser') },
]);
