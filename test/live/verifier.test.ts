import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { test } from 'node:test';
import { VerifierError } from '../../src/errors.js';
import { load } from '../../src/load/load.js';
import type { LoadOptions } from '../../src/load/options.js';
import { parseObject } from '../../src/object/parse.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { explainLog } from '../../src/verifier/explain.js';
import { hintFor } from '../../src/verifier/hints.js';
import { noRoot } from '../support/live.js';
import { GOLDEN } from '../verifier/golden.js';

const PROGRAMS = new URL('../../../test/progs/', import.meta.url);
const FILES = ['refused-memory', 'refused-calls', 'refused-flow', 'refused-license'];
// Takes the verifier to its limit, and has a log of a hundred megabytes.
const LONG = 'too_long';

const running = /^\d+\.\d+/.exec(release())?.[0] ?? '';
const expected = new Map(GOLDEN[running]?.map(([name, hint]) => [name, hint]));

function logOf(file: string, program: string, options: LoadOptions = {}): string {
  const spec = parseObject(readFileSync(new URL(`${file}.bpf.o`, PROGRAMS)), { name: file });
  try {
    using _ = load(spec, { only: [program], ...options });
  } catch (error) {
    if (error instanceof VerifierError) return error.log;
    throw error;
  }
  return assert.fail(`${program} was not refused`);
}

function programsOf(file: string): string[] {
  return parseObject(readFileSync(new URL(`${file}.bpf.o`, PROGRAMS)), { name: file }).programs.map(({ name }) => name);
}

for (const file of FILES) {
  test(`the verifier's reason to refuse each program of ${file} is explained`, { skip: noRoot }, () => {
    for (const program of programsOf(file).filter((name) => name !== LONG)) {
      const explained = explainLog(logOf(file, program));
      assert.notEqual(explained.reason, '', program);
      assert.ok(explained.hint, `${program}: ${explained.reason}`);
      // What this kernel said before, it says again.
      if (expected.has(program)) assert.equal(hintFor(explained.reason)?.name, expected.get(program), program);
    }
  });
}

test('of a long log the end is fetched, and all of it when it is asked for', { skip: noRoot }, () => {
  const short = logOf('refused-late', 'late');
  const whole = logOf('refused-late', 'late', { logLevel: 1 });
  assert.ok(whole.length > 1_000_000, String(whole.length));
  if (!isOlderThan('6.4')) assert.ok(short.length < 256 << 10, String(short.length));
  for (const log of [short, whole]) {
    const { reason, source, lastLines } = explainLog(log);
    assert.match(reason, /invalid bpf_context access off=4096/);
    assert.match(lastLines.join('\n'), /processed \d+ insns/);
    assert.equal(source?.text, 'return sum + *(volatile __u32 *)((char *)ctx + 4096);');
  }
  // The kernel cuts in the middle of a line.
  assert.match(short.slice(0, 200), /^(\d+: |; |from \d+|R\d|func#|invalid bpf_context)/);
  assert.match(whole.slice(0, 200), /^(0: |; |func#0|BPF)/);
});

test('the reason of a program that is far too large is told without its log of a hundred megabytes', { skip: noRoot }, () => {
  const log = logOf('refused-flow', LONG);
  const { reason, hint } = explainLog(log);
  assert.ok(log.length < 256 << 10, String(log.length));
  assert.match(reason, /BPF program is too large/);
  assert.ok(hint);
});
