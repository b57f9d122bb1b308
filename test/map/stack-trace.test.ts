import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flag } from '../../src/kernel/enums.gen.js';
import { stackFrames } from '../../src/map/stack-trace.js';
import { u64 } from '../support/bytes.js';

test('frames are addresses up to the first empty one', () => {
  assert.deepEqual(stackFrames(u64(5, 6, 0, 7), 0), [
    { kind: 'address', address: 5n },
    { kind: 'address', address: 6n },
  ]);
});

test('with build ids a frame is a place in a file, or an address where there is none', () => {
  const value = new Uint8Array(96);
  const view = new DataView(value.buffer);
  view.setInt32(0, 1, true);
  value.fill(0xab, 4, 24);
  view.setBigUint64(24, 0x1234n, true);
  view.setInt32(32, 2, true);
  view.setBigUint64(56, 9n, true);
  assert.deepEqual(stackFrames(value, Flag.BPF_F_STACK_BUILD_ID), [
    { kind: 'build id', buildId: 'ab'.repeat(20), offset: 0x1234n },
    { kind: 'address', address: 9n },
  ]);
});
