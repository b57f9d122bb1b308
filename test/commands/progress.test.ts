import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressText } from '../../commands/run/progress.js';

test('the progress line says how long, how many, how fast, and what was lost', () => {
  assert.equal(progressText(65.4, 1234567, 55.6, 0n), '1:05  1,234,567 events  56/s');
  assert.equal(progressText(3, 10, 0, 1000n), '0:03  10 events  0/s  1,000 lost');
});
