import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filledTyped } from '../../bench/fixtures.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import type { MapTypeName } from '../../src/kernel/names.js';
import type { BpfMap } from '../../src/map/map.js';
import { counting, u32, u64 } from '../support/bytes.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { CREATABLE, makeMap, tryMakeMap } from '../support/maps.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';

const FORMS = [[], ['-j'], ['-p']];
// Before 7.2 it did not tell of ids of inner maps.
const OLD_MAPS_OF_MAPS: readonly MapTypeName[] = referenceVersion < 705 ? ['ARRAY_OF_MAPS', 'HASH_OF_MAPS'] : [];
// Older ones print the numbers of the types from here on.
const NEW_TO_OLD = referenceVersion < 705 ? MapType.CGRP_STORAGE : MapType.INSN_ARRAY;
/** Those whose dump the reference ends without a reason and without success. */
const REASONED: readonly MapTypeName[] = [
  'QUEUE',
  'STACK',
  'BLOOM_FILTER',
  'RINGBUF',
  'USER_RINGBUF',
  'ARENA',
  'SK_STORAGE',
  'INODE_STORAGE',
  'TASK_STORAGE',
  'CGRP_STORAGE',
];

/** Runs both tools, in every form, and compares what they print and end with. */
async function agree(...words: string[]): Promise<void> {
  for (const form of FORMS) {
    const args = [...form, ...words];
    const [ours, theirs] = [await capture(args), runReference(args)];
    assert.equal(comparable(ours.out), comparable(theirs.out), args.join(' '));
    assert.equal(ours.status, theirs.status, `status of ${args.join(' ')}`);
  }
}

/** Without who holds the object, which differs by who asks, and with the number in place of what the reference says of a floating-point one. */
function comparable(text: string): string {
  return text
    .replace(/\n\tpids .*/g, '')
    .replace(/,\s*"pids": ?\[[^\]]*\]/g, '')
    .replace(/\(unsupported-kind\)?/g, '0');
}

function fill(map: BpfMap): void {
  const { key, value } = map.row;
  if (value === 'map') {
    using inner = makeMap('HASH');
    map.update(u32(1), inner.fd);
  } else if (value === 'plain' || value === 'per-cpu') {
    if (key === 'none') map.push(counting(map.info.valueSize));
    else if (key === 'lpm') map.update(Uint8Array.of(16, 0, 0, 0, 10, 1, 0, 0), counting(map.info.valueSize));
    else if (key === 'bytes')
      for (let i = 1; i < 12; i++) map.update(u32(i), map.info.type === MapType.DEVMAP_HASH ? u32(1) : u64(i * 1000));
  }
}

const words = (bytes: Uint8Array) => Array.from(bytes, String);

describe('maps against the reference', { skip: noRoot || noReference }, () => {
  for (const type of CREATABLE) {
    test(`a ${type.toLowerCase()} is shown and dumped byte for byte as by the reference`, async (context) => {
      using map = tryMakeMap(type);
      if (!map) return context.skip(`this kernel has no ${type.toLowerCase()}`);
      if (referenceVersion < 708 && map.info.type >= NEW_TO_OLD) return context.skip('needs bpftool 7.8, which knows its name');
      fill(map);
      const id = ['id', String(map.id)];
      await agree('map', 'show', ...id);
      if (REASONED.includes(type)) {
        const { status, err } = await capture(['map', 'dump', ...id]);
        assert.equal(status, 255);
        assert.match(err, /^Error: map test \(id \d+\) is of type \w+, which .+\n/);
      } else if (!OLD_MAPS_OF_MAPS.includes(type)) await agree('map', 'dump', ...id);
    });
  }

  test('keys and values of any size have their lines broken as the reference breaks them', async () => {
    for (const [keySize, valueSize] of [
      [1, 1],
      [8, 16],
      [9, 16],
      [16, 16],
      [17, 1],
      [1, 17],
      [33, 40],
    ] as const) {
      for (const type of ['HASH', 'PERCPU_HASH'] as const) {
        using map = makeMap(type, { keySize, valueSize });
        for (let i = 0; i < 3; i++) map.update(counting(keySize, i), counting(valueSize, i));
        await agree('map', 'dump', 'id', String(map.id));
        await agree('map', 'lookup', 'id', String(map.id), 'key', ...words(counting(keySize, 1)));
      }
    }
  });

  test('a map of which there are many, in more than one batch, is dumped whole', async () => {
    using map = makeMap('HASH', { maxEntries: 50_000 });
    for (let i = 0; i < 50_000; i++) map.update(u32(i), u64(i));
    await agree('map', 'dump', 'id', String(map.id));
  });

  test('several maps of one name are dumped one after the other', async () => {
    using first = makeMap('HASH', { name: 'twice' });
    using second = makeMap('ARRAY', { name: 'twice', maxEntries: 2 });
    first.update(u32(1), u64(1));
    assert.equal(second.name, 'twice');
    await agree('map', 'dump', 'name', 'twice');
    await agree('map', 'show', 'name', 'twice');
  });

  test('elements are looked up, stepped through and missed as by the reference', async () => {
    using map = makeMap('HASH');
    for (let i = 0; i < 3; i++) map.update(u32(i), u64(i));
    const id = ['id', String(map.id)];
    await agree('map', 'lookup', ...id, 'key', '1', '0', '0', '0');
    await agree('map', 'lookup', ...id, 'key', 'hex', '02', '00', '00', '00');
    await agree('map', 'lookup', ...id, 'key', '0x9', '0', '0', '0');
    await agree('map', 'getnext', ...id);
    using array = makeMap('ARRAY');
    await agree('map', 'getnext', 'id', String(array.id), 'key', '1', '0', '0', '0');
  });

  test('queues and stacks are peeked into and popped empty as by the reference', async () => {
    for (const type of ['QUEUE', 'STACK'] as const) {
      using map = makeMap(type);
      const id = ['id', String(map.id)];
      await agree('map', 'peek', ...id);
      await agree('map', 'pop', ...id);
      for (let i = 0; i < 3; i++) map.push(u64(i));
      await agree('map', 'peek', ...id);
      // Each pop takes one out, so both tools get the same only when all are the same.
      using same = makeMap(type, { maxEntries: 10 });
      for (let i = 0; i < 6; i++) same.push(u64(7));
      await agree('map', 'pop', 'id', String(same.id));
    }
  });

  test('changes say nothing in plain text and null in JSON', async () => {
    using map = makeMap('HASH');
    const id = ['id', String(map.id)];
    const element = ['key', '1', '0', '0', '0', 'value', '1', '2', '3', '4', '5', '6', '7', '8'];
    await agree('map', 'update', ...id, ...element, 'any');
    assert.deepEqual(map.lookup(u32(1)), counting(8, 1));
    using queue = makeMap('QUEUE');
    await agree('map', 'push', 'id', String(queue.id), 'value', ...words(u64(1)));
    await agree('map', 'enqueue', 'id', String(queue.id), 'value', ...words(u64(1)));
  });

  test('elements with BTF are printed by their types as by the reference', async () => {
    using map = filledTyped(500);
    await agree('map', 'dump', 'id', String(map.id));
    await agree('map', 'lookup', 'id', String(map.id), 'key', ...words(u32(77)));
  });

  test('values and global variables of every type are printed as by the reference', {
    skip: referenceVersion < 705 && 'needs bpftool 7.5: older ones print pointers and backslashes differently',
  }, async () => {
    using object = loadTestObject('values');
    for (const { map } of object.maps) {
      await agree('map', 'dump', 'id', String(map.id));
    }
  });
});
