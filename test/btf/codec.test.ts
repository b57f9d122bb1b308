import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { codecOf } from '../../src/btf/codec.js';
import { Elf } from '../../src/elf/elf.js';
import { RawBtf } from './build.js';

const btf = Btf.parse(Elf.parse(readFileSync('test/progs/gen-types.bpf.o')).section('.BTF')!.bytes);
const codec = (name: string) => codecOf<Record<string, unknown>>(btf, btf.find(name, 'STRUCT')!, name);
const everything = codec('everything');

const VALUE = {
  c: -1,
  s8: -128,
  u8: 255,
  s16: -2,
  u16: 65535,
  s32: -(2 ** 31),
  u32: 2 ** 32 - 1,
  s64: -(2n ** 63n),
  u64: 2n ** 64n - 1n,
  flag: true,
  f32: 0.5,
  f64: 0.1,
  s128: -(2n ** 127n),
  u128: 2n ** 128n - 1n,
  colour: 'BLUE',
  wide: 'HUGE',
  pointer: 0xffff_8000_0000_0000n,
  text: 'grüße',
  mac: { bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) },
  address: { family: 2, v4: 0x0100007f, v6: Uint8Array.of(127, 0, 0, 1, ...new Array(12).fill(0)) },
  flags: { low: 5, middle: -16, colour: 'GREEN', on: true, high: 2n ** 40n - 1n },
  matrix: [
    [1, 2, 3],
    [-1, -2, -3],
  ],
  names: ['ab', 'abcdefgh'],
  list: [
    { x: 1, y: 2n },
    { x: 3, y: -4n },
  ],
  choice: { as_inner: { x: 5, y: 6n }, as_word: 5n },
};

test('a value of every kind is the same after a way through bytes', () => {
  const bytes = everything.encode(VALUE);
  assert.equal(bytes.length, everything.size);
  assert.deepEqual(everything.decode(bytes), VALUE);
  assert.deepEqual(everything.encode(everything.decode(bytes)), bytes);
});

test('bytes are laid out as C has them', () => {
  const bytes = everything.encode({
    s32: 0x01020304,
    address: { v4: 0x0a000001 },
    flags: { low: 1, middle: -1, on: true },
    list: [{}, { x: 7 }],
  });
  const at = (offset: number, length: number) => [...bytes.subarray(offset, offset + length)];
  assert.deepEqual(at(8, 4), [4, 3, 2, 1]);
  assert.deepEqual(at(132, 4), [1, 0, 0, 10]);
  assert.deepEqual(at(152, 4), [0b1111_1001, 0, 0b1_0000, 0]);
  assert.deepEqual(at(216, 4), [7, 0, 0, 0]);
  assert.equal(bytes.filter((byte) => byte !== 0).length, 4 + 2 + 2 + 1);
});

test('what is left out is zero', () => {
  assert.deepEqual(everything.encode({}), new Uint8Array(everything.size));
  const zero = everything.decode(new Uint8Array(everything.size));
  assert.deepEqual([zero.colour, zero.wide, zero.flag, zero.text, zero.pointer], ['RED', 0n, false, '', 0n]);
});

test('numbers stand for enum values that have no name, and bigints for numbers', () => {
  assert.equal(everything.decode(everything.encode({ colour: 3 })).colour, 3);
  assert.equal(everything.decode(everything.encode({ wide: 7 })).wide, 7n);
  assert.equal(everything.decode(everything.encode({ u64: 7, u32: 7n })).u32, 7);
});

test('a value that does not fit is refused by the name of its member', () => {
  const refused: [object, RegExp][] = [
    [{ u8: 256 }, /^everything\.u8: 256 does not fit u8 \(0 to 255\)$/],
    [{ s16: -32769 }, /^everything\.s16: -32769 does not fit s16 \(-32768 to 32767\)$/],
    [{ u64: -1n }, /^everything\.u64: -1 does not fit u64/],
    [{ u64: 2 ** 53 }, /^everything\.u64: 9007199254740992 is not exact: give it as a bigint$/],
    [{ u32: 1.5 }, /^everything\.u32: 1\.5 is no whole number$/],
    [{ u32: '1' }, /^everything\.u32: "1" is no whole number$/],
    [{ flag: 2 }, /^everything\.flag: 2 is neither true nor false$/],
    [{ f64: '1' }, /^everything\.f64: "1" is no number$/],
    [{ f32: 1e300 }, /^everything\.f32: 1e\+300 does not fit float$/],
    [{ colour: 'PINK' }, /^everything\.colour: "PINK" is no value of enum colour$/],
    [{ text: 'seventeen letters' }, /^everything\.text: "seventeen letters" has 17 bytes, which do not fit 16$/],
    [{ mac: { bytes: [1, 2, 300] } }, /^everything\.mac\.bytes\[2\]: 300 is no byte \(0 to 255\)$/],
    [{ mac: { bytes: [1, 2, 3, 4, 5, 6, 7] } }, /^everything\.mac\.bytes: 7 bytes do not fit 6$/],
    [{ address: { v4: -1 } }, /^everything\.address\.v4: /],
    [{ flags: { low: 8 } }, /^everything\.flags\.low: 8 does not fit 3 bits \(0 to 7\)$/],
    [{ matrix: [[1], [1, 2, 3, 4]] }, /^everything\.matrix\[1\]: 4 elements do not fit 3$/],
    [{ matrix: 1 }, /^everything\.matrix: 1 is no array$/],
    [{ list: [{ x: 1 }, { z: 1 }] }, /^everything\.list\[1\]: there is no member "z"$/],
    [{ choice: null }, /^everything\.choice: null is no object$/],
  ];
  for (const [value, message] of refused) {
    assert.throws(
      () => everything.encode(value as never),
      (error: Error) => error.name === 'UsageError' && message.test(error.message),
    );
  }
});

test('two members of a union are taken when they agree, and refused when they do not', () => {
  const both = everything.encode({ choice: { as_word: 5n, as_inner: { x: 5, y: 6n } } });
  assert.deepEqual(everything.decode(both).choice, { as_word: 5n, as_inner: { x: 5, y: 6n } });
  assert.throws(() => everything.encode({ choice: { as_word: 4n, as_inner: { x: 5, y: 6n } } }), {
    message: 'everything.choice: as_inner and as_word disagree: give one of them',
  });
});

test('text may be given as bytes, and is read up to its first NUL', () => {
  const bytes = everything.encode({ text: [0x61, 0, 0xff] as never });
  assert.equal(bytes[106], 0xff);
  assert.equal(everything.decode(bytes).text, 'a');
});

test('values are read at an offset, and not beyond the end', () => {
  const inner = codec('inner');
  const bytes = new Uint8Array([...new Uint8Array(3), ...inner.encode({ x: 9, y: 10n })]);
  assert.deepEqual(inner.decode(bytes, 3), { x: 9, y: 10n });
  assert.throws(() => inner.decode(bytes, 4), { message: 'inner: 15 bytes are too few, it has 16' });
});

test('a data section is an object of its variables', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4, 1);
  const first = raw.type(14, 'first', 0, int, [1]);
  const second = raw.type(14, 'second', 0, int, [1]);
  const section = raw.type(15, '.data', 2, 12, [first, 0, 4, second, 8, 4]);
  const data = codecOf(Btf.parse(raw.bytes()), section);
  assert.deepEqual(data.encode({ first: 1, second: 2 }), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0));
});

test('both byte orders are known, in bitfields too', () => {
  const raw = new RawBtf(false);
  const int = raw.int('unsigned int', 4);
  const type = raw.type(
    4,
    'big',
    3,
    8,
    [raw.string('word'), int, 0, raw.string('high'), int, 0x4000020, raw.string('low'), int, 0xc000024],
    true,
  );
  const bytes = codecOf(Btf.parse(raw.bytes()), type).encode({ word: 1, high: 0xa, low: 0xbcd });
  assert.deepEqual([...bytes], [0, 0, 0, 1, 0xab, 0xcd, 0, 0]);
});

test('a member called __proto__ is a member', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4, 1);
  const type = codecOf(Btf.parse(raw.bytes()), int);
  assert.equal(type.size, 4);
  const struct = new RawBtf();
  const member = struct.int('int', 4, 1);
  const id = struct.type(4, 'odd', 1, 4, [struct.string('__proto__'), member, 0]);
  const value = codecOf<object>(Btf.parse(struct.bytes()), id).decode(Uint8Array.of(1, 0, 0, 0));
  assert.deepEqual(Object.entries(value), [['__proto__', 1]]);
});

test('types that have no values, no end or no sense are refused', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4, 1);
  const empty = raw.type(4, 'empty', 0, 0);
  const refused = [
    raw.type(7, 'later', 0, 0),
    raw.type(13, '', 0, int),
    raw.type(4, 'short', 1, 2, [raw.string('x'), int, 0]),
    raw.type(4, 'odd', 1, 8, [raw.string('x'), int, 3]),
    raw.type(3, '', 0, 0, [raw.count, int, 1]),
    raw.type(3, '', 0, 0, [empty, int, 0xffffffff]),
    raw.type(4, 'beyond', 1, 4, [raw.string('x'), int, 0x300001e], true),
    0,
  ];
  const types = Btf.parse(raw.bytes());
  for (const id of refused) assert.throws(() => codecOf(types, id), { name: 'ParseError' }, `type ${id}`);
});
