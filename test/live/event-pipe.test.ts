import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { TypedGlobals } from '../../src/load/typed-globals.js';
import { onlineCpus } from '../../src/system/cpus.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { makeMap } from '../support/maps.js';
import { noReference, referencePath } from '../support/reference.js';
import { startTool } from '../support/tool.js';
import { within } from '../support/within.js';

interface Variables {
  sent: bigint;
  failed: bigint;
  size: number;
}

/** Sends until one record is taken, which is the first of its number then: somebody listens on this CPU. */
async function sendOne(object: LoadedObject, child: ChildProcess): Promise<void> {
  const variables = new TypedGlobals(object).variables as Variables;
  for (let before = -1n; before !== variables.failed && child.exitCode === null; await sleep(10)) {
    before = variables.failed;
    variables.sent = 0n;
    object.program('send_event')!.testRun({ data: new Uint8Array(64) });
  }
}

/** What a listener prints of one record, without time and CPU. */
async function printed(object: LoadedObject, child: ChildProcess): Promise<string> {
  let out = '';
  child.stdout!.on('data', (data) => {
    out += data;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await sendOne(object, child);
  // The reference keeps what it prints until it ends: it has to have had the time to read.
  await sleep(500);
  child.kill('SIGINT');
  await ended;
  return out
    .replace(/@\d+\.\d{9} CPU: (\d+) index: \1 /, '@T CPU: N index: N ')
    .replace(/"cpu": ?(\d+),(\s*)"index": ?\1,(\s*)"timestamp": ?\d+/, '"cpu":N,$2"index":N,$3"timestamp":T');
}

for (const form of ['--plain', '-j', '-p']) {
  test(`event_pipe prints a record as the reference does (${form})`, { skip: noRoot || noReference }, async () => {
    using object = loadTestObject('perf-buffer');
    (new TypedGlobals(object).variables as Variables).size = 24;
    const words = [...(form === '--plain' ? [] : [form]), 'map', 'event_pipe', 'id', String(object.map('events')!.id)];
    const ours = await printed(object, startTool(...words).child);
    const theirs = await printed(object, spawn(referencePath!, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
    assert.equal(ours, theirs);
    assert.match(ours, form === '--plain' ? /^== @T CPU: N index: N =====\n00 00 .*\n/ : /"timestamp":T/);
  });
}

test('losses are told of, and a signal ends the JSON as JSON', { skip: noRoot, timeout: 180_000 }, async (t) => {
  using object = loadTestObject('perf-buffer');
  const running = startTool('-j', 'map', 'event_pipe', 'id', String(object.map('events')!.id));
  t.after(() => running.child.kill('SIGKILL'));
  // One by one: a signal, such as that the reader has stopped, ends a run of many.
  let sent = 1;
  const send = (count: number) => {
    sent += count;
    for (let i = 0; i < count; i++) object.program('send_event')!.testRun({ data: new Uint8Array(64) });
  };
  // Each CPU has a buffer of its own, which tells of its losses with the next record that fits.
  const [cpu] = onlineCpus();
  assert.equal(spawnSync('taskset', ['-pc', String(cpu), String(process.pid)]).status, 0);
  await sendOne(object, running.child);
  // More than 16 pages, faster than a process that is asleep reads.
  running.child.kill('SIGSTOP');
  assert.ok(await within(60_000, () => /^State:\s+T/m.test(readFileSync(`/proc/${running.child.pid}/status`, 'utf8'))));
  send(1000);
  running.child.kill('SIGCONT');
  // Until the reader has made room for a record to tell with.
  const sending = setInterval(() => send(1), 50);
  t.after(() => clearInterval(sending));
  await running.printed('"lost"');
  clearInterval(sending);
  running.child.kill('SIGTERM');
  const { status, out, err } = await running.ended;
  assert.deepEqual([status, err], [0, 'Stopping...\n']);
  const events = JSON.parse(out) as { type: number; data?: number[]; lost?: { count: number } }[];
  const lost = events.reduce((sum, { lost: each }) => sum + (each?.count ?? 0), 0);
  assert.ok(events.some(({ type, data }) => type === 9 && data?.length === 260));
  assert.ok(lost > 0 && lost < sent, `${lost} lost`);
});

test('what cannot be listened to is refused in a sentence', { skip: noRoot }, async () => {
  using array = makeMap('ARRAY');
  using events = makeMap('PERF_EVENT_ARRAY');
  for (const [words, message] of [
    [`id ${array.id}`, /is no perf event array/],
    [`id ${events.id} cpu 0`, /cpu and index are given together/],
    [`id ${events.id} cpu 0 index 16`, /listen on element 16 of map test .*: too big|E2BIG|out of range/],
    [`id ${events.id} cpu 9999 index 0`, /no such CPU/],
    [`id ${events.id} where 0`, /expected 'cpu', 'index', got 'where'/],
  ] as const) {
    const { status, out, err } = await capture(['map', 'event_pipe', ...words.split(' ')]);
    assert.deepEqual([status, out], [255, ''], words);
    assert.match(err, message);
  }
});
