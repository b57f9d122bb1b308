import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { UserRingBuffer } from '../../src/events/user-ring-buffer.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { lacks } from '../support/skips.js';

const SKIP = noRoot || lacks({ since: '6.1' });
const SIZE = 4096;
// A sample of 8 bytes with its header.
const STEP = 16;

function drain(object: LoadedObject): number {
  return object.program('drain')!.testRun({ data: new Uint8Array(64) }).returnValue;
}

function totals(object: LoadedObject): [taken: bigint, sum: bigint] {
  const [taken, sum] = new BigUint64Array(object.map('.bss')!.lookup(new Uint8Array(4))!.buffer);
  return [taken!, sum!];
}

function sample(number: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(number)]).buffer);
}

test('a program takes what was written, round and round the buffer', { skip: SKIP }, () => {
  using object = loadTestObject('user-ring-buffer');
  using ring = new UserRingBuffer(object.map('requests')!);
  let sum = 0;
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 100; i++) {
      assert.ok(ring.write(sample(round * 100 + i)));
      sum += round * 100 + i;
    }
    assert.equal(drain(object), 100);
  }
  assert.deepEqual(totals(object), [1000n, BigInt(sum)]);
});

test('a full buffer takes no more until a program has read', { skip: SKIP }, async () => {
  using object = loadTestObject('user-ring-buffer');
  using ring = new UserRingBuffer(object.map('requests')!);
  let written = 0;
  while (ring.write(sample(1))) written += 1;
  assert.equal(written, SIZE / STEP);
  setTimeout(() => drain(object), 10);
  assert.equal(await ring.send(sample(1)), true);
  assert.equal(drain(object), 1);
  assert.deepEqual(totals(object), [BigInt(written + 1), BigInt(written + 1)]);
});

test('samples are taken in the order of their reservation, without those that were given up', { skip: SKIP }, () => {
  using object = loadTestObject('user-ring-buffer');
  using ring = new UserRingBuffer(object.map('requests')!);
  const [first, second, third] = [ring.reserve(8)!, ring.reserve(8)!, ring.reserve(8)!];
  for (const [i, room] of [first, second, third].entries()) room.set(sample(10 ** i));
  ring.submit(third);
  ring.discard(second);
  drain(object);
  assert.deepEqual(totals(object), [0n, 0n]);
  ring.submit(first);
  drain(object);
  assert.deepEqual(totals(object), [2n, 101n]);
  assert.throws(() => ring.submit(first), /was not reserved/);
});

test('what is reserved when the writer ends holds up nobody', { skip: SKIP }, () => {
  using object = loadTestObject('user-ring-buffer');
  {
    using ring = new UserRingBuffer(object.map('requests')!);
    ring.reserve(8);
  }
  using ring = new UserRingBuffer(object.map('requests')!);
  ring.write(sample(5));
  drain(object);
  assert.deepEqual(totals(object), [1n, 5n]);
});

test('a map of another type, a sample that never fits, and a writer that has ended are refused', { skip: SKIP }, () => {
  using object = loadTestObject('user-ring-buffer');
  assert.throws(() => new UserRingBuffer(object.map('.bss')!), UsageError);
  const ring = new UserRingBuffer(object.map('requests')!);
  assert.throws(() => ring.write(new Uint8Array(SIZE)), /does not fit a buffer of 4096/);
  ring[Symbol.dispose]();
  assert.throws(() => ring.write(new Uint8Array(8)), UsageError);
});
