import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isErrno } from '../../native/error.js';
import { UsageError } from '../../src/errors.js';
import { mapType } from '../../src/kernel/map-types.js';
import { type MapTypeName, mapTypes } from '../../src/kernel/names.js';
import { BpfMap } from '../../src/map/map.js';
import { u32, u64 } from '../support/bytes.js';
import { loadTestObject, noRoot, OwnBpffs, openBpfDescriptors } from '../support/live.js';
import { CREATABLE, makeMap, tryMakeMap } from '../support/maps.js';

describe('maps', { skip: noRoot }, () => {
  after(() => assert.equal(openBpfDescriptors(), 0));

  for (const type of CREATABLE) {
    test(`a map of type ${type.toLowerCase()} is created and found again by its id`, (context) => {
      using map = tryMakeMap(type);
      if (!map)
        return context.skip(`this kernel has no ${type.toLowerCase()} (since ${mapType(mapTypes.valueOf(type.toLowerCase())!).since})`);
      assert.equal(map.info.typeName, type.toLowerCase());
      assert.ok(map.state.memlock !== undefined && !map.state.frozen);
      using again = BpfMap.fromId(map.id, 'read');
      assert.deepEqual(again.info, map.info);
      assert.ok([...BpfMap.ids()].includes(map.id));
    });
  }

  test('a key or value of a wrong size is refused before the kernel is asked', () => {
    using map = makeMap('HASH');
    assert.throws(() => map.lookup(u64(1)), /takes keys of 4 bytes, not 8/);
    assert.throws(() => map.lookup(), /takes keys of 4 bytes, not 0/);
    assert.throws(() => map.update(u32(1), u32(1)), /takes values of 8 bytes, not 4/);
    assert.throws(() => map.next(new Uint8Array(3)), UsageError);
    using queue = makeMap('QUEUE');
    assert.throws(() => queue.update(u32(1), u64(1)), /has no keys/);
  });

  test('a full map and a frozen one say so', () => {
    using full = makeMap('HASH', { maxEntries: 1 });
    full.update(u32(1), u64(1));
    assert.throws(() => full.update(u32(2), u64(1)), /update map test \(id \d+\): it is full/);
    using frozen = makeMap('ARRAY');
    frozen.freeze();
    assert.equal(frozen.state.frozen, true);
    assert.throws(() => frozen.update(u32(0), u64(1)), /it is frozen/);
    assert.throws(() => frozen.freeze(), /it is frozen already/);
  });

  test('a map that the kernel refuses is refused with the rule it breaks', () => {
    for (const [type, more, why] of [
      ['HASH', { keySize: 0 }, /the key needs a size/],
      ['HASH', { maxEntries: 0 }, /entries has to be at least 1/],
      ['HASH', { name: 'a b' }, /letters, digits/],
      ['ARRAY', { keySize: 8 }, /maps of type array have keys of 4 bytes/],
      ['RINGBUF', { maxEntries: 5000 }, /a power of two/],
      ['QUEUE', { keySize: 4 }, /have no keys/],
      ['LPM_TRIE', { flags: 0 }, /BPF_F_NO_PREALLOC/],
      ['PROG_ARRAY', { valueSize: 8 }, /maps of type prog_array have values of 4 bytes/],
    ] as const) {
      assert.throws(() => makeMap(type as MapTypeName, more), why);
    }
  });

  test('a pinned map is opened by its path, and a pinned program is not a map', () => {
    using bpffs = new OwnBpffs();
    using map = makeMap('HASH');
    map.pin(join(bpffs.path, 'map'));
    using again = BpfMap.fromPin(join(bpffs.path, 'map'));
    assert.equal(again.id, map.id);
    using reader = BpfMap.fromPin(join(bpffs.path, 'map'), 'read');
    assert.throws(
      () => reader.update(u32(1), u64(1)),
      (error: Error) => isErrno(error.cause, 'EPERM'),
    );
    using object = loadTestObject('run');
    object.programs[0]!.program.pin(join(bpffs.path, 'program'));
    assert.throws(() => BpfMap.fromPin(join(bpffs.path, 'program')), /holds a program, not a map/);
    assert.throws(() => BpfMap.fromPin(join(bpffs.path, 'nothing')), /there is nothing at/);
  });

  test('an id that nobody has is told as that', () => {
    assert.throws(() => BpfMap.fromId(0xffff_fff0), /there is no map with id 4294967280/);
  });
});
