import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeySet } from '../../src/map/key-set.js';
import { randomNumbers } from '../support/random.js';

test('a key set knows what was added, at any size', () => {
  for (const keySize of [1, 4, 20]) {
    const random = randomNumbers(keySize);
    const set = new KeySet(keySize);
    const known = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      const key = Uint8Array.from({ length: keySize }, () => random(16));
      assert.equal(set.has(key), known.has(key.join()));
      assert.equal(set.add(key), !known.has(key.join()));
      known.add(key.join());
    }
    assert.equal(set.size, known.size);
    assert.deepEqual(new Set(Array.from({ length: set.size }, (_, i) => set.at(i).join())), known);
  }
});

test('keys are kept in the order in which they were added, and read at an offset', () => {
  const set = new KeySet(2);
  const bytes = Uint8Array.of(9, 9, 1, 2, 9, 9);
  for (const offset of [2, 0, 4]) set.add(bytes, offset);
  assert.deepEqual([set.size, set.at(0), set.at(1)], [2, Uint8Array.of(1, 2), Uint8Array.of(9, 9)]);
});
