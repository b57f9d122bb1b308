import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../../src/bytes/text.js';

const digitsOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));

test('bytes have two digits each, few and many, also where they are a part of others', () => {
  const memory = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256);
  for (const length of [0, 1, 63, 64, 65, 290]) {
    const bytes = memory.subarray(5, 5 + length);
    assert.equal(hex(bytes), digitsOf(bytes).join(''));
    assert.equal(hex(bytes, ' '), digitsOf(bytes).join(' '));
  }
});

test('a text of a megabyte does not take many times its size', () => {
  const bytes = new Uint8Array(1 << 20).fill(0xab);
  hex(bytes);
  const before = process.memoryUsage().heapUsed;
  const texts = Array.from({ length: 8 }, () => hex(bytes));
  const each = (process.memoryUsage().heapUsed + process.memoryUsage().external - before) / texts.length;
  assert.ok(texts.every((text) => text.length === 2 << 20));
  assert.ok(each < 16 << 20, `${each} bytes`);
});
