import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { test } from 'node:test';
import { VerifierError } from '../../src/errors.js';
import { load } from '../../src/load/load.js';
import { parseObject } from '../../src/object/parse.js';
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

function logOf(file: string, program: string): string {
  const spec = parseObject(readFileSync(new URL(`${file}.bpf.o`, PROGRAMS)), { name: file });
  try {
    using _ = load(spec, { only: [program] });
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
