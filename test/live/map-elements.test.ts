import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { isErrno } from '../../native/error.js';
import { UsageError } from '../../src/errors.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { mapType } from '../../src/kernel/map-types.js';
import { rows } from '../../src/map/rows.js';
import { possibleCpus } from '../../src/system/cpus.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { counting, u32, u64 } from '../support/bytes.js';
import { noRoot, openBpfDescriptors } from '../support/live.js';
import { contents, keysInBatches, makeMap, tryMakeMap } from '../support/maps.js';

describe('elements of maps', { skip: noRoot }, () => {
  after(() => assert.equal(openBpfDescriptors(), 0));

  for (const type of ['HASH', 'LRU_HASH', 'PERCPU_HASH', 'LRU_PERCPU_HASH', 'RHASH'] as const) {
    test(`elements of a ${type.toLowerCase()} are written, read, walked and deleted`, async (context) => {
      using map = tryMakeMap(type, { maxEntries: 1000 });
      if (!map) return context.skip(`this kernel has no ${type.toLowerCase()} (since ${mapType(MapType[type]).since})`);
      for (let i = 0; i < 20; i++) map.update(u32(i), u64(i * 3));
      for (const value of map.perCpu(map.lookup(u32(7))!)) assert.deepEqual(value, u64(21));
      assert.equal(map.lookup(u32(99)), undefined);
      assert.deepEqual(
        contents(map).map(([key]) => key),
        Array.from({ length: 20 }, (_, i) => u32(i).join()).sort(),
      );
      assert.deepEqual(
        await keysInBatches(map),
        contents(map).map(([key]) => key),
      );
      assert.throws(
        () => map.update(u32(7), u64(0), 'noexist'),
        (error: Error) => isErrno(error.cause, 'EEXIST'),
      );
      assert.throws(
        () => map.update(u32(77), u64(0), 'exist'),
        (error: Error) => isErrno(error.cause, 'ENOENT'),
      );
      assert.deepEqual([map.delete(u32(7)), map.delete(u32(7))], [true, false]);
      assert.equal(contents(map).length, 19);
      // Taking out by key came later than the maps.
      if (isOlderThan('5.14')) return;
      assert.equal(map.pop(u32(8))?.length, map.valueBytes);
      assert.equal(map.lookup(u32(8)), undefined);
    });
  }

  for (const type of ['ARRAY', 'PERCPU_ARRAY'] as const) {
    test(`all entries of an ${type.toLowerCase()} are there from the beginning`, async () => {
      using map = makeMap(type, { maxEntries: 5, valueSize: 12 });
      map.update(u32(3), counting(12));
      for (const value of map.perCpu(map.lookup(u32(3))!)) assert.deepEqual(value, counting(12));
      assert.equal([...rows(map)].length, 5);
      assert.equal((await keysInBatches(map)).length, 5);
      assert.equal(map.lookup(u32(5)), undefined);
      assert.throws(
        () => map.delete(u32(3)),
        (error: Error) => isErrno(error.cause, 'EINVAL'),
      );
      assert.throws(() => map.update(u32(5), counting(12)), /it is full or its index too large \(5 entries\)/);
    });
  }

  test('a per-CPU map takes one value for all CPUs or one for each', () => {
    using map = makeMap('PERCPU_HASH', { valueSize: 12 });
    assert.equal(map.valueBytes, 16 * possibleCpus());
    const each = new Uint8Array(map.valueBytes);
    for (let cpu = 0; cpu < possibleCpus(); cpu++) each.set(counting(12, cpu + 1), cpu * 16);
    map.update(u32(1), each);
    assert.deepEqual(
      map.perCpu(map.lookup(u32(1))!).map((value) => value[0]),
      Array.from({ length: possibleCpus() }, (_, cpu) => cpu + 1),
    );
  });

  test('a trie finds the longest prefix and lists what was put in', async () => {
    using map = makeMap('LPM_TRIE');
    map.update(Uint8Array.of(8, 0, 0, 0, 10, 0, 0, 0), u64(8));
    map.update(Uint8Array.of(24, 0, 0, 0, 10, 1, 2, 0), u64(24));
    map.update(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), u64(0));
    assert.deepEqual(map.lookup(Uint8Array.of(32, 0, 0, 0, 10, 1, 2, 3)), u64(24));
    assert.deepEqual(map.lookup(Uint8Array.of(32, 0, 0, 0, 10, 9, 9, 9)), u64(8));
    assert.equal(contents(map).length, 3);
    assert.deepEqual(
      await keysInBatches(map),
      contents(map).map(([key]) => key),
    );
    assert.equal(map.delete(Uint8Array.of(24, 0, 0, 0, 10, 1, 2, 0)), true);
    assert.deepEqual(map.lookup(Uint8Array.of(32, 0, 0, 0, 10, 1, 2, 3)), u64(8));
  });

  test('a queue gives its oldest, a stack its newest, and both refuse when full', () => {
    for (const [type, first] of [
      ['QUEUE', 1],
      ['STACK', 3],
    ] as const) {
      using map = makeMap(type, { maxEntries: 3 });
      assert.deepEqual([map.peek(), map.pop()], [undefined, undefined]);
      for (const value of [1, 2, 3]) map.push(u64(value));
      assert.throws(() => map.push(u64(4)), /it is full/);
      assert.deepEqual([map.peek(), map.pop(), map.pop()], [u64(first), u64(first), u64(2)]);
      assert.throws(() => [...rows(map)], /is of type (queue|stack), which shows only its head/);
    }
  });

  test('a full queue gives up its oldest when asked to', () => {
    using map = makeMap('QUEUE', { maxEntries: 2 });
    for (const value of [1, 2]) map.push(u64(value));
    map.push(u64(3), true);
    assert.deepEqual([map.pop(), map.pop(), map.pop()], [u64(2), u64(3), undefined]);
  });

  test('a bloom filter is asked for values and never denies one that was put in', (context) => {
    using map = tryMakeMap('BLOOM_FILTER');
    if (!map) return context.skip('this kernel has no bloom filters (since 5.16)');
    for (let i = 0; i < 10; i++) map.push(u64(i));
    assert.ok(Array.from({ length: 10 }, (_, i) => map.mayContain(u64(i))).every(Boolean));
    assert.ok(Array.from({ length: 100 }, (_, i) => map.mayContain(u64(1000 + i))).some((may) => !may));
    assert.throws(() => map.lookup(), UsageError);
    assert.throws(() => [...rows(map)], /which only answers whether a value may be in it/);
  });
});
