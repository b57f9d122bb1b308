import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortNumber, shortTime } from '../../src/format/quantity.js';
import { sparkline } from '../../src/format/sparkline.js';

test('numbers take at most five characters', () => {
  const given = [0, 0.4, 999, 999.5, 1234, 99_949, 99_950, 999_499, 999_500, 1.5e9, 2e12];
  assert.deepEqual(given.map(shortNumber), ['0', '0', '999', '1.0k', '1.2k', '99.9k', '100k', '999k', '1.0M', '1.5G', '2.0T']);
});

test('times are in their largest unit', () => {
  const given = [1, 850, 999.6, 1000, 1234, 99_960, 5e6, 2e9];
  assert.deepEqual(given.map(shortTime), ['1ns', '850ns', '1.0us', '1.0us', '1.2us', '100us', '5.0ms', '2.0s']);
});

test('a sparkline has the largest value as its highest bar', () => {
  assert.equal(sparkline([0, 1, 2, 4, 8], 10), '▁▂▃▅█');
  assert.equal(sparkline([0, 0], 10), '▁▁');
  assert.equal(sparkline([9, 1, 2], 2), '▅█');
  assert.equal(sparkline([], 5), '');
});
