import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangesText } from '../../src/format/ranges.js';

test('numbers that follow each other are a range, from three on', () => {
  assert.equal(rangesText([12, 7, 9, 8, 10, 11]), '7-12');
  assert.equal(rangesText([1, 3, 4, 6]), '1,3,4,6');
  assert.equal(rangesText([1, 3, 4, 5, 9]), '1,3-5,9');
  assert.equal(rangesText([5, 5]), '5');
  assert.equal(rangesText([]), '');
});
