import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { startTool, TOOL } from '../support/tool.js';

const ETHERNET = 14;

/** Lets a program see packets of this length, every few milliseconds until it is disposed of. */
function packets(object: LoadedObject, program = 'say', length = 100): Disposable {
  const timer = setInterval(() => object.program(program)!.testRun({ data: new Uint8Array(length) }), 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Runs `events ARGS` on a map of the object while packets come. */
async function events(object: LoadedObject, map: string, args: string[], { program = 'say', globals = [] as string[] } = {}) {
  using _ = packets(object, program);
  return await startTool(...globals, 'events', 'id', String(object.map(map)!.id), ...args).ended;
}

describe('events', { skip: noRoot }, () => {
  test('records are decoded by the type that their size tells, one line each', async () => {
    using object = loadTestObject('events');
    const { status, out, err } = await events(object, 'packets', ['--limit', '4'], { program: 'mix' });
    assert.deepEqual([status, err], [0, '']);
    const [first, second, ...more] = out.trimEnd().split('\n');
    assert.equal(first, 'length=100');
    assert.match(second!, /^number=\d+ name="a \\"name\\"" address=7f000001 verdict=DROPPED place=\{line=7 column=8\} numbers=\[-1,1\]$/);
    assert.equal(more.length, 2);
  });

  test('as JSON they are one array, as NDJSON a value on each line', async () => {
    using object = loadTestObject('events');
    const id = object.map('packets')!.id;
    const whole = await events(object, 'packets', ['--limit', '2'], { globals: ['-j'] });
    const rows = JSON.parse(whole.out) as { event: { number: number } }[];
    assert.equal(rows.length, 2);
    const { number } = rows[0]!.event;
    assert.deepEqual(rows[0], {
      map: 'packets',
      map_id: id,
      type: 'packet_event',
      event: {
        number,
        name: 'a "name"',
        address: [127, 0, 0, 1],
        verdict: 'DROPPED',
        place: { line: 7, column: 8 },
        numbers: [-1, 1],
      },
    });
    assert.equal(rows[1]!.event.number, number + 1);
    const lines = await events(object, 'packets', ['--limit', '3'], { globals: ['--ndjson'] });
    assert.deepEqual(
      lines.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
      ['packet_event', 'packet_event', 'packet_event'],
    );
  });

  test('a type may be named, also one of the kernel; --hex leaves types out', async () => {
    using object = loadTestObject('events');
    const named = await events(object, 'packets', ['--limit', '1', '--type', 'struct short_event']);
    assert.match(named.out, /^length=\d+\n$/);
    const kernels = await events(object, 'packets', ['--limit', '1', '--type', 'list_head']);
    assert.match(kernels.out, /^next=\d+ prev=\d+\n$/);
    const bytes = await events(object, 'lengths', ['--limit', '1', '--hex']);
    // 100 is 64 in hex.
    assert.equal(bytes.out, '64 00 00 00\n');
    const json = await events(object, 'lengths', ['--limit', '1', '--hex'], { globals: ['-j'] });
    assert.equal(JSON.parse(json.out)[0].bytes, '64000000');
  });

  test('what does not fit a perf event array is counted as it happens and at the end', async () => {
    using object = loadTestObject('events');
    const running = startTool('events', 'id', String(object.map('lengths')!.id));
    using _ = packets(object);
    await running.printed('length=');
    running.child.kill('SIGSTOP');
    // Its stop is told to us by a signal, which would interrupt the run.
    await sleep(50);
    // 64 pages of records of 32 bytes.
    object.program('say')!.testRun({ data: new Uint8Array(100), repeat: 20_000 });
    running.child.kill('SIGCONT');
    const before = await running.printed('lost ');
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    assert.match(before, /^lost \d+ events$/m);
    assert.equal(status, 0);
    assert.match(err, /^\d+ events were lost: they did not fit the buffer\n$/);
  });

  test('a time ends it, and so does a signal, with what came before printed', async () => {
    using object = loadTestObject('events');
    const { status, out } = await events(object, 'packets', ['--for', '300ms'], { globals: ['-j'] });
    assert.equal(status, 0);
    assert.ok(Array.isArray(JSON.parse(out)));
    const running = startTool('-j', 'events', 'id', String(object.map('packets')!.id));
    using _ = packets(object);
    await running.printed('"event"');
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    assert.equal(ended.status, 0);
    assert.ok(JSON.parse(ended.out).length > 0);
  });

  test('a reader that is slow leaves the events in the kernel, and one that goes away ends it', async () => {
    using object = loadTestObject('events');
    const child = spawn(TOOL[0]!, [...TOOL.slice(1), '--ndjson', 'events', 'id', String(object.map('packets')!.id)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [status, err] = [new Promise((resolve) => child.on('exit', resolve)), [] as Buffer[]];
    child.stderr.on('data', (data) => err.push(data));
    // Nobody reads yet. All that is sent fits the ring, so every number has to come through.
    const send = () => object.program('say')!.testRun({ data: new Uint8Array(100 + ETHERNET), repeat: 900 });
    for (let i = 0; i < 5; i++) {
      send();
      await sleep(50);
    }
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.split('\n').length > 700) break;
    }
    child.stdout.destroy();
    using _ = packets(object);
    assert.equal(await status, 141);
    assert.equal(Buffer.concat(err).toString(), '');
    const numbers = text
      .split('\n')
      .slice(0, 700)
      .map((line) => JSON.parse(line).event.number as number);
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, i) => numbers[0]! + i),
    );
  });

  test('a signal is heard while the reader takes nothing', async () => {
    using object = loadTestObject('events');
    const child = spawn(TOOL[0]!, [...TOOL.slice(1), 'events', 'id', String(object.map('packets')!.id)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
    const timer = setInterval(() => object.program('say')!.testRun({ data: new Uint8Array(100), repeat: 900 }), 5);
    await sleep(1500);
    child.kill('SIGTERM');
    await sleep(200);
    // The second one does not wait for what is still to be printed.
    child.kill('SIGTERM');
    assert.equal(await ended, 'SIGTERM');
    clearInterval(timer);
    child.stdout.destroy();
  });

  test('what makes no sense is refused in one sentence', async () => {
    using object = loadTestObject('events');
    const id = (map: string) => ['id', String(object.map(map)!.id)];
    const refusals: [words: string[], reason: RegExp][] = [
      [id('sizes'), /map sizes .*is neither a ring buffer nor a perf event array: no events come through it/],
      [[...id('packets'), '--type', 'nonsense_event'], /nor the kernel has a struct called nonsense_event/],
      [[...id('packets'), '--limit', '0'], /--limit: '0' is no number above 0/],
      [[...id('packets'), '--for', 'ever'], /'ever' is no duration/],
      [[...id('packets'), 'more'], /'more' is too much here/],
    ];
    for (const [words, reason] of refusals) {
      const { status, out, err } = await capture(['events', ...words]);
      assert.deepEqual([status, out], [255, '']);
      assert.match(err, reason);
      assert.match(err, /^Error: [^\n]*\n(Usage: [^\n]*\n)?$/);
    }
  });
});
