// A small part of `npm run kills`, the same in every run.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noCgroup } from '../support/live.js';
import { CASES } from './cases.js';
import { Victim } from './kill.js';
import { Place } from './place.js';

const skip = noCgroup || (isOlderThan('6.6') ? 'needs Linux 6.6' : false);
const SEED = 40;
const KILLS = 5;
const TESTED = [
  'prog loadall with maps',
  'prog loadall of 48 and a map that pins itself',
  'map import',
  'map export over a file',
  'link attach with a pin',
  'struct_ops register',
  'run of two objects with a command',
  'gen object',
];

describe('a command that is killed at a random moment', { skip }, () => {
  let place: Place;
  before(() => {
    place = new Place();
  });
  after(() => place[Symbol.dispose]());

  for (const each of CASES.filter(({ name }) => TESTED.includes(name))) {
    test(`${each.name}: nothing is left but what was asked for`, async () => {
      const victim = await Victim.of(each, place, 1);
      let killed = 0;
      for (let index = 0; killed < KILLS; index++) {
        const kill = await victim.kill(SEED, index);
        if (kill) killed += 1;
        assert.equal(kill?.wrong, undefined, `${index}: ${kill?.signal} after ${kill?.after} ms`);
      }
    });
  }
});
