// Every section of tracing, in every way to attach. They are for the whole system, so they run in guests alone.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { Clock, readClock } from '../../../native/system.js';
import { type HookCase, testEveryWay } from '../../support/every-way.js';
import { loadTestObject, noRoot, noSystemWide, testObjectPath } from '../../support/live.js';

const call = () => readClock(Clock.MONOTONIC);
const open = () => readFileSync('/dev/null');

/** A test run of any program of tracing calls bpf_fentry_test1, in which programs may sleep (bpf_prog_test_run_tracing). */
function testRun(): void {
  using object = loadTestObject('every-trace', { only: ['tested'] });
  object.program('tested')!.testRun({});
}

/** Computes for some milliseconds. */
function compute(): void {
  for (const end = performance.now() + 20; performance.now() < end; );
}

const at = (fire: () => unknown, programs: readonly string[], more: Partial<HookCase> = {}): HookCase[] =>
  programs.map((program) => ({ program, fire, ...more }));

const AWAKE = { from: ['6.12', "in no function of Debian's older kernels programs may sleep (CONFIG_FUNCTION_ERROR_INJECTION)"] } as const;

testEveryWay({ object: 'every-trace', skip: noSystemWide, globals: [['target', `${process.pid}`]] }, [
  ...at(call, ['on_tracepoint', 'on_tp', 'on_tracepoint_s', 'on_tp_s']),
  ...at(call, ['on_raw_tracepoint', 'on_raw_tp', 'on_raw_tracepoint_s', 'on_raw_tp_s', 'on_tp_btf']),
  ...at(call, ['on_tp_btf_s'], { from: ['6.12', 'older kernels take such programs, though nothing may sleep there'] }),
  ...at(open, ['on_fentry', 'on_fexit', 'on_fmod_ret', 'on_fsession']),
  ...at(open, ['on_fentry_multi', 'on_fexit_multi', 'on_fsession_multi']),
  ...at(testRun, ['on_fentry_s', 'on_fexit_s', 'on_fmod_ret_s'], AWAKE),
  ...at(testRun, ['on_fsession_s']),
  ...at(testRun, ['on_fentry_multi_s', 'on_fexit_multi_s', 'on_fsession_multi_s']),
  ...at(open, ['on_lsm', 'on_lsm_s']),
  ...at(open, ['on_kprobe', 'on_kretprobe']),
  ...at(call, ['on_ksyscall', 'on_kretsyscall']),
  ...at(open, ['on_kprobe_multi', 'on_kretprobe_multi', 'on_kprobe_session']),
  {
    program: 'on_perf_event',
    words: () => ({ pid: process.pid }),
    options: () => ['--pid', `${process.pid}`],
    fire: compute,
  },
]);

/** A test run of a program tells of its end in a tracepoint whose argument may be written to. */
function otherTestRun(): void {
  using object = loadTestObject('every-writable', { only: ['tested'] });
  object.program('tested')!.testRun({ data: new Uint8Array(64) });
}

testEveryWay({ object: 'every-writable', skip: noRoot }, at(otherTestRun, ['on_writable', 'on_writable_too']));

const noProbes = noRoot || (process.arch !== 'x64' && 'its program with probes is for x86-64');
// Of its own, for probes are of a file and not of a process.
const probes = noProbes ? '' : join(mkdtempSync(join(tmpdir(), 'bpf-ts-')), 'probes');
if (!noProbes) copyFileSync(testObjectPath('usdt-probes').replace('.bpf.o', '.x86-64'), probes);
after(() => !noProbes && rmSync(dirname(probes), { recursive: true }));

testEveryWay(
  { object: 'every-usdt', skip: noProbes },
  ['usdt', 'usdt.s'].map((section) => ({
    program: `on_${section.replace('.', '_')}`,
    hook: () => `${section}/${probes}:test:four`,
    fire: () => assert.equal(spawnSync(probes).status, 0),
  })),
);

testEveryWay(
  { object: 'every-user', skip: noRoot },
  [
    'on_uprobe',
    'on_uprobe_s',
    'on_uretprobe',
    'on_uretprobe_s',
    'on_uprobe_multi',
    'on_uretprobe_multi',
    'on_uprobe_multi_s',
    'on_uretprobe_multi_s',
    'on_uprobe_session',
    'on_uprobe_session_s',
  ].map((program) => ({ program, words: () => ({ pid: process.pid }), options: () => ['--pid', `${process.pid}`], fire: call })),
);
