import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCorpus } from '../fuzz/corpus.js';
import { type Failure, failureOf, fuzz, makeInput } from '../fuzz/engine.js';
import { regressions } from '../fuzz/regressions.js';
import { TARGETS } from '../fuzz/targets.js';

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
  for (const { name, input } of regressions()) {
    const target = TARGETS.find((each) => name.startsWith(`${each.name}-`));
    assert.ok(target, `${name} is for no target`);
    assert.equal(failureOf(target, input), undefined, name);
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
