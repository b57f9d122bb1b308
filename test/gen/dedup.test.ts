import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BtfType } from '../../src/btf/types.js';
import { dedupTypes } from '../../src/gen/dedup.js';

const int = (name = 'int'): BtfType => ({ kind: 'INT', name, size: 4, bits: 32, offset: 0, encoding: 1 });
const pointer = (type: number): BtfType => ({ kind: 'PTR', type });
const forward = (name: string): BtfType => ({ kind: 'FWD', name, union: false });
const struct = (name: string, ...types: number[]): BtfType => ({
  kind: 'STRUCT',
  name,
  size: 8 * types.length,
  kindFlag: false,
  members: types.map((type, i) => ({ name: `m${i}`, type, bitOffset: 64 * i, bitfieldSize: 0 })),
});
const names = (types: readonly BtfType[]) => types.map((type) => ('name' in type ? type.name : type.kind));

test('equal types become one, the first, and references follow', () => {
  const { types, ids } = dedupTypes([int(), pointer(1), int(), pointer(3), struct('pair', 2, 4)]);
  assert.deepEqual(names(types), ['int', 'PTR', 'pair']);
  assert.deepEqual(ids, [0, 1, 2, 1, 2, 3]);
  assert.deepEqual(types[2], struct('pair', 2, 2));
});

test('structs that refer to themselves and to each other are recognised', () => {
  const once = (at: number): BtfType[] => [struct('list', at + 1, at + 3), pointer(at), struct('node', at + 1), pointer(at + 2)];
  const { types, ids } = dedupTypes([...once(1), ...once(5)]);
  assert.equal(types.length, 4);
  assert.deepEqual(ids.slice(5), ids.slice(1, 5));
});

test('a difference far away keeps types apart', () => {
  const { types } = dedupTypes([
    struct('a', 2),
    pointer(3),
    struct('b', 4),
    int(),
    struct('a', 6),
    pointer(7),
    struct('b', 8),
    int('long'),
  ]);
  assert.equal(types.length, 8);
});

test('a declaration is the definition of its name', () => {
  const { types, ids } = dedupTypes([
    struct('outer', 2),
    pointer(3),
    forward('inner'),
    struct('outer', 5),
    pointer(6),
    struct('inner', 7),
    int(),
  ]);
  assert.deepEqual(names(types), ['outer', 'PTR', 'inner', 'int']);
  assert.equal(ids[3], ids[6]);
});

test('a declaration of which there are two definitions stays one', () => {
  const { types } = dedupTypes([pointer(2), forward('inner'), struct('inner', 4), int(), struct('inner', 4, 4)]);
  assert.deepEqual(names(types), ['PTR', 'inner', 'inner', 'int', 'inner']);
  assert.equal(types[1]!.kind, 'FWD');
});

test('an enum without values is the enum of its name, of either width', () => {
  const shape = { name: 'colour', size: 4, signed: false } as const;
  const { types, ids } = dedupTypes([
    { ...shape, kind: 'ENUM', values: [] },
    { ...shape, kind: 'ENUM64', size: 8, values: [{ name: 'RED', value: 1n }] },
  ]);
  assert.deepEqual([types.length, types[0]!.kind, ids], [1, 'ENUM64', [0, 1, 1]]);
});

test('variables and data sections are kept, however alike', () => {
  const variable: BtfType = { kind: 'VAR', name: 'x', type: 1, linkage: 0 };
  const section = (type: number): BtfType => ({ kind: 'DATASEC', name: '.data', size: 4, entries: [{ type, offset: 0, size: 4 }] });
  assert.equal(dedupTypes([int(), variable, variable, section(2), section(2)]).types.length, 5);
});

test('declaration tags tell structs and functions apart', () => {
  const tag = (type: number, name: string): BtfType => ({ kind: 'DECL_TAG', name, type, componentIndex: -1, kindFlag: false });
  const same = dedupTypes([struct('s', 2), int(), tag(1, 'a'), struct('s', 2), tag(4, 'a')]);
  assert.equal(same.types.length, 3);
  const different = dedupTypes([struct('s', 2), int(), tag(1, 'a'), struct('s', 2), tag(4, 'b')]);
  assert.equal(different.types.length, 5);
});

test('functions are one only when their parameters have the same names', () => {
  const proto = (name: string): BtfType => ({ kind: 'FUNC_PROTO', returns: 0, params: [{ name, type: 0 }] });
  assert.equal(dedupTypes([proto('a'), proto('a'), proto('b')]).types.length, 2);
});

test('a long chain that differs only at its end takes no longer than it has links', () => {
  const length = 20_000;
  const chain = Array.from({ length }, (_, i): BtfType => ({ kind: 'RESTRICT', type: i + 1 }));
  const start = process.cpuUsage();
  const { types } = dedupTypes([int(), ...chain, int(), ...chain.map((_, i): BtfType => ({ kind: 'RESTRICT', type: length + 2 + i }))]);
  const { user } = process.cpuUsage(start);
  assert.equal(types.length, length + 1);
  assert.ok(user < 20e6, `${user / 1e6} seconds`);
});
