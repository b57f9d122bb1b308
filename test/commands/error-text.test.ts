import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText } from '../../commands/print/error-text.js';

const LOG = 'The end of the verifier log (all of it with -d):\n  6: (85) call bpf_map_lookup_elem#1    ; R0=map_value_or_null(id=1)';

test('an error is folded below its first word, the log of the verifier is not', () => {
  const text = `Error: program count: refused by the verifier\n  at count.bpf.c:24: return *value;\n${LOG}`;
  assert.equal(
    errorText(text, { color: false, width: 30 }),
    `Error: program count: refused\n       by the verifier\n  at count.bpf.c:24: return\n      *value;\n${LOG}`,
  );
});

test('an error on a wide terminal stays as it is', () => {
  for (const text of ['Error: there is no program with id 7', `Error: refused\n${LOG}`, 'Error: no such command\nUsage: bpf-ts prog'])
    assert.equal(errorText(text, { color: false, width: 200 }), text);
});
