import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { printkFilter } from '../../src/events/trace-filter.js';
import { parseObject } from '../../src/object/parse.js';
import { printkPattern, printsToTracePipe } from '../../src/object/printk.js';
import type { MapSpec, ObjectSpec } from '../../src/object/spec.js';
import { testObjectPath } from '../support/live.js';

function constants(...texts: string[]): Pick<ObjectSpec, 'maps'> {
  return { maps: [{ kind: 'rodata', contents: Buffer.from(texts.join('\0')) } as unknown as MapSpec] };
}

const line = (message: string) => `            bash-1234    [001] ...11  5678.123456: bpf_trace_printk: ${message}\n`;

test('a message counts as of an object when it fits one of its format strings', () => {
  const filter = printkFilter([constants('opened %s (%d%%) by %-5u at %pI4', 'plain', 'a.c')]);
  assert.equal(filter(line('opened /etc/passwd (50%) by 7     at 127.0.0.1')), true);
  assert.equal(filter(line('plain')), true);
  assert.equal(filter(line('not plain')), false);
  assert.equal(filter(line('abc')), false);
  assert.equal(filter('  <...>-77  (   77) [000] d..2.  1.000001: bpf_trace_printk: a.c\n'), true);
});

test('further lines of a message go with its first, and events of other kinds are left out', () => {
  const filter = printkFilter([constants('first %d\nsecond\n')]);
  assert.equal(filter('second\n'), false);
  assert.deepEqual([line('first 3'), 'second\n', line('other'), 'second\n'].map(filter), [true, true, false, false]);
  filter(line('first 4'));
  assert.equal(filter('   bash-1 [000] ..... 1.5: sched_switch: prev_comm=x\n'), false);
  assert.equal(filter('CPU:1 [LOST 12 EVENTS]\n'), true);
});

test('an object without format strings among its constants gets the messages of all', () => {
  assert.equal(printkPattern({ maps: [] }), undefined);
  assert.equal(printkFilter([constants('mine'), { maps: [] }])(line('whatever')), true);
});

test('conversions that follow each other are no burden', () => {
  const filter = printkFilter([constants('%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%sx')]);
  assert.equal(filter(line('y'.repeat(1000))), false);
});

test('which objects print into the trace pipe is read from their calls', () => {
  const prints = (name: string) => printsToTracePipe(parseObject(readFileSync(testObjectPath(name)), { name }));
  assert.deepEqual(['prints', 'ring-buffer', 'streams'].map(prints), [true, false, false]);
});
