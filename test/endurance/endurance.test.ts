// What `npm run endurance` does for half an hour, for some seconds.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot, ownNetwork, quietPair } from '../support/live.js';
import { within } from '../support/within.js';
import { endure } from './endure.js';
import { Observed } from './observed.js';
import { minima, slopeOf } from './slope.js';
import type { Workload } from './workload.js';
import { WORKLOADS } from './workloads.js';

const skip = noRoot || (isOlderThan('5.8') ? 'needs Linux 5.8, for ring buffers' : false);
const PATIENCE_MS = 60_000;

test('a line through points has the slope of what grows, and what only goes up and down has none', () => {
  const points = (value: (at: number) => number) => Array.from({ length: 100 }, (_, at) => ({ at, value: value(at) }));
  const grows = slopeOf(points((at) => 5 + 3 * at + (at % 7)));
  assert.ok(grows.low < 3 && 3 < grows.high && grows.high - grows.low < 0.1, JSON.stringify(grows));
  const wobbles = slopeOf(
    minima(
      points((at) => 50 + ((at * 37) % 10)),
      10,
    ),
  );
  assert.equal(wobbles.slope, 0);
  assert.equal(slopeOf([]).high, Number.POSITIVE_INFINITY);
});

/** The tool at work on what is made for it. */
async function begun(name: string): Promise<{ workload: Workload; observed: Observed; printed: () => boolean }> {
  const workload = WORKLOADS[name]!.begin();
  let printed = false;
  const observed = new Observed(workload.args, workload.terminal, (chunk) => {
    workload.take(chunk);
    printed = true;
  });
  assert.ok(await within(PATIENCE_MS, () => workload.ready(observed.pid)), `${name} does not begin`);
  return { workload, observed, printed: () => printed };
}

/** Lets things happen until something is so. */
async function makeUntil(workload: Workload, check: () => boolean): Promise<boolean> {
  for (const end = Date.now() + PATIENCE_MS; !check() && Date.now() < end; await sleep(20)) workload.make(1);
  return check();
}

describe('what looks on for long', { skip }, () => {
  before(() => {
    ownNetwork();
    quietPair();
  });

  for (const name of ['run', 'events', 'events-perf', 'watch']) {
    test(`${name}: everything that happened is told, or counted as lost`, async () => {
      const { made, missing, status, account } = await endure({ name, kind: WORKLOADS[name]!, time: 4 });
      assert.ok(made > 0);
      assert.deepEqual([missing, status], [0, 0], account);
    });
  }

  for (const name of ['run', 'events', 'watch', 'map-watch', 'top-lines']) {
    test(`${name} ends when its reader has gone`, async () => {
      const { workload, observed, printed } = await begun(name);
      using _ = workload;
      assert.ok(await makeUntil(workload, printed), 'nothing is printed');
      observed.stopReading();
      assert.ok(await makeUntil(workload, () => !observed.running), 'it goes on');
      assert.equal(await observed.ended, 141);
    });

    test(`${name} ends by a second Ctrl-C, if not by the first`, async () => {
      const { workload, observed, printed } = await begun(name);
      using _ = workload;
      assert.ok(await makeUntil(workload, printed), 'nothing is printed');
      for (let i = 0; i < 2; i++) process.kill(observed.pid, 'SIGINT');
      const end = await observed.ended;
      assert.ok(end === 0 || end === 'SIGINT', String(end));
    });
  }
});
