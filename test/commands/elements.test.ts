import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Form } from '../../commands/command.js';
import { Elements } from '../../commands/print/elements.js';

function written(form: Form, depth = 0): string {
  const elements = new Elements(form, depth);
  const parts = [
    elements.add(
      () => 'one\n',
      () => ({ one: 1 }),
    ),
    elements.open(
      () => 'two:\n',
      () => ({ two: 2 }),
      'rows',
    ),
    form === 'plain' ? 'rows\n' : elements.value([3]),
    elements.close(),
    elements.end(),
  ];
  return parts.join('');
}

test('elements are lines for a person, and one array in JSON', () => {
  assert.equal(written('plain'), 'one\ntwo:\nrows\n');
  assert.equal(written('json'), '[{"one":1},{"two":2,"rows":[3]}]\n');
  assert.deepEqual(JSON.parse(written('pretty')), [{ one: 1 }, { two: 2, rows: [3] }]);
});

test('no elements are an empty array', () => {
  assert.deepEqual([new Elements('json', 0).end(), new Elements('plain', 0).end(), new Elements('json', 2).end()], ['[]\n', '', '[]']);
});
