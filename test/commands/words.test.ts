import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrefix, parseInteger, Words } from '../../commands/line/words.js';
import { UsageError } from '../../src/errors.js';

test('a keyword may be shortened, but not to nothing', () => {
  assert.ok(isPrefix('p', 'pinned'));
  assert.ok(isPrefix('pinned', 'pinned'));
  assert.ok(!isPrefix('pinnedx', 'pinned'));
  assert.ok(!isPrefix('', 'pinned'));
});

test('numbers are read as C writes them', () => {
  assert.equal(parseInteger('16'), 16n);
  assert.equal(parseInteger('0x10'), 16n);
  assert.equal(parseInteger('020'), 16n);
  assert.equal(parseInteger('0'), 0n);
  for (const wrong of ['', '-1', '1x', '0x', '08', ' 1']) assert.equal(parseInteger(wrong), undefined, wrong);
});

test('words are taken from left to right, and what is missing or too much is named', () => {
  const words = new Words(['id', '7', 'opc']);
  assert.equal(words.choose('PROG', ['id', 'name']), 'id');
  assert.equal(words.number('id'), 7);
  assert.ok(words.takeIf('opcodes'));
  words.end();
  assert.throws(() => words.next('FILE'), new UsageError('FILE is missing'));
  assert.throws(() => new Words(['x']).end(), new UsageError("'x' is too much here"));
  assert.throws(() => new Words(['x']).choose('PROG', ['id', 'name']), /expected 'id', 'name', got 'x'/);
  assert.throws(() => new Words(['4294967296']).number('id'), /out of range/);
});
