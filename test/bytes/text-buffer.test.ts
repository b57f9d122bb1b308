import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextBuffer } from '../../src/bytes/text-buffer.js';
import { randomNumbers } from '../support/random.js';

const text = (buffer: TextBuffer): string => Buffer.from(buffer.take()).toString();

test('numbers of any length are written in decimal', () => {
  const numbers = [
    0,
    9,
    10,
    99,
    100,
    999,
    1000,
    9999,
    10_000,
    99_999,
    100_000,
    999_999,
    1_000_000,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 53 - 1,
    -1,
    -(2 ** 31),
  ];
  for (const number of numbers) {
    const buffer = new TextBuffer();
    buffer.addNumber(number);
    assert.equal(text(buffer), String(number));
  }
});

test('numbers of 64 bits are written in decimal to their last digit', () => {
  const random = randomNumbers(64);
  const numbers = [
    0n,
    1n,
    2n ** 32n - 1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n,
    2n ** 64n - 1n,
    10n ** 18n,
    10n ** 19n,
    9_999_999_999_999_999_999n,
  ];
  for (let i = 0; i < 2000; i++) numbers.push((BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32)));
  for (const number of numbers) {
    const buffer = new TextBuffer();
    buffer.addUnsigned64(Number(number >> 32n), Number(number & 0xffff_ffffn));
    assert.equal(text(buffer), String(number));
  }
});

test('nothing is lost where the buffer grows', () => {
  for (let filled = 0; filled < 16; filled++) {
    const buffer = new TextBuffer(16);
    buffer.addText('x'.repeat(filled));
    buffer.addNumber(1234567890);
    buffer.addText('größe');
    assert.ok(buffer.addString(Uint8Array.of(65, 66, 0), 0, new Uint8Array(256).fill(1, 1)));
    buffer.add(Uint8Array.of(33));
    assert.equal(text(buffer), `${'x'.repeat(filled)}1234567890größeAB!`);
  }
});

test('a string with a byte that is not allowed is not added', () => {
  const buffer = new TextBuffer();
  assert.equal(buffer.addString(Uint8Array.of(65, 7, 0), 0, new Uint8Array(256).fill(1, 32)), false);
  assert.equal(buffer.length, 0);
});

test('what was taken is not given again', () => {
  const buffer = new TextBuffer();
  buffer.addText('a');
  assert.equal(text(buffer), 'a');
  buffer.addText('b');
  assert.equal(text(buffer), 'b');
});
