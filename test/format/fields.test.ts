import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsText } from '../../src/format/fields.js';

test('fields stand one behind the other, what is inside in brackets', () => {
  assert.equal(
    fieldsText({ pid: 7, comm: 'bash', at: { line: 1, ok: true }, n: [1, [2, 3]], big: 5n }),
    'pid=7 comm=bash at={line=1 ok=true} n=[1,[2,3]] big=5',
  );
});

test('text that would be read as something else is in quotes, and obeys no terminal', () => {
  assert.equal(fieldsText({ a: '', b: 'x y', c: 'k=v', d: '\x1b[31m', e: '/bin/ls' }), 'a="" b="x y" c="k=v" d="\\u001b[31m" e=/bin/ls');
});

test('bytes are hex digits, cut off where they would fill the screen', () => {
  assert.equal(fieldsText({ mac: Uint8Array.of(1, 255) }), 'mac=01ff');
  assert.match(fieldsText(new Uint8Array(100)), /^0{64}\.\.\.\(100 bytes\)$/);
});

test('what is no object is its own text', () => {
  assert.deepEqual([fieldsText(7), fieldsText([1, 2]), fieldsText('a b')], ['7', '[1,2]', '"a b"']);
});
