import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { isErrno } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { callSystem } from '../../native/ffi.js';
import { PerfType, perfEventOpen } from '../../native/perf.js';
import { batches } from '../../src/map/batches.js';
import { isBatch, rows } from '../../src/map/rows.js';
import { possibleCpus } from '../../src/system/cpus.js';
import { u32, u64 } from '../support/bytes.js';
import { loadTestObject, noCgroup, noRoot, OwnCgroup, openBpfDescriptors, testObjectPath } from '../support/live.js';
import { contents, keysInBatches, makeMap, OpenFile, tryMakeMap } from '../support/maps.js';
import { address, TestSocket } from '../support/sockets.js';

const ENOENT_WALKS: readonly string[] = ['ENOTSUPP', 'EOPNOTSUPP', 'EINVAL'];

describe('maps of objects', { skip: noRoot }, () => {
  after(() => assert.equal(openBpfDescriptors(), 0));

  for (const type of ['ARRAY_OF_MAPS', 'HASH_OF_MAPS'] as const) {
    test(`an ${type.toLowerCase()} takes descriptors of maps and gives their ids`, async () => {
      using map = makeMap(type);
      using inner = makeMap('HASH');
      map.update(u32(2), inner.fd);
      assert.deepEqual(map.lookup(u32(2)), u32(inner.id));
      assert.deepEqual(contents(map), [[u32(2).join(), u32(inner.id).join()]]);
      assert.equal((await keysInBatches(map)).length, 1);
      using other = makeMap('QUEUE');
      assert.throws(
        () => map.update(u32(3), other.fd),
        (error: Error) => isErrno(error.cause, 'EINVAL'),
      );
      assert.equal(map.delete(u32(2)), true);
      assert.deepEqual(contents(map), []);
    });
  }

  test('a prog array takes programs, gives their ids, and tells their type', () => {
    using map = makeMap('PROG_ARRAY');
    using object = loadTestObject('hooks-net');
    const { program } = object.programs[0]!;
    map.update(u32(1), program.fd);
    assert.deepEqual(map.lookup(u32(1)), u32(program.id));
    assert.deepEqual(contents(map), [[u32(1).join(), u32(program.id).join()]]);
    assert.equal(map.state.ownerProgType, program.info.type);
    assert.equal(typeof map.state.ownerJited, 'boolean');
    assert.equal(map.delete(u32(1)), true);
  });

  test('maps of devices and CPUs tell of empty slots', async () => {
    for (const [type, value, missing] of [
      ['DEVMAP', 1, 15],
      ['CPUMAP', 192, possibleCpus() - 1],
    ] as const) {
      using map = makeMap(type, { maxEntries: type === 'CPUMAP' ? possibleCpus() : 16 });
      map.update(u32(0), u32(value));
      assert.deepEqual(contents(map), [[u32(0).join(), u32(value).join()]]);
      let unreadable = 0;
      for await (const part of batches(map)) if (!isBatch(part) && isErrno(part.error, 'ENOENT')) unreadable++;
      assert.equal(unreadable, missing);
      assert.equal(map.delete(u32(0)), true);
    }
  });

  test('a devmap_hash has any keys', () => {
    using map = makeMap('DEVMAP_HASH');
    map.update(u32(4711), u32(1));
    assert.deepEqual(contents(map), [[u32(4711).join(), u32(1).join()]]);
    assert.equal(map.delete(u32(4711)), true);
  });

  test('maps of sockets take descriptors and give cookies', () => {
    using socket = new TestSocket('inet', 'dgram');
    const SOL_SOCKET = 1;
    const SO_REUSEPORT = 15;
    socket.setOption(SOL_SOCKET, SO_REUSEPORT, 1);
    socket.bind(address('127.0.0.1'));
    for (const type of ['SOCKMAP', 'SOCKHASH', 'REUSEPORT_SOCKARRAY'] as const) {
      using map = makeMap(type);
      map.update(u32(1), socket.fd);
      const [[key, cookie]] = contents(map) as [[string, string]];
      assert.equal(key, u32(1).join());
      assert.notEqual(cookie, u64(0).join());
      assert.equal(map.delete(u32(1)), true);
      assert.deepEqual(contents(map), []);
    }
  });

  test('a socket map without room for cookies is walked, and its values cannot be read', async () => {
    using socket = new TestSocket('inet', 'dgram').bind(address('127.0.0.1'));
    using map = makeMap('SOCKHASH', { valueSize: 4 });
    map.update(u32(9), socket.fd);
    const parts = [];
    for await (const part of batches(map)) parts.push(isBatch(part) ? 'batch' : `${part.key.join()} ${part.error.code}`);
    assert.deepEqual(parts, [`${u32(9).join()} ENOSPC`]);
  });

  test('an xskmap takes an AF_XDP socket', () => {
    using socket = new TestSocket('xdp', 'raw');
    // Newer kernels take only sockets that can receive.
    const [SOL_XDP, XDP_RX_RING] = [283, 2];
    socket.setOption(SOL_XDP, XDP_RX_RING, 64);
    using map = makeMap('XSKMAP');
    map.update(u32(1), socket.fd);
    assert.throws(
      () => map.lookup(u32(1)),
      (error: Error) => isErrno(error.cause, 'EOPNOTSUPP'),
    );
    assert.equal(map.delete(u32(1)), true);
  });

  test('a perf event array takes events, whose slots cannot be read', async () => {
    using map = makeMap('PERF_EVENT_ARRAY', { maxEntries: 2 });
    const PERF_COUNT_SW_BPF_OUTPUT = 10;
    using event = perfEventOpen({ type: PerfType.SOFTWARE, config: PERF_COUNT_SW_BPF_OUTPUT, sample_period: 1 }, { pid: -1, cpu: 0 });
    map.update(u32(0), event.number);
    const codes = [];
    for await (const part of batches(map)) codes.push(isBatch(part) ? 'batch' : part.error.code);
    assert.deepEqual(codes, ['ENOTSUPP', 'ENOTSUPP']);
    assert.equal(map.delete(u32(0)), true);
  });

  test('a cgroup array takes cgroups', { skip: noCgroup }, () => {
    using cgroup = new OwnCgroup();
    using folder = new OpenFile(cgroup.path);
    using map = makeMap('CGROUP_ARRAY');
    map.update(u32(1), folder.fd);
    assert.throws(
      () => map.lookup(u32(1)),
      (error: Error) => isErrno(error.cause, 'ENOTSUPP'),
    );
    assert.equal(map.delete(u32(1)), true);
  });

  test('storage is looked up by a descriptor of its owner, and cannot be listed', (context) => {
    using socket = new TestSocket('inet', 'dgram');
    using file = new OpenFile(testObjectPath('run'));
    using process_ = pidfd();
    for (const [type, owner] of [
      ['SK_STORAGE', socket.fd],
      ['INODE_STORAGE', file.fd],
      ['TASK_STORAGE', process_.number],
    ] as const) {
      using map = tryMakeMap(type);
      if (!map) {
        context.diagnostic(`this kernel has no ${type.toLowerCase()}`);
        continue;
      }
      map.update(u32(owner), u64(42));
      assert.deepEqual(map.lookup(u32(owner)), u64(42));
      assert.throws(() => [...rows(map)], /cannot be listed/);
      assert.equal(map.delete(u32(owner)), true);
      assert.equal(map.lookup(u32(owner)), undefined);
    }
  });

  test('storage of a cgroup is looked up by its folder', { skip: noCgroup }, (context) => {
    using map = tryMakeMap('CGRP_STORAGE');
    if (!map) return context.skip('this kernel has no cgrp_storage (since 6.2)');
    using cgroup = new OwnCgroup();
    using folder = new OpenFile(cgroup.path);
    map.update(u32(folder.fd), u64(42));
    assert.deepEqual(map.lookup(u32(folder.fd)), u64(42));
    assert.equal(map.delete(u32(folder.fd)), true);
  });

  test('storage of attached programs, and stack traces, are empty until a program runs', () => {
    for (const type of ['CGROUP_STORAGE', 'PERCPU_CGROUP_STORAGE', 'STACK_TRACE'] as const) {
      using map = makeMap(type);
      assert.deepEqual(contents(map), []);
      assert.equal(map.lookup(new Uint8Array(map.info.keySize)), undefined);
    }
  });

  test('maps that have no elements say why they are not listed', (context) => {
    for (const [type, why] of [
      ['RINGBUF', /reading takes them out/],
      ['USER_RINGBUF', /written by mapping it/],
      ['ARENA', /memory shared with its programs/],
    ] as const) {
      using map = tryMakeMap(type);
      if (!map) {
        context.diagnostic(`this kernel has no ${type.toLowerCase()}`);
        continue;
      }
      assert.throws(() => [...rows(map)], why);
      assert.throws(
        () => map.next(),
        (error: Error) => isErrno(error.cause, ...ENOENT_WALKS),
      );
    }
  });
});

function pidfd(): Fd {
  const PIDFD_OPEN = 434;
  const fd = callSystem(PIDFD_OPEN, [process.pid, 0]);
  assert.ok(fd > 0);
  return new Fd(fd);
}
