import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotSupportedError } from '../../src/errors.js';
import { ProgramStream } from '../../src/events/program-stream.js';
import { printkFilter } from '../../src/events/trace-filter.js';
import { TracePipe } from '../../src/events/trace-pipe.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { lacks } from '../support/skips.js';

// What a program is told where pages cannot be had without waiting (alloc_pages_nolock).
const ENOMEM = 12;
// The header of a packet, which the kernel takes off before a socket filter sees it.
const ETHERNET = 14;
const OLD = isOlderThan('6.17');
// In 6.17 itself the function has arguments that no other kernel's has.
const SKIP = noRoot || lacks({ since: '6.18' });

test('streams give lines as they come, and at the end what has no line feed', { skip: SKIP }, async (t) => {
  using object = loadTestObject('streams');
  const program = object.program('speak')!;
  using out = new ProgramStream(program, 'stdout');
  using err = new ProgramStream(program, 'stderr');
  const error = program.testRun({}).returnValue | 0;
  if (error === -ENOMEM) return t.skip('this kernel gives streams no memory');
  assert.equal(error, 0);
  const lines: string[] = [];
  for await (const line of out) {
    lines.push(line);
    if (lines.length === 1) setTimeout(() => out[Symbol.dispose](), 20);
  }
  assert.deepEqual(lines, ['number 7\n', 'no end']);
  const errors: string[] = [];
  assert.equal(
    err.drain((line) => errors.push(line)),
    1,
  );
  assert.deepEqual(errors, ['an error\n']);
});

test('a kernel without streams says so', { skip: noRoot || (OLD ? false : 'needs a kernel before 6.17') }, () => {
  using object = loadTestObject('prints');
  const stream = new ProgramStream(object.program('print')!, 'stdout');
  assert.throws(() => stream.drain(() => {}), NotSupportedError);
});

test('the trace pipe gives whole lines, of messages of the own programs alone', { skip: noRoot }, async (t) => {
  using object = loadTestObject('prints');
  let pipe: TracePipe;
  try {
    pipe = new TracePipe(printkFilter([object.spec]));
  } catch (error) {
    if (/another process reads it/.test(String(error))) return t.skip('another process reads the trace pipe');
    throw error;
  }
  using open = pipe;
  // More than once: the kernel turns the pipe's event on a moment after the first program that prints was loaded.
  const runs = setInterval(() => object.program('print')!.testRun({ data: new Uint8Array(77 + ETHERNET) }), 50);
  const lines: string[] = [];
  const timer = setTimeout(() => open[Symbol.dispose](), 20_000);
  for await (const line of open) {
    lines.push(line);
    if (lines.some((each) => /test 77/.test(each)) && /second line/.test(line)) break;
  }
  clearTimeout(timer);
  clearInterval(runs);
  assert.match(lines.at(-2)!, /bpf_trace_printk: bpf-ts test 77 of prints\n$/);
  assert.equal(lines.at(-1), 'and a second line\n');
});
