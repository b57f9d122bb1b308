import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJustified, lacks } from './skips.js';

test('to skip for an older kernel is right only on an older kernel', () => {
  assert.equal(lacks({ since: '99.1' }), 'needs Linux 99.1');
  assert.equal(lacks({ since: '3.0' }), false);
  for (const [reason, right] of [
    ['needs Linux 99.1', true],
    ['needs Linux 99.1, which tells it', true],
    ['needs Linux 3.0', false],
    ['this kernel has no rhash (since 99.1)', true],
    ['this kernel has no hash (since 3.19)', false],
    ['needs a kernel before 3.0', true],
    ['needs a kernel before 99.1', false],
    ['needs bpftool to compare with', true],
    ['needs root, to load programs', false],
    ['the wind has turned', false],
  ] as const) {
    assert.equal(isJustified(reason), right, reason);
  }
});
