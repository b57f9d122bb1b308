// Both tools fail at the same lines, with the same status; what may differ stands in the list of faults.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FOLLOWED } from '../support/agree.js';
import { capture } from '../support/capture.js';
import { noCgroup, noRoot, openBpfDescriptors } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';
import { FailingState } from './failing-state.js';
import { PROFILE } from './failures/prog.js';
import { FAILING } from './failures.js';
import { OTHER_STATUS } from './faults.js';

const skip = noRoot || noReference || noCgroup || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with');
const ON_PURPOSE = new Set(Object.values(OTHER_STATUS).flat());

test('whatever is to differ is compared', () => {
  const lines = Object.values(FAILING).flat();
  assert.deepEqual(
    [...ON_PURPOSE].filter((line) => !lines.includes(line)),
    [],
  );
});

const noProfile = !skip && /not supported/.test(runReference(['prog', 'profile']).err) && 'needs a bpftool that was built with clang';

describe('the status of a failure', { skip }, () => {
  let state: FailingState;
  let words: Readonly<Record<string, string | number>>;
  before(() => {
    state = new FailingState();
    words = state.words();
  });
  after(() => {
    state[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  for (const [what, lines] of Object.entries(FAILING)) {
    const lacking = what === PROFILE && noProfile;
    test(`${what}: ${lines.length} lines end as the reference's do`, { skip: lacking }, async () => {
      for (const line of lines) {
        const args = line.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name])).split(' ');
        const { status, err } = await capture(args);
        assert.notEqual(status, 0, line);
        const { status: theirs } = runReference(args);
        if (ON_PURPOSE.has(line)) assert.notEqual(status, theirs, `${line}: it differs no more`);
        else assert.equal(status, theirs, `${line}: ${err}`);
      }
    });
  }
});
