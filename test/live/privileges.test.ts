import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { COMMANDS, missing, outcomes, unable } from '../privileges/matrix.js';
import { someOf } from '../support/guest.js';
import { noRoot } from '../support/live.js';

// Ids that may name nothing on this machine.
const NOTHING_THERE = /^Error: there is no (program|map) with id 1\b/;

describe('with less than all privileges', { skip: noRoot || unable() }, () => {
  test('a command works, or one sentence says exactly what is missing, and nothing is left', async () => {
    const wrong: string[] = [];
    for (const { command, title, status, out, err } of await outcomes(someOf(COMMANDS, 12))) {
      const sentence = err.split('\n')[0]!;
      const said = `${command.join(' ')} (${title}): status ${status}: ${sentence}`;
      if (status === 0 || NOTHING_THERE.test(sentence)) continue;
      if (status !== 255 || !sentence.startsWith('Error: ') || /\n\s+at /.test(err)) wrong.push(said);
      else if (missing(sentence) === undefined) wrong.push(`${said} (does not say what is missing)`);
      if (out !== '' && !/^\d|^\w+:/.test(out)) wrong.push(`${said}, having printed ${JSON.stringify(out.slice(0, 80))}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(!existsSync('/sys/fs/bpf/bpf-ts-privileges'));
  });
});
