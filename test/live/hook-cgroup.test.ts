import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { attachTypes } from '../../src/kernel/names.js';
import { attach } from '../../src/link/attach.js';
import { attachToCgroup, cgroupPrograms, cgroupTree, detachFromCgroup } from '../../src/link/cgroup.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, eventually, loadTestObject, noCgroup, OwnCgroup, openBpfDescriptors, ownNetwork } from '../support/live.js';
import { address, TestSocket } from '../support/sockets.js';

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

interface Case {
  readonly program: string;
  readonly section: string;
  /** As BPF_PROG_QUERY and the link know it. */
  readonly attachType: string;
  /** Does what the hook is for. */
  readonly fire: () => void;
}

const perVersion = (version: Version): Case[] => [
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

const CASES: readonly Case[] = [
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

const UNIX: readonly Case[] = [
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

function testHooks(title: string, file: string, cases: readonly Case[], skip: string | false): void {
  describe(title, { skip }, () => {
    let object: LoadedObject;
    let cgroup: OwnCgroup;

    before(() => {
      object = loadTestObject(file);
      cgroup = new OwnCgroup();
      cgroup.enter();
    });

    after(() => {
      cgroup[Symbol.dispose]();
      object[Symbol.dispose]();
      assert.equal(openBpfDescriptors(), 0);
    });

    for (const { program, section, attachType, fire } of cases) {
      test(`${section}: attached, it runs, is listed, and detached it no longer runs`, async () => {
        const { id } = object.program(program)!;
        const count = () => countOf(object, program);
        {
          using link = attach(object.program(program)!, section, { cgroup: cgroup.path }) as Link;
          const earlier = count();
          fire();
          assert.ok(await eventually(() => count() > earlier), 'the counter moves');
          const listed = cgroupPrograms(cgroup.path).map((each) => [each.id, each.attach.toLowerCase()]);
          assert.deepEqual(listed, [[id, `cgroup_${attachType}`]]);
          const { target } = link.info;
          assert.ok(target.type === 'cgroup');
          assert.deepEqual(
            [target.cgroupId, attachTypes.nameOf(target.attachType)],
            [BigInt(statSync(cgroup.path).ino), `cgroup_${attachType}`],
          );
          link.detach();
          assert.deepEqual(cgroupPrograms(cgroup.path), []);
        }
        const last = count();
        fire();
        assert.equal(count(), last);
      });
    }
  });
}

if (!noCgroup) ownNetwork();
testHooks('hooks of cgroups', 'hooks-cgroup', CASES, noCgroup);
testHooks('hooks of cgroups for Unix sockets', 'hooks-cgroup-unix', UNIX, noCgroup || (isOlderThan('6.7') && 'needs Linux 6.7'));

describe('cgroups without links', { skip: noCgroup }, () => {
  let object: LoadedObject;
  before(() => {
    object = loadTestObject('hooks-cgroup');
  });
  after(() => object[Symbol.dispose]());

  test('a program that is attached for itself stays until it is detached, and excludes others below', () => {
    using parent = new OwnCgroup();
    const [first, second] = [object.program('skb_in')!, object.program('skb_any')!];
    attachToCgroup(parent.path, 'CGROUP_INET_INGRESS', first, []);
    assert.deepEqual(
      cgroupPrograms(parent.path).map(({ id, flags }) => [id, flags]),
      [[first.id, 0]],
    );
    assert.throws(() => attachToCgroup(parent.path, 'CGROUP_INET_INGRESS', second, ['multi']), /that allows no other$/);
    detachFromCgroup(parent.path, 'CGROUP_INET_INGRESS', first);
    assert.throws(() => detachFromCgroup(parent.path, 'CGROUP_INET_INGRESS', first), /it is not attached there/);
  });

  test('a tree names the cgroups that have programs, and effective ones are seen below', () => {
    using parent = new OwnCgroup();
    const program = object.program('skb_out')!;
    attachToCgroup(parent.path, 'CGROUP_INET_EGRESS', program, ['multi']);
    assert.deepEqual(
      [...cgroupTree(parent.path)].map(({ path, level, programs }) => [path, level, programs.map(({ name, flags }) => [name, flags])]),
      [[parent.path, 0, [['skb_out', 2]]]],
    );
    assert.ok(cgroupPrograms(parent.path, true).some(({ id, flags }) => id === program.id && flags === undefined));
    detachFromCgroup(parent.path, 'CGROUP_INET_EGRESS', program);
    assert.deepEqual([...cgroupTree(parent.path)], []);
  });

  test('a path that is no cgroup is refused in words', () => {
    const program = object.program('skb_out')!;
    assert.throws(() => attach(program, 'cgroup_skb/egress', { cgroup: '/tmp' }), /\/tmp is no cgroup of version 2/);
    assert.throws(() => attach(program, 'cgroup_skb/egress', { cgroup: '/tmp/nowhere' }), /there is no cgroup/);
    assert.throws(() => attach(program, 'cgroup_skb/egress'), /it needs a cgroup: cgroup PATH/);
  });
});
