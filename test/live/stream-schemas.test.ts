// The commands that print what happens, against their published schemas: events, records of perf buffers, counters.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { capture } from '../support/capture.js';
import { someOf } from '../support/guest.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { SchemaCheck } from '../support/schema-check.js';
import { startTool } from '../support/tool.js';

const FORMS = ['-j', '-p', '--ndjson'] as const;
const PACKET = new Uint8Array(100);

/** Lets a program see a packet every few milliseconds until it is disposed of. */
function packets(object: LoadedObject, program: string): Disposable {
  const timer = setInterval(() => object.program(program)!.testRun({ data: PACKET }), 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** All that a command prints until it was told of `count` things. */
async function printedOf(count: number, words: readonly string[], sign: string): Promise<string> {
  const running = startTool(...words);
  let out = '';
  do out = await running.printed(sign);
  while (out.split(sign).length <= count && (await new Promise((resolve) => setTimeout(resolve, 10, true))));
  running.child.kill('SIGINT');
  const ended = await running.ended;
  assert.equal(ended.status, 0, ended.err);
  return ended.out;
}

function check(schema: SchemaCheck, form: string, out: string, what: string): void {
  if (form === '--ndjson') assert.ok(schema.lines(out, what) > 0);
  else schema.whole(out, `${form} ${what}`);
}

describe('what happens is printed as the schemas say', { skip: noRoot }, () => {
  for (const form of someOf(FORMS, 3)) {
    test(`events ${form}: by types, as bytes, with what was lost`, async () => {
      const schema = await SchemaCheck.of('events');
      using object = loadTestObject('events');
      for (const [map, program, ...more] of [
        ['packets', 'mix'],
        ['packets', 'say', '--hex'],
        ['lengths', 'say'],
        ['lengths', 'say', '--hex'],
      ]) {
        using _ = packets(object, program!);
        const words = ['events', 'id', String(object.map(map!)!.id), '--limit', '3', ...more];
        const { status, out, err } = await startTool(form, ...words).ended;
        assert.equal(status, 0, err);
        check(schema, form, out, words.join(' '));
      }
    });

    test(`map event_pipe ${form}`, async () => {
      const schema = await SchemaCheck.of('map event_pipe');
      using object = loadTestObject('perf-buffer');
      using _ = packets(object, 'send_event');
      const words = [form, 'map', 'event_pipe', 'id', String(object.map('events')!.id)];
      check(schema, form, await printedOf(2, words, '"timestamp"'), words.join(' '));
    });

    test(`prog profile ${form}: the clock of the CPU, which needs no counter of the processor`, async (t) => {
      const schema = await SchemaCheck.of('prog profile');
      using object = loadTestObject('run');
      const words = ['prog', 'profile', 'id', String(object.program('see')!.id), 'duration', '1'];
      const { status, out } = await capture([form, ...words, 'cpu_clock']);
      if (status === 0) check(schema, form, out, words.join(' '));
      else {
        schema.error(out, words.join(' '));
        if (/not permitted/.test(out)) t.skip('this kernel refuses programs on its functions');
      }
    });

    test(`prog profile ${form}: counters of the processor, or one object that says they are missing`, async () => {
      const schema = await SchemaCheck.of('prog profile');
      using object = loadTestObject('run');
      const words = ['prog', 'profile', 'id', String(object.program('see')!.id), 'duration', '1', 'cycles', 'instructions', 'llc_misses'];
      const { status, out, err } = await capture([form, ...words]);
      if (status === 0) check(schema, form, out, words.join(' '));
      else schema.error(out, words.join(' '));
      assert.equal(err, '');
    });

    test(`errors ${form}: one object, from every one of them`, async () => {
      for (const line of [
        'events id 4294967295',
        'events',
        'map event_pipe id 4294967295',
        'map event_pipe',
        'prog profile id 4294967295 cycles',
        'prog profile',
      ]) {
        const { status, out, err } = await capture([form, ...line.split(' ')]);
        assert.notEqual(status, 0);
        assert.equal(err, '');
        (await SchemaCheck.of(line.startsWith('events') ? 'events' : line.split(' ', 2).join(' '))).error(out, line);
      }
    });
  }
});
