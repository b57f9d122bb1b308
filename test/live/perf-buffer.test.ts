import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecOf } from '../../src/btf/codec.js';
import { UsageError } from '../../src/errors.js';
import { EventStream } from '../../src/events/event-stream.js';
import { PerfBuffer, type PerfEvent, type PerfSample } from '../../src/events/perf-buffer.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { TypedGlobals } from '../../src/load/typed-globals.js';
import { onlineCpus } from '../../src/system/cpus.js';
import { loadTestObject, noRoot } from '../support/live.js';

const PACKET = new Uint8Array(64);
/** Programs of sockets do not see the Ethernet header. */
const LENGTH = PACKET.length - 14;

interface Variables {
  sent: bigint;
  failed: bigint;
  size: number;
  place: bigint;
}

function variables(object: LoadedObject): Variables {
  return new TypedGlobals(object).variables as Variables;
}

function send(object: LoadedObject, times: number): void {
  object.program('send_event')!.testRun({ data: PACKET, repeat: times });
}

function numberOf({ data }: PerfSample): number {
  return Number(new DataView(data.buffer, data.byteOffset).getBigUint64(0, true));
}

function all(buffer: PerfBuffer, limit?: number): PerfEvent[] {
  const events: PerfEvent[] = [];
  buffer.drain((event) => events.push(event.kind === 'sample' ? { ...event, data: event.data.slice() } : event), limit);
  return events;
}

function samples(events: readonly PerfEvent[]): PerfSample[] {
  return events.filter((event) => event.kind === 'sample');
}

/** The kernel may move this process between two runs; what it counts up shows the order. */
const sorted = (events: readonly PerfSample[]) => events.map(numberOf).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

test('samples arrive with CPU, time and bytes, across the end of the ring', { skip: noRoot }, () => {
  using object = loadTestObject('perf-buffer');
  using buffer = new PerfBuffer(object.map('events')!, { pages: 1 });
  const events: PerfEvent[] = [];
  for (let round = 0; round < 30; round++) {
    send(object, 5);
    events.push(...all(buffer));
  }
  assert.deepEqual(sorted(samples(events)), upTo(150));
  for (const { cpu, index, time, data } of samples(events)) {
    assert.ok(onlineCpus().includes(cpu) && index === cpu && time > 0n);
    // 256 bytes and the padding that makes them, with the 4 bytes of their count, a multiple of 8.
    assert.equal(data.length, 260);
    assert.equal(new DataView(data.buffer).getUint32(8, true), LENGTH);
  }
  assert.equal(buffer.lost, 0n);
});

test('records that do not fit are counted', { skip: noRoot }, () => {
  using object = loadTestObject('perf-buffer');
  using buffer = new PerfBuffer(object.map('events')!, { pages: 1 });
  send(object, 100);
  const first = all(buffer);
  send(object, 1);
  const rest = all(buffer);
  // The kernel reports a loss with the next record on that CPU.
  const lost = [...first, ...rest].filter((event) => event.kind === 'lost').reduce((sum, { count }) => sum + count, 0n);
  assert.equal(buffer.lost, lost);
  const { failed } = variables(object);
  assert.ok(failed >= 85n);
  assert.ok(lost === failed || onlineCpus().length > 1, `${lost} of ${failed}`);
  assert.equal(BigInt(samples([...first, ...rest]).length) + failed, 101n);
});

test('a limit leaves the rest where it is', { skip: noRoot }, () => {
  using object = loadTestObject('perf-buffer');
  using buffer = new PerfBuffer(object.map('events')!);
  send(object, 5);
  const [two, others] = [samples(all(buffer, 2)), samples(all(buffer))];
  assert.equal(two.length, 2);
  assert.deepEqual(sorted([...two, ...others]), upTo(5));
});

test('iteration waits for what is sent later, without holding up the event loop', { skip: noRoot }, async () => {
  using object = loadTestObject('perf-buffer');
  using buffer = new PerfBuffer(object.map('events')!);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    send(object, 1);
  }, 5);
  const events: PerfSample[] = [];
  for await (const event of buffer) {
    if (event.kind === 'sample') events.push(event);
    if (events.length === 10) break;
  }
  clearInterval(timer);
  assert.deepEqual(sorted(events), upTo(10));
  assert.ok(ticks >= 10);
});

test('disposing of the buffer ends an iteration that waits, and takes its events out of the map', { skip: noRoot }, async () => {
  using object = loadTestObject('perf-buffer');
  const buffer = new PerfBuffer(object.map('events')!);
  setTimeout(() => buffer[Symbol.dispose](), 20);
  for await (const _ of buffer) assert.fail('nothing was sent');
  send(object, 3);
  assert.equal(variables(object).failed, 3n);
});

test('one CPU can be listened to, by any element', { skip: noRoot }, () => {
  using object = loadTestObject('perf-buffer');
  const cpu = onlineCpus()[0]!;
  const index = object.map('events')!.info.maxEntries - 1;
  using buffer = new PerfBuffer(object.map('events')!, { places: [{ cpu, index }] });
  variables(object).place = BigInt(index);
  object.program('send_event')!.testRun({ data: PACKET, repeat: 200 });
  const { sent, failed } = variables(object);
  const got = samples(all(buffer));
  // The kernel refuses what is sent from another CPU than the event's.
  assert.equal(BigInt(got.length), sent - failed);
  for (const sample of got) assert.deepEqual([sample.cpu, sample.index], [cpu, index]);
});

test('a CPU that is not there, a number of pages that is no power of two and another kind of map are refused', { skip: noRoot }, () => {
  using object = loadTestObject('perf-buffer');
  const map = object.map('events')!;
  assert.throws(() => new PerfBuffer(map, { places: [{ cpu: 60_000, index: 0 }] }), /no such CPU/);
  assert.throws(() => new PerfBuffer(map, { pages: 3 }), UsageError);
  assert.throws(() => new PerfBuffer(object.map('.data')!), UsageError);
});

test('an event stream gives the values of samples and counts what was lost', { skip: noRoot }, async () => {
  using object = loadTestObject('perf-buffer');
  const types = object.spec.btf!;
  const id = [...types.ids()].find((each) => types.name(each) === 'event' && types.type(each).kind === 'STRUCT')!;
  using events = new EventStream(object.map('events')!, codecOf<{ number: bigint; length: number }>(types, id, 'event'));
  const numbers: bigint[] = [];
  assert.equal(
    events.drain(() => {}),
    0,
  );
  send(object, 3);
  assert.equal(
    events.drain(({ number }) => numbers.push(number), 2),
    2,
  );
  for await (const { number, length } of events) {
    assert.equal(length, LENGTH);
    numbers.push(number);
    break;
  }
  assert.deepEqual(
    numbers.map(Number).sort((a, b) => a - b),
    [0, 1, 2],
  );
  assert.equal(events.lost, 0n);
});
