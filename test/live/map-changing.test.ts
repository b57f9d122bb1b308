import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { batches } from '../../src/map/batches.js';
import type { BpfMap } from '../../src/map/map.js';
import { isBatch, rows } from '../../src/map/rows.js';
import { keys } from '../../src/map/walk.js';
import { emulated, someOf } from '../support/guest.js';
import { noRoot, openBpfDescriptors } from '../support/live.js';
import { startChanger, writeKey } from '../support/map-changer.js';
import { makeMap, tryMakeMap } from '../support/maps.js';

const STABLE = 300;
// Each is some hundred times as long as a change.
const READS = emulated ? 3 : 15;

/** How all keys of a map are read in each of the ways there are. */
const WAYS: Readonly<Record<string, (map: BpfMap) => Promise<string[]>>> = {
  'in batches that are fetched ahead': async (map) => {
    const found: string[] = [];
    for await (const part of batches(map)) {
      if (!isBatch(part)) continue;
      for (let i = 0; i < part.count; i++) found.push(part.keys.slice(i * map.info.keySize, (i + 1) * map.info.keySize).join());
    }
    return found;
  },
  'row by row': async (map) => [...rows(map)].map(({ key }) => key.join()),
  'key by key': async (map) => Array.from(keys(map), (key) => key.join()),
};

describe('maps that change while they are read', { skip: noRoot }, () => {
  after(() => assert.equal(openBpfDescriptors(), 0));

  const types = ['HASH', 'PERCPU_HASH', 'LPM_TRIE', 'DEVMAP_HASH', 'RHASH'] as const;
  const cases = types.flatMap((type) => Object.entries(WAYS).map(([way, read]) => ({ type, way, read })));
  for (const { type, way, read } of someOf(cases, 4)) {
    test(`a ${type.toLowerCase()} read ${way} gives all that stays, and nothing twice`, async (context) => {
      using map = tryMakeMap(type, { maxEntries: 1024 });
      if (!map) return context.skip('this kernel has no rhash (since 7.2)');
      const value = new Uint8Array(map.info.valueSize).fill(1, 0, 1);
      const stable = Array.from({ length: STABLE }, (_, i) => writeKey(map, new Uint8Array(map.info.keySize), i));
      for (const key of stable) map.update(key, value);
      await using _changer = await startChanger(map, STABLE);
      for (let i = 0; i < READS; i++) {
        const found = await read(map);
        const distinct = new Set(found);
        assert.equal(distinct.size, found.length, 'a key was given twice');
        const missing = stable.filter((key) => !distinct.has(key.join()));
        assert.deepEqual(missing, []);
      }
    });
  }

  test('a map that is emptied while its keys are walked comes to an end', () => {
    for (const type of ['HASH', 'DEVMAP_HASH', 'LPM_TRIE'] as const) {
      using map = makeMap(type, { maxEntries: 1024 });
      const value = new Uint8Array(map.info.valueSize).fill(1, 0, 1);
      const all = Array.from({ length: 100 }, (_, i) => writeKey(map, new Uint8Array(map.info.keySize), i));
      for (const key of all) map.update(key, value);
      let given = 0;
      for (const key of keys(map)) {
        given++;
        map.delete(key.slice());
      }
      assert.equal(given, 100, type);
    }
  });

  test('a map that never stops growing in front is given up with a sentence', () => {
    using map = makeMap('HASH', { maxEntries: 64 });
    const value = new Uint8Array(map.info.valueSize);
    const key = new Uint8Array(4);
    map.update(writeKey(map, key, 0), value);
    let number = 0;
    assert.throws(() => {
      for (const found of keys(map)) {
        map.delete(found.slice());
        map.update(writeKey(map, key, ++number), value);
      }
    }, /it changes faster than it can be read; \d+ entries were read/);
  });

  test('a hash whose bucket does not fit a batch is read with a larger one', async () => {
    const valueSize = 3 << 20;
    using map = makeMap('HASH', { valueSize, maxEntries: 14 });
    for (let i = 0; i < 14; i++) map.update(writeKey(map, new Uint8Array(4), i), new Uint8Array(valueSize).fill(i));
    const found: number[] = [];
    for await (const part of batches(map)) {
      if (!isBatch(part)) continue;
      for (let i = 0; i < part.count; i++) {
        assert.equal(part.values[i * valueSize], part.keys[i * 4]);
        found.push(part.keys[i * 4]!);
      }
    }
    assert.deepEqual(
      found.sort((a, b) => a - b),
      Array.from({ length: 14 }, (_, i) => i),
    );
  });
});
