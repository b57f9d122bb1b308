import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '../../src/load/profile/metrics.js';
import { Profiler } from '../../src/load/profile/profiler.js';
import { Program } from '../../src/program/program.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';
import { lacks } from '../support/skips.js';
import { loadSmallest } from '../support/smallest-program.js';

const PACKET = new Uint8Array(64);
const CLOCK = METRICS.filter(({ name }) => name === 'cpu_clock');

/** Some kernels of virtual machines are patched to refuse programs before and behind others, before the verifier sees them. */
function isRefused(): boolean {
  using object = loadTestObject('run');
  try {
    new Profiler(object.program('see')!, CLOCK)[Symbol.dispose]();
    return false;
  } catch (error) {
    return /operation not permitted/.test(String((error as Error).cause ?? error)) || /EPERM/.test(String((error as Error).cause));
  }
}

const skip = noRoot || lacks({ since: '5.7' });
const noPatching = skip || (isRefused() && 'this kernel refuses programs on its functions');

describe('a program is measured', { skip: noPatching }, () => {
  test('every run is counted, with the time it takes', () => {
    using object = loadTestObject('run');
    const program = object.program('see')!;
    const open = openBpfDescriptors();
    {
      using profiler = new Profiler(program, CLOCK);
      program.testRun({ data: PACKET, repeat: 50 });
      const { runs, readings } = profiler.read();
      assert.equal(runs, 50n);
      const [{ value, enabled, running }] = readings as [(typeof readings)[0]];
      assert.ok(value > 0n && value < 10n ** 10n, String(value));
      assert.ok(running > 0n && enabled >= running);
    }
    assert.equal(openBpfDescriptors(), open);
  });

  test('the command counts until its time is over, and prints as bpftool does', async () => {
    using object = loadTestObject('run');
    const program = object.program('see')!;
    let running = true;
    const shown = capture(['prog', 'profile', 'id', String(program.id), 'duration', '1', 'cpu']).finally(() => {
      running = false;
    });
    while (running) {
      program.testRun({ data: PACKET });
      await sleep(20);
    }
    const { status, out, err } = await shown;
    assert.equal(status, 0, err);
    assert.match(out, /^\n +[1-9]\d* run_cnt {13}\n +\d+ cpu_clock {52}(\(\d+\.\d\d%\))?\n$/);
  });

  test('JSON has a row for each metric', async () => {
    using object = loadTestObject('run');
    const { status, out } = await capture(['-j', 'prog', 'profile', 'id', String(object.program('see')!.id), 'duration', '1', 'cpu_clock']);
    assert.equal(status, 0);
    const [row, ...more] = JSON.parse(out);
    assert.deepEqual(
      [Object.keys(row), row.metric, row.run_cnt, row.value, more],
      [['metric', 'run_cnt', 'value', 'enabled', 'running'], 'cpu_clock', 0, 0, []],
    );
  });

  test('counters of the processor are read where there are any, and refused in a sentence where not', async () => {
    using object = loadTestObject('run');
    const args = ['prog', 'profile', 'id', String(object.program('see')!.id), 'duration', '1', 'cycles', 'instructions'];
    const { status, out, err } = await capture(args);
    if (status === 0) assert.match(out, /\n +\d+ cycles +(\(.*\))?\n +\d+ instructions +(# +\d+\.\d\d insns per cycle +)?/);
    else assert.match(err, /^Error: count (cycles|instructions): this machine has no such counter/);
  });
});

test('a program without BTF cannot be measured, which is said', { skip }, () => {
  using program = new Program(loadSmallest());
  assert.throws(() => new Profiler(program, CLOCK), /^Error: measure program \d+: it has no BTF/);
});

test('metrics and times that make no sense are refused', { skip }, async () => {
  using object = loadTestObject('run');
  const id = String(object.program('see')!.id);
  for (const [args, message] of [
    [['id', id], /METRIC is missing/],
    [['id', id, 'speed'], /there is no metric 'speed'/],
    [['id', id, 'duration', 'x', 'cycles'], /duration: 'x' is not a number/],
    [['id', id, 'duration', '99999999', 'cycles'], /out of range/],
    [['id', id, 'cyc', 'ins', 'l1d', 'llc', 'itlb'], /5 metrics are too many: at most 4/],
    [['id', '4294967295', 'cycles'], /no program with id/],
  ] as const) {
    const { status, err } = await capture(['prog', 'profile', ...args]);
    assert.equal(status, message.source === 'METRIC is missing' ? 234 : 255);
    assert.match(err, message);
  }
});
