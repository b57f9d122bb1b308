import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { alignOf, sizeOf, skipModifiers, skipTypedefs } from '../../src/btf/resolve.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { everyKind, RawBtf } from './build.js';

test('sizes follow arrays, typedefs and modifiers', () => {
  const btf = Btf.parse(everyKind().bytes());
  const sizes = { 1: 4, 2: 8, 3: 64, 4: 8, 6: 4, 8: 4, 10: 4, 11: 8, 14: 4, 15: 4, 16: 8, 18: 4, 19: 8 };
  for (const [id, size] of Object.entries(sizes)) assert.equal(sizeOf(btf, Number(id)), size);
  for (const id of [0, 7, 12, 13]) assert.throws(() => sizeOf(btf, id), { name: 'ParseError', message: /has no size/ });
});

test('typedefs are names, modifiers are not', () => {
  const raw = new RawBtf();
  raw.int('int', 4);
  raw.type(8, 'number', 0, 1);
  raw.type(10, '', 0, 2);
  raw.type(18, 'tag', 0, 3);
  const btf = Btf.parse(raw.bytes());
  assert.equal(skipModifiers(btf, 4), 2);
  assert.equal(skipTypedefs(btf, 4), 1);
});

test('a struct is as aligned as its members, or packed', () => {
  const raw = new RawBtf();
  const u8 = raw.int('u8', 1);
  const u64 = raw.int('u64', 8);
  const wide = raw.int('__int128', 16);
  const array = raw.type(3, '', 0, 0, [u64, u8, 2]);
  const plain = raw.type(4, 'plain', 2, 24, [0, u8, 0, 0, array, 64]);
  const packed = raw.type(4, 'packed', 2, 9, [0, u8, 0, 0, u64, 8]);
  const outer = raw.type(4, 'outer', 1, 24, [0, plain, 0]);
  const btf = Btf.parse(raw.bytes());
  assert.deepEqual(
    [u8, u64, wide, array, plain, packed, outer].map((id) => alignOf(btf, id)),
    [1, 8, 8, 8, 8, 1, 8],
  );
});

test('types that contain themselves are refused, not followed', () => {
  const raw = new RawBtf();
  raw.type(8, 'a', 0, 2);
  raw.type(10, '', 0, 1);
  raw.type(3, '', 0, 0, [3, 3, 2]);
  raw.type(4, 's', 2, 8, [0, 4, 0, 0, 4, 0]);
  const btf = Btf.parse(raw.bytes());
  for (const id of [1, 2, 3]) assert.throws(() => sizeOf(btf, id), ParseError);
  for (const id of [1, 3, 4]) assert.throws(() => alignOf(btf, id), ParseError);
  for (const id of [1, 2]) assert.throws(() => skipTypedefs(btf, id), ParseError);
});

test('arrays of more than 4 GiB have no size', () => {
  const raw = new RawBtf();
  raw.int('u64', 8);
  for (let i = 0; i < 40; i++) raw.type(3, '', 0, 0, [i + 1, 1, 0xffffffff]);
  const btf = Btf.parse(raw.bytes());
  assert.throws(() => sizeOf(btf, 41), { name: 'ParseError', message: /too large/ });
});
