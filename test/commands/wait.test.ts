import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, Stop, turns } from '../../commands/wait.js';

test('a duration is a number with a unit, seconds without one', () => {
  const given = ['5s', '10', '500ms', '1.5m', '2h', '0'];
  assert.deepEqual(given.map(parseDuration), [5000, 10_000, 500, 90_000, 7_200_000, 0]);
});

test('what is no duration, or longer than a timer can be, is refused', () => {
  for (const text of ['', 's', '-1s', '5 s', '1d', 'forever', '1e3', '600h0', '99999999999']) {
    assert.throws(() => parseDuration(text), /is no duration/, text);
  }
});

test('a wait ends by itself when its time is over', async () => {
  using stop = new Stop();
  await stop.wait(5);
});

test('a signal that came before the wait began ends it at once', async () => {
  using stop = new Stop();
  process.emit('SIGTERM', 'SIGTERM');
  await stop.wait();
});

test('a signal ends the wait, and the next one has its usual effect again', async () => {
  const before = process.listenerCount('SIGINT');
  using stop = new Stop();
  const waiting = stop.wait();
  setImmediate(() => process.emit('SIGINT', 'SIGINT'));
  await waiting;
  assert.equal(process.listenerCount('SIGINT'), before);
});

test('turns come at once, then at every interval, and a last one at the end', async () => {
  // A machine that is busy may leave turns out, but not every time.
  for (let round = 0; round < 10; round++) {
    const given: number[] = [];
    for await (const passed of turns(200, 500)) given.push(passed);
    assert.ok(given.length <= 4 && given[0]! < given[1]! && given.at(-1)! > 495, String(given));
    for (const [i, passed] of given.slice(0, -1).entries()) assert.ok(passed > i * 200 - 5, String(given));
    if (given.length === 4) return;
  }
  assert.fail('no round had all of its turns');
});

test('a turn that takes long delays the next one, and none is made up for', async () => {
  let turn = 0;
  for await (const _ of turns(10, 60)) if (turn++ === 0) for (const until = performance.now() + 45; performance.now() < until; );
  assert.ok(turn <= 4, String(turn));
});

test('a signal ends the turns with a last one', async () => {
  let turn = 0;
  for await (const _ of turns(60_000)) if (turn++ === 0) setImmediate(() => process.emit('SIGTERM', 'SIGTERM'));
  assert.equal(turn, 2);
});
