import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCorpus } from '../fuzz/corpus.js';
import { type Failure, failureOf, fuzz, makeInput } from '../fuzz/engine.js';
import { TARGETS } from '../fuzz/targets.js';

const REGRESSIONS = fileURLToPath(new URL('../../../test/fuzz/corpus/regressions/', import.meta.url));
const RUNS = Number(process.env.BPF_TS_FUZZ_ROUNDS ?? 20_000);

for (const target of TARGETS) {
  test(`damaged input is read or refused, quickly and in little memory: ${target.name}`, () => {
    const failures: Failure[] = [];
    fuzz(target, { seed: 1, count: Math.ceil((RUNS * target.share) / 100), onFailure: (failure) => failures.push(failure) });
    assert.deepEqual(
      failures.slice(0, 3).map(({ index, reason }) => `input ${index}: ${reason}`),
      [],
    );
  });
}

test('what once failed does not fail again', () => {
  for (const file of readdirSync(REGRESSIONS)) {
    const target = TARGETS.find(({ name }) => file.startsWith(`${name}-`));
    assert.ok(target, `${file} is for no target`);
    assert.equal(failureOf(target, new Uint8Array(readFileSync(REGRESSIONS + file))), undefined, file);
  }
});

test('what was found to reach something new is read or refused', () => {
  for (const target of TARGETS)
    for (const [index, input] of readCorpus(target.name).entries())
      assert.equal(failureOf(target, input), undefined, `${target.name} ${index}`);
});

test('an input follows from seed, target and index alone', () => {
  for (const target of TARGETS) {
    const twice = [makeInput(target, 7, 3), makeInput(target, 7, 3)];
    assert.deepEqual(twice[0], twice[1]);
  }
});
