import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold } from '../../src/format/fold.js';
import { HashOrder } from '../../src/format/hash-order.js';
import { hexdump } from '../../src/format/hexdump.js';
import { safeLines, safeWord } from '../../src/format/safe-text.js';
import { fitWidths, leadingThatFit } from '../../src/format/widths.js';

test('no control character of a name reaches the terminal', () => {
  assert.equal(safeWord('a\x1b[31mb\nc\x07\x9b\x7f'), 'a\\e[31mb\\nc\\x07\\x9b\\x7f');
  assert.equal(safeWord('evil\u202etxt'), 'evil\\u202etxt');
  assert.equal(safeWord('größe 日本'), 'größe 日本');
});

test('text of several lines keeps its line feeds and tabs', () => {
  assert.equal(safeLines('a\tb\nc\x1b]0;x\x07\r'), 'a\tb\nc\\e]0;x\\x07\\r');
});

test('the widest columns give way first', () => {
  assert.deepEqual(fitWidths([5, 30, 50], 100), [5, 30, 50]);
  assert.deepEqual(fitWidths([5, 30, 50], 60), [5, 27, 27]);
  assert.deepEqual(fitWidths([5, 30, 50], 10), [5, 8, 8]);
});

test('columns that fit beside each other are counted with the gaps between them', () => {
  assert.equal(leadingThatFit([10, 10, 10], 2, 34), 3);
  assert.equal(leadingThatFit([10, 10, 10], 2, 33), 2);
  assert.equal(leadingThatFit([50], 2, 33), 0);
});

test('folded text loses nothing but blanks at the ends of lines', () => {
  assert.deepEqual(fold('short', 10), ['short']);
  assert.deepEqual(fold('', 10), ['']);
  assert.deepEqual(fold('systemd(1), sshd(77)', 12), ['systemd(1),', 'sshd(77)']);
  assert.deepEqual(fold('1,2,3,4,5,6,7,8', 6), ['1,2,3,', '4,5,6,', '7,8']);
  assert.deepEqual(fold('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
});

test('a hexdump has sixteen bytes a row, in pairs, and their ASCII', () => {
  const text = hexdump(Uint8Array.from({ length: 18 }, (_, i) => i + 0x41));
  assert.equal(text, `0000000\t4142 4344 4546 4748 494a 4b4c 4d4e 4f50 | ABCDEFGH IJKLMNOP\n0000010\t5152 ${' '.repeat(35)}| QR\n`);
});

test('the order of a hash table turns round whenever the table grows', () => {
  // Tables of 4, then 8: with the third entry the first two are turned, with the sixth all before it.
  const order = new HashOrder<number>();
  for (let i = 1; i <= 4; i++) order.add(7, i);
  assert.deepEqual(order.lists().get(7), [4, 1, 2, 3]);
});
