import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import type { BtfType } from '../../src/btf/types.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { everyKind, RawBtf } from './build.js';

const EXPECTED: BtfType[] = [
  { kind: 'VOID' },
  { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 },
  { kind: 'PTR', type: 1 },
  { kind: 'ARRAY', type: 1, index: 1, length: 16 },
  {
    kind: 'STRUCT',
    name: 'pair',
    size: 8,
    members: [
      { name: 'a', type: 1, bitOffset: 0, bitfieldSize: 3 },
      { name: 'b', type: 1, bitOffset: 32, bitfieldSize: 0 },
    ],
    kindFlag: true,
  },
  { kind: 'UNION', name: 'either', size: 4, members: [{ name: 'x', type: 1, bitOffset: 0, bitfieldSize: 0 }], kindFlag: false },
  {
    kind: 'ENUM',
    name: 'color',
    size: 4,
    signed: true,
    values: [
      { name: 'RED', value: 0n },
      { name: 'NONE', value: -1n },
    ],
  },
  { kind: 'FWD', name: 'later', union: true },
  { kind: 'TYPEDEF', name: 'number', type: 1 },
  { kind: 'VOLATILE', type: 1 },
  { kind: 'CONST', type: 1 },
  { kind: 'RESTRICT', type: 2 },
  {
    kind: 'FUNC_PROTO',
    returns: 1,
    params: [
      { name: 'ctx', type: 2 },
      { name: '', type: 0 },
    ],
  },
  { kind: 'FUNC', name: 'run', type: 12, linkage: 1 },
  { kind: 'VAR', name: 'counter', type: 1, linkage: 1 },
  { kind: 'DATASEC', name: '.data', size: 4, entries: [{ type: 14, offset: 0, size: 4 }] },
  { kind: 'FLOAT', name: 'double', size: 8 },
  { kind: 'DECL_TAG', name: 'note', type: 4, componentIndex: 1, kindFlag: false },
  { kind: 'TYPE_TAG', name: 'rcu', type: 1, kindFlag: false },
  { kind: 'ENUM64', name: 'wide', size: 8, signed: false, values: [{ name: 'BIG', value: 0x8000000000000001n }] },
];

for (const littleEndian of [true, false]) {
  test(`every kind of type is read, ${littleEndian ? 'little' : 'big'}-endian`, () => {
    const btf = Btf.parse(everyKind(littleEndian).bytes());
    assert.deepEqual(
      Array.from({ length: btf.count }, (_, id) => btf.type(id)),
      EXPECTED,
    );
    assert.deepEqual(
      [...btf.ids()].map((id) => btf.kind(id)),
      EXPECTED.slice(1).map((type) => type.kind),
    );
  });
}

test('a type is found by name and kind, the first of several', () => {
  const raw = new RawBtf();
  raw.int('x', 4);
  raw.type(4, 'x', 0, 0);
  raw.type(4, 'x', 0, 8);
  const btf = Btf.parse(raw.bytes());
  assert.equal(btf.find('x'), 1);
  assert.equal(btf.find('x', 'STRUCT'), 2);
  assert.equal(btf.find('y'), undefined);
  assert.equal(btf.find(''), undefined);
  assert.deepEqual(btf.findAll('x'), [1, 2, 3]);
});

test('flavors of a type are found by its essential name', () => {
  const raw = new RawBtf();
  for (const name of ['task', 'task___old', 'task___old___older', '___task', 'task____x', 'task__x', 'task___']) raw.type(4, name, 0, 0);
  const btf = Btf.parse(raw.bytes());
  assert.deepEqual(btf.findEssential('task'), [1, 2]);
  assert.deepEqual(btf.findEssential('task___old'), [3]);
  for (const id of btf.ids()) assert.equal(btf.find(btf.name(id)), id);
});

test('split BTF continues the ids and strings of its base', () => {
  const base = Btf.parse(everyKind().bytes());
  const strings = base.bytes.length - (24 + new DataView(base.bytes.buffer).getUint32(16, true));
  const raw = new RawBtf(true, strings);
  raw.type(8, 'mine', 0, 1);
  raw.type(2, '', 0, base.count);
  raw.type(4, 1, 0, 0);
  const split = Btf.parse(raw.bytes(), { base });
  assert.equal(split.startId, base.count);
  assert.equal(split.count, base.count + 3);
  assert.deepEqual(split.type(base.count + 1), { kind: 'PTR', type: base.count });
  assert.deepEqual(split.type(4), base.type(4));
  assert.equal(split.name(base.count), 'mine');
  assert.equal(split.name(base.count + 2), 'int');
  assert.deepEqual(split.findAll('int'), [1, base.count + 2]);
  assert.equal(split.find('mine'), base.count);
  assert.deepEqual([...split.ids('PTR')], [base.count + 1]);
  assert.throws(() => base.type(base.count), ParseError);
});

test('a longer header with a layout section makes unknown kinds passable', () => {
  const raw = new RawBtf();
  raw.int('int', 4);
  raw.type(20, 'future', 2, 0, [1, 2, 3]);
  raw.int('long', 8);
  assert.throws(() => Btf.parse(raw.bytes()), ParseError);
  const layout = new Array(21 * 4).fill(0);
  layout.splice(20 * 4, 4, 4, 4, 0, 0);
  const btf = Btf.parse(raw.bytes([16 * 3 + 8, layout.length], layout));
  assert.equal(btf.name(3), 'long');
  assert.equal(btf.name(2), 'future');
  assert.throws(() => btf.type(2), { name: 'ParseError', message: /kind 20 is unknown/ });
});

test('references and strings that do not exist are refused when the type is asked for', () => {
  const raw = new RawBtf();
  raw.type(2, '', 0, 9);
  raw.type(16, 12345, 0, 4);
  const btf = Btf.parse(raw.bytes());
  assert.throws(() => btf.type(1), { name: 'ParseError', message: /type 1: refers to type 9 of 3/ });
  assert.throws(() => btf.type(2), ParseError);
  assert.throws(() => btf.name(2), ParseError);
  assert.throws(() => btf.type(3), ParseError);
  assert.throws(() => btf.kind(-1), ParseError);
});

test('strings that overlap endlessly do not take endless memory', () => {
  const raw = new RawBtf();
  const long = raw.string('a'.repeat(40_000));
  for (let i = 0; i < 2000; i++) raw.type(16, long + i, 0, 4);
  const btf = Btf.parse(raw.bytes());
  assert.throws(() => [...btf.ids()].map((id) => btf.type(id)), { name: 'ParseError', message: /overlap/ });
});
