// The hooks of cgroups, each with what makes it run.
import { readFileSync } from 'node:fs';
import { address, TestSocket } from './sockets.js';

const LOCAL = { 4: '127.0.0.1', 6: '::1' } as const;
type Version = keyof typeof LOCAL;
const family = (version: Version) => (version === 4 ? 'inet' : 'inet6');

function bound(version: Version, type: 'stream' | 'dgram'): TestSocket {
  return new TestSocket(family(version), type).bind(address(LOCAL[version]));
}

/** A TCP connection to a listener of this process. */
function connection(version: Version, use: (client: TestSocket) => void = () => {}): void {
  using server = bound(version, 'stream').listen();
  using client = new TestSocket(family(version), 'stream').connect(server.name());
  use(client);
}

/** A datagram sent to a named socket and received with its sender's address. */
function datagram(version: Version): void {
  using receiver = bound(version, 'dgram');
  using sender = bound(version, 'dgram');
  sender.send(new Uint8Array(4), receiver.name());
  receiver.receive();
}

const abstract = (name: string) => address(`\0bpf-ts-${process.pid}-${name}`);

function unixDatagram(): void {
  using receiver = new TestSocket('unix', 'dgram').bind(abstract('receiver'));
  using sender = new TestSocket('unix', 'dgram').bind(abstract('sender'));
  sender.send(new Uint8Array(4), abstract('receiver'));
  receiver.receive();
}

function unixConnection(use: (client: TestSocket) => void = () => {}): void {
  using _server = new TestSocket('unix', 'stream').bind(abstract('server')).listen();
  using client = new TestSocket('unix', 'stream').connect(abstract('server'));
  use(client);
}

// A socket without a name of its own has none to be asked for.
function unixBound(use: (socket: TestSocket) => void): void {
  using socket = new TestSocket('unix', 'dgram').bind(abstract('bound'));
  use(socket);
}

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;

function option(use: (socket: TestSocket) => void): void {
  using socket = new TestSocket('inet', 'dgram');
  use(socket);
}

/** A hook, its program in hooks-cgroup or hooks-cgroup-unix, and what makes it run. */
export interface CgroupCase {
  readonly program: string;
  readonly section: string;
  /** As BPF_PROG_QUERY and the link know it. */
  readonly attachType: string;
  /** Does what the hook is for. */
  readonly fire: () => void;
}

const perVersion = (version: Version): CgroupCase[] => [
  {
    program: `post_bind${version}`,
    section: `cgroup/post_bind${version}`,
    attachType: `inet${version}_post_bind`,
    fire: () => bound(version, 'stream')[Symbol.dispose](),
  },
  {
    program: `bind${version}`,
    section: `cgroup/bind${version}`,
    attachType: `inet${version}_bind`,
    fire: () => bound(version, 'dgram')[Symbol.dispose](),
  },
  {
    program: `connect${version}`,
    section: `cgroup/connect${version}`,
    attachType: `inet${version}_connect`,
    fire: () => connection(version),
  },
  { program: `sendmsg${version}`, section: `cgroup/sendmsg${version}`, attachType: `udp${version}_sendmsg`, fire: () => datagram(version) },
  { program: `recvmsg${version}`, section: `cgroup/recvmsg${version}`, attachType: `udp${version}_recvmsg`, fire: () => datagram(version) },
  {
    program: `getpeername${version}`,
    section: `cgroup/getpeername${version}`,
    attachType: `inet${version}_getpeername`,
    fire: () => connection(version, (client) => client.peer()),
  },
  {
    program: `getsockname${version}`,
    section: `cgroup/getsockname${version}`,
    attachType: `inet${version}_getsockname`,
    fire: () => connection(version, (client) => client.name()),
  },
];

/** For sockets of the Internet, files and settings. */
export const CGROUP_CASES: readonly CgroupCase[] = [
  { program: 'skb_in', section: 'cgroup_skb/ingress', attachType: 'inet_ingress', fire: () => datagram(4) },
  { program: 'skb_out', section: 'cgroup_skb/egress', attachType: 'inet_egress', fire: () => datagram(4) },
  { program: 'skb_any', section: 'cgroup/skb', attachType: 'inet_ingress', fire: () => datagram(6) },
  { program: 'sock_create', section: 'cgroup/sock_create', attachType: 'inet_sock_create', fire: () => option(() => {}) },
  { program: 'sock', section: 'cgroup/sock', attachType: 'inet_sock_create', fire: () => option(() => {}) },
  { program: 'sock_release', section: 'cgroup/sock_release', attachType: 'inet_sock_release', fire: () => option(() => {}) },
  ...perVersion(4),
  ...perVersion(6),
  {
    program: 'getsockopt_hook',
    section: 'cgroup/getsockopt',
    attachType: 'getsockopt',
    fire: () => option((socket) => socket.getOption(SOL_SOCKET, SO_RCVBUF)),
  },
  {
    program: 'setsockopt_hook',
    section: 'cgroup/setsockopt',
    attachType: 'setsockopt',
    fire: () => option((socket) => socket.setOption(SOL_SOCKET, SO_RCVBUF, 8192)),
  },
  { program: 'sysctl_hook', section: 'cgroup/sysctl', attachType: 'sysctl', fire: () => readFileSync('/proc/sys/kernel/ostype') },
  { program: 'dev', section: 'cgroup/dev', attachType: 'device', fire: () => readFileSync('/dev/null') },
  { program: 'sock_ops', section: 'sockops', attachType: 'sock_ops', fire: () => connection(4) },
];

/** For Unix sockets. */
export const UNIX_CASES: readonly CgroupCase[] = [
  { program: 'connect_unix', section: 'cgroup/connect_unix', attachType: 'unix_connect', fire: () => unixConnection() },
  { program: 'sendmsg_unix', section: 'cgroup/sendmsg_unix', attachType: 'unix_sendmsg', fire: unixDatagram },
  { program: 'recvmsg_unix', section: 'cgroup/recvmsg_unix', attachType: 'unix_recvmsg', fire: unixDatagram },
  {
    program: 'getpeername_unix',
    section: 'cgroup/getpeername_unix',
    attachType: 'unix_getpeername',
    fire: () => unixConnection((client) => client.peer()),
  },
  {
    program: 'getsockname_unix',
    section: 'cgroup/getsockname_unix',
    attachType: 'unix_getsockname',
    fire: () => unixBound((socket) => socket.name()),
  },
];
