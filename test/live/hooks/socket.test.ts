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

const ONLY_LIBRARY = 'a socket is named by a descriptor, which no other process has';
const AT_SOCKET: Omit<HookCase, 'program'> = {
  words: () => ({ socket: group!.fd }),
  fire: deliver,
  not: { 'link attach': ONLY_LIBRARY, run: ONLY_LIBRARY },
};
const AT_MAP: Pick<HookCase, 'words'> = { words: (object) => ({ map: object.map('sockets')! }) };

testEveryWay({ object: 'every-socket', skip: noRoot }, [
  { program: 'on_socket', ...AT_SOCKET },
  { program: 'on_reuseport', ...AT_SOCKET },
  {
    program: 'on_migrate',
    ...AT_SOCKET,
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
  { program: 'on_parser', ...AT_MAP, fire: exchangeWith('stream_verdict') },
  { program: 'on_stream_verdict', ...AT_MAP, fire: exchangeWith('parser') },
]);
