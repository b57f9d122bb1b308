import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, foldLines } from '../../src/format/fold.js';

test('long text is cut at blanks, commas and slashes near the end of a piece', () => {
  assert.deepEqual(fold('node(1), node(2), node(3)', 18), ['node(1), node(2),', 'node(3)']);
  assert.deepEqual(fold('one, two', 4), ['one,', 'two']);
  assert.deepEqual(fold('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  assert.deepEqual(fold('', 4), ['']);
  assert.deepEqual(fold('id 7  cgroup_inet_sock_create', 28), ['id 7  cgroup_inet_sock_', 'create']);
});

test('lines of help go on below their last column', () => {
  const text = ['Options:', '  -d, --debug  more detail on stderr: the whole verifier log', '  --plain      plain text', ''].join('\n');
  assert.equal(
    foldLines(text, 40),
    ['Options:', '  -d, --debug  more detail on stderr:', '               the whole verifier log', '  --plain      plain text', ''].join(
      '\n',
    ),
  );
});

test('what is explained stands alone at the beginning of its lines', () => {
  assert.equal(foldLines('Error: there is no such program', 20), 'Error: there is no\n       such program');
  assert.equal(foldLines('  MAP := { id N | name NAME }', 20), '  MAP := { id N |\n         name NAME }');
});

test('a paragraph goes on at the margin, other lines four further, and a word that does not fit stays whole', () => {
  assert.equal(foldLines('one two three four', 10), 'one two\nthree four');
  assert.equal(foldLines('  one two three four', 10), '  one two\n      three\n      four');
  assert.equal(foldLines('  /a/path/that/is/long', 10), '  /a/path/that/is/long');
  assert.equal(foldLines('see /a/path/that/is/long now', 10), 'see\n/a/path/that/is/long\nnow');
});
