import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { RingBuffer } from '../../src/events/ring-buffer.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { loadTestObject, noRoot } from '../support/live.js';

const PACKET = new Uint8Array(64);
// A record of 256 bytes and its header: so many fit the 4096 bytes of the map, which keeps one byte free.
const FIT = 15;

function send(object: LoadedObject, times: number, program = 'send_event'): void {
  object.program(program)!.testRun({ data: PACKET, repeat: times });
}

function numberOf(record: Uint8Array): number {
  return Number(new DataView(record.buffer, record.byteOffset).getBigUint64(0, true));
}

function counter(object: LoadedObject, offset: number): number {
  return Number(new DataView(object.map('.bss')!.lookup(new Uint8Array(4))!.buffer).getBigUint64(offset, true));
}

test('records arrive in the order in which they were sent, across the end of the buffer', { skip: noRoot }, () => {
  using object = loadTestObject('ring-buffer');
  using ring = new RingBuffer(object.map('events')!);
  const numbers: number[] = [];
  for (let round = 0; round < 20; round++) {
    send(object, 10);
    ring.drain((record) => numbers.push(numberOf(record)));
  }
  assert.deepEqual(
    numbers,
    Array.from({ length: 200 }, (_, i) => i),
  );
});

test('what does not fit is lost to the program, not to the reader', { skip: noRoot }, () => {
  using object = loadTestObject('ring-buffer');
  using ring = new RingBuffer(object.map('events')!);
  send(object, FIT + 5);
  assert.equal(
    ring.drain(() => {}),
    FIT,
  );
  assert.equal(counter(object, 0) + counter(object, 8), FIT + 5);
  send(object, 1);
  assert.equal(
    ring.drain(() => {}),
    1,
  );
});

test('records that a program gave up are passed over', { skip: noRoot }, () => {
  using object = loadTestObject('ring-buffer');
  using ring = new RingBuffer(object.map('events')!);
  send(object, 3, 'discard_event');
  send(object, 1);
  send(object, 3, 'discard_event');
  assert.equal(
    ring.drain(() => {}),
    1,
  );
  send(object, FIT - 1);
  assert.equal(
    ring.drain(() => {}),
    FIT - 1,
  );
});

test('a limit leaves the rest where it is', { skip: noRoot }, () => {
  using object = loadTestObject('ring-buffer');
  using ring = new RingBuffer(object.map('events')!);
  send(object, 5);
  const numbers: number[] = [];
  assert.equal(
    ring.drain((record) => numbers.push(numberOf(record)), 2),
    2,
  );
  ring.drain((record) => numbers.push(numberOf(record)));
  assert.deepEqual(numbers, [0, 1, 2, 3, 4]);
});

test('iteration waits for records that are sent later, without holding up the event loop', { skip: noRoot }, async () => {
  using object = loadTestObject('ring-buffer');
  using ring = new RingBuffer(object.map('events')!);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    send(object, 1);
  }, 5);
  const numbers: number[] = [];
  for await (const record of ring) {
    numbers.push(numberOf(record));
    if (numbers.length === 10) break;
  }
  clearInterval(timer);
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.ok(ticks >= 10);
});

test('records are read where they lie, as they come, until the buffer is disposed of', { skip: noRoot }, async () => {
  using object = loadTestObject('ring-buffer');
  const ring = new RingBuffer(object.map('events')!);
  const timer = setInterval(() => send(object, 10), 2);
  const numbers: number[] = [];
  await ring.forEach((data, start, length, view) => {
    numbers.push(Number(view.getBigUint64(start, true)));
    assert.deepEqual([length, data[start]], [256, numbers.at(-1)! & 0xff]);
    if (numbers.length === 300) ring[Symbol.dispose]();
  });
  clearInterval(timer);
  assert.deepEqual(
    numbers,
    Array.from({ length: 300 }, (_, i) => i),
  );
});

test('disposing of the buffer ends an iteration that waits', { skip: noRoot }, async () => {
  using object = loadTestObject('ring-buffer');
  const ring = new RingBuffer(object.map('events')!);
  setTimeout(() => ring[Symbol.dispose](), 20);
  for await (const _ of ring) assert.fail('nothing was sent');
});

test('another kind of map is refused', { skip: noRoot }, () => {
  using object = loadTestObject('ring-buffer');
  assert.throws(() => new RingBuffer(object.map('.bss')!), UsageError);
});
