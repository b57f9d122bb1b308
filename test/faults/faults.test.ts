// A part of `npm run faults`: what takes a minute of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot } from '../support/live.js';
import { CASES } from './cases.js';
import { OwnPlace } from './place.js';
import { noStrace } from './strace.js';
import { type Effects, tryCase } from './try.js';

const skip =
  noRoot || (process.arch !== 'x64' && 'its system calls are those of x86-64') || (isOlderThan('6.6') && 'needs Linux 6.6') || noStrace();
const SOME: Effects = [{ error: 'EPERM' }, { signal: 'SIGTERM' }];
const TESTED = ['prog load', 'map create', 'gen object'];

describe('whatever call fails, or meets a signal', { skip }, () => {
  let place: OwnPlace;
  before(() => {
    place = new OwnPlace();
  });
  after(() => place[Symbol.dispose]());

  for (const each of CASES.filter(({ name }) => TESTED.includes(name))) {
    test(`${each.name} is done, or fails in one sentence and leaves nothing`, async () => {
      const { tried, findings } = await tryCase(each, place, SOME);
      assert.ok(tried > 0);
      assert.deepEqual(
        findings.map(({ fault, wrong }) => [fault, wrong]),
        [],
      );
    });
  }
});
