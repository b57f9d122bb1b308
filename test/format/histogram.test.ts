import assert from 'node:assert/strict';
import { test } from 'node:test';
import { log2Histogram } from '../../src/format/histogram.js';

test('slots are ranges between powers of two, the longest bar is full, and what was counted at all is seen', () => {
  const slots = Array<number>(20).fill(0);
  slots[2] = 1;
  slots[3] = 1000;
  slots[5] = 500;
  assert.equal(
    log2Histogram(slots),
    [
      `     4 - 7      1 |${'#'.padEnd(40)}|`,
      `     8 - 15  1000 |${'#'.repeat(40)}|`,
      `    16 - 31     0 |${' '.repeat(40)}|`,
      `    32 - 63   500 |${'#'.repeat(20).padEnd(40)}|`,
      '',
    ].join('\n'),
  );
});

test('the first slot begins with zero; without counts there is nothing to draw', () => {
  assert.match(log2Histogram([2, 0]), /^ {4}0 - 1 {2}2 \|#{40}\|\n$/);
  assert.equal(log2Histogram([0, 0, 0]), '');
});
