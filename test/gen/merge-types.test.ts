import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import type { BtfType } from '../../src/btf/types.js';
import { mergeTypes } from '../../src/gen/merge-types.js';
import { assertOnlyParseErrors } from '../mutate.js';

const INT: BtfType = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 };
const struct = (name: string, type: number): BtfType => ({
  kind: 'STRUCT',
  name,
  size: 8,
  members: [{ name: 'm', type, bitOffset: 0, bitfieldSize: 0 }],
  kindFlag: false,
});

test('types of several modules become those of one, without what the base or another one has', () => {
  const base = Btf.parse(encodeBtf([INT, { kind: 'PTR', type: 1 }, struct('known', 2), INT]));
  const split = (...types: BtfType[]) => Btf.parse(encodeBtf(types, { base }), { base });
  const one = split(struct('known', 2), { kind: 'PTR', type: 5 }, struct('shared', 6));
  const two = split({ kind: 'CONST', type: 3 }, struct('shared', 7), { kind: 'PTR', type: 3 }, struct('own', 6));
  const merged = mergeTypes([one, two], base, 'both');
  assert.equal(merged.startId, 5);
  assert.deepEqual(
    [...merged.ids()].map((id) => merged.type(id)),
    [{ kind: 'PTR', type: 3 }, struct('shared', 5), { kind: 'CONST', type: 3 }, struct('own', 6)],
  );
});

const pointer = (type: number): BtfType => ({ kind: 'PTR', type });

/** What is left of types that go on from others. */
function left(base: readonly BtfType[], ...parts: readonly BtfType[][]): BtfType[] {
  const types = Btf.parse(encodeBtf(base));
  const merged = mergeTypes(
    parts.map((each) => Btf.parse(encodeBtf(each, { base: types }), { base: types })),
    types,
    'all',
  );
  return [...merged.ids()].map((id) => merged.type(id));
}

test('a type is one of the base only when it refers to the same ids, where the base repeats itself', () => {
  // Both are int, and the last comes first until the table grows; the pointer is to the other one.
  const base = [INT, { ...INT, name: 'long' }, INT, pointer(1), pointer(3)];
  assert.deepEqual(left(base, [INT, pointer(6)]), []);
  assert.deepEqual(left([INT, INT, pointer(1)], [INT, pointer(4)]), [pointer(2)]);
});

test('a declaration becomes the struct of its name, if there is but one', () => {
  const forward: BtfType = { kind: 'FWD', name: 'later', union: false };
  assert.deepEqual(left([INT], [forward, pointer(2)], [struct('later', 1)]), [pointer(3), struct('later', 1)]);
  const differing = left([INT], [forward, pointer(2)], [struct('later', 1)], [struct('later', 0)]);
  assert.deepEqual(differing, [forward, pointer(2), struct('later', 1), struct('later', 0)]);
});

test('an enum without values becomes the enum of its name', () => {
  const full: BtfType = { kind: 'ENUM', name: 'e', size: 4, signed: false, values: [{ name: 'A', value: 1n }] };
  const declared: BtfType = { ...full, values: [] };
  assert.deepEqual(left([INT], [declared, pointer(2)], [full]), [pointer(3), full]);
  assert.deepEqual(left([full], [declared, pointer(2)]), [pointer(1)]);
});

test('structs that lead to each other are recognised, and those that differ far away are kept', () => {
  const list = (at: number, end: number): BtfType[] => [struct('list', at + 1), pointer(at + 2), struct('node', at + 3), pointer(end)];
  assert.deepEqual(left([INT, ...list(2, 2)], list(6, 6), list(6, 6)), []);
  assert.equal(left([INT, ...list(2, 2)], list(6, 6), list(6, 1)).length, 4);
});

test('types in a circle without a struct, and functions of no function type, are refused', () => {
  assert.throws(() => left([INT], [pointer(3), pointer(2)]), /contains itself/);
  assert.throws(() => left([INT], [{ kind: 'FUNC', name: 'f', type: 1, linkage: 1 }]), /of no function type/);
  const chain = Array.from({ length: 5000 }, (_, i): BtfType => pointer(i + 3));
  assert.throws(() => left([INT], [...chain, INT]), /nest too deep/);
});

test('damaged types are merged or refused', () => {
  const types = Btf.parse(encodeBtf([INT, struct('known', 1)]));
  const bytes = encodeBtf([struct('known', 1), pointer(3), struct('own', 4), { kind: 'FWD', name: 'known', union: false }], {
    base: types,
  });
  assertOnlyParseErrors(bytes, 300, (damaged) => mergeTypes([Btf.parse(damaged, { base: types })], types, 'damaged'));
});
