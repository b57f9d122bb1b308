import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapType } from '../../src/kernel/enums.gen.js';
import { MAP_TYPES, mapType, perCpuStep, valueBytes } from '../../src/kernel/map-types.js';

test('every map type of the kernel has a row under its number', () => {
  for (const [name, number] of Object.entries(MapType)) {
    if (name === 'UNSPEC') continue;
    assert.equal(MAP_TYPES[number]?.name, name.toLowerCase());
    assert.match(MAP_TYPES[number]!.since, /^\d\.\d+$/);
  }
  assert.equal(MAP_TYPES.length, Object.keys(MapType).length);
});

test('a map that cannot be walked says what to do instead', () => {
  for (const row of MAP_TYPES) if (row?.walk === 'never') assert.ok(row.instead, row.name);
});

test('values of per-CPU maps are rounded up to 8 bytes for each possible CPU', () => {
  assert.deepEqual([1, 8, 9].map(perCpuStep), [8, 8, 16]);
  for (const type of ['PERCPU_HASH', 'PERCPU_ARRAY', 'LRU_PERCPU_HASH', 'PERCPU_CGROUP_STORAGE'] as const) {
    assert.equal(valueBytes(MapType[type], 12, 4), 64);
  }
  assert.equal(valueBytes(MapType.HASH, 12, 4), 12);
});

test('maps of descriptors are read and written in 4 bytes, maps of sockets as they are', () => {
  assert.equal(valueBytes(MapType.PROG_ARRAY, 8, 4), 4);
  assert.equal(valueBytes(MapType.HASH_OF_MAPS, 8, 4), 4);
  assert.equal(valueBytes(MapType.SOCKMAP, 8, 4), 8);
});

test('a type that this release does not know is taken for a plain map', () => {
  const row = mapType(1000);
  assert.deepEqual([row.name, row.key, row.value, row.walk], ['1000', 'bytes', 'plain', 'batch-by-key']);
  assert.equal(valueBytes(1000, 24, 4), 24);
});
