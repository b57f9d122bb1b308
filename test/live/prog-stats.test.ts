import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture } from '../support/capture.js';
import { readIfThere } from '../support/if-there.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { lacks } from '../support/skips.js';
import { startTool } from '../support/tool.js';
import { within } from '../support/within.js';

const skip = noRoot || lacks({ since: '5.8' });
const PACKET = new Uint8Array(64);

/** Descriptors of a process that make the kernel count. */
function counting(pid: number | 'self' = 'self'): number {
  const fds = `/proc/${pid}/fd`;
  return readdirSync(fds).filter((fd) => readIfThere(`${fds}/${fd}`, readlinkSync).includes('bpf-stats')).length;
}

test('runs are counted while they are watched, and no longer', { skip }, async () => {
  using object = loadTestObject('run');
  const program = object.program('see')!;
  const shown = capture(['-j', 'prog', 'show', 'id', String(program.id), '--stats', '--for', '500ms']);
  while (counting() === 0) await sleep(5);
  program.testRun({ data: PACKET, repeat: 1000 });
  const { status, out, err } = await shown;
  assert.equal(status, 0, err);
  const { stats, run_cnt } = JSON.parse(out);
  assert.equal(stats.run_cnt, 1000);
  assert.ok(run_cnt >= 1000);
  assert.ok(stats.run_time_ns > 0);
  assert.equal(stats.average_ns, Math.floor(stats.run_time_ns / 1000));
  assert.ok(stats.interval_ns >= 490e6 && stats.interval_ns < 5e9, String(stats.interval_ns));
  assert.equal(counting(), 0);
});

test('a program that did not run has no average', { skip }, async () => {
  using object = loadTestObject('run');
  const args = ['prog', 'show', 'id', String(object.program('see')!.id), '--stats', '--for', '10ms'];
  assert.match((await capture(args)).out, /\n\tstats: runs 0 {2}run_time 0ns {2}in \d+(\.\d)?ms\n/);
  const { stats } = JSON.parse((await capture(['-j', ...args])).out);
  assert.deepEqual([stats.run_cnt, 'average_ns' in stats], [0, false]);
});

test('Ctrl-C ends the watching early, and what was counted is shown', { skip }, async () => {
  using object = loadTestObject('run');
  const program = object.program('see')!;
  const { child, ended } = startTool('prog', 'show', 'id', String(program.id), '--stats', '--for', '1h');
  assert.ok(await within(60_000, () => counting(child.pid) > 0));
  // The kernel counts now, but the tool may not have begun to watch.
  await sleep(500);
  program.testRun({ data: PACKET, repeat: 10 });
  child.kill('SIGINT');
  const { status, out } = await ended;
  assert.equal(status, 0);
  assert.match(out, /\tstats: runs [1-9]\d* .* average \d+ns {2}in /);
});

test('times that make no sense are refused, and nothing stays enabled', { skip }, async () => {
  for (const [args, message] of [
    [['--for', '1s'], /--for goes with --stats/],
    [['--stats', '--for', 'soon'], /is no duration/],
    [['--stats', '--for', '-1s'], /unrecognized option|is no duration/],
  ] as const) {
    const { status, err } = await capture(['prog', 'show', ...args]);
    assert.equal(status, 255);
    assert.match(err, message);
  }
  assert.equal(counting(), 0);
});
