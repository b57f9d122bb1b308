import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { BtfBuilder, encodeBtf } from '../../src/btf/encode.js';
import { BTF_KINDS, type BtfKind, type BtfType } from '../../src/btf/types.js';
import { random } from '../mutate.js';
import { everyKind } from './build.js';

/** Some type of a kind, with ids below `ids` and values that fill their fields. */
function randomType(kind: BtfKind, ids: number, next: () => number): BtfType {
  const name = `n${next() % 20}`;
  const type = next() % ids;
  const list = <T>(make: () => T): T[] => Array.from({ length: next() % 4 }, make);
  const kindFlag = next() % 2 === 0;
  const make: Record<Exclude<BtfKind, 'VOID'>, () => BtfType> = {
    INT: () => ({ kind: 'INT', name, size: next(), bits: next() & 255, offset: next() & 255, encoding: next() & 15 }),
    PTR: () => ({ kind: 'PTR', type }),
    ARRAY: () => ({ kind: 'ARRAY', type, index: next() % ids, length: next() }),
    STRUCT: () => composite('STRUCT'),
    UNION: () => composite('UNION'),
    ENUM: () => ({
      kind: 'ENUM',
      name,
      size: 4,
      signed: kindFlag,
      values: list(() => ({ name, value: kindFlag ? -BigInt(next() & 0x7fffffff) : BigInt(next()) })),
    }),
    FWD: () => ({ kind: 'FWD', name, union: kindFlag }),
    TYPEDEF: () => ({ kind: 'TYPEDEF', name, type }),
    VOLATILE: () => ({ kind: 'VOLATILE', type }),
    CONST: () => ({ kind: 'CONST', type }),
    RESTRICT: () => ({ kind: 'RESTRICT', type }),
    FUNC: () => ({ kind: 'FUNC', name, type, linkage: next() % 3 }),
    FUNC_PROTO: () => ({ kind: 'FUNC_PROTO', returns: type, params: list(() => ({ name, type: next() % ids })) }),
    VAR: () => ({ kind: 'VAR', name, type, linkage: next() % 3 }),
    DATASEC: () => ({ kind: 'DATASEC', name, size: next(), entries: list(() => ({ type, offset: next(), size: next() })) }),
    FLOAT: () => ({ kind: 'FLOAT', name, size: next() }),
    DECL_TAG: () => ({ kind: 'DECL_TAG', name, type, componentIndex: (next() % 10) - 1, kindFlag }),
    TYPE_TAG: () => ({ kind: 'TYPE_TAG', name, type, kindFlag }),
    ENUM64: () => ({
      kind: 'ENUM64',
      name,
      size: 8,
      signed: kindFlag,
      values: list(() => ({ name, value: kindFlag ? -(BigInt(next()) << 20n) : BigInt(next()) << 20n })),
    }),
  };
  const composite = (kind: 'STRUCT' | 'UNION'): BtfType => ({
    kind,
    name,
    size: next(),
    members: list(() => ({ name, type: next() % ids, bitOffset: next() & 0xffffff, bitfieldSize: kindFlag ? next() & 255 : 0 })),
    kindFlag,
  });
  return make[kind as Exclude<BtfKind, 'VOID'>]();
}

function typesOf(btf: Btf): BtfType[] {
  return [...btf.ids()].map((id) => btf.type(id));
}

test('what is encoded is read back the same', () => {
  const next = random(7);
  for (let run = 0; run < 100; run++) {
    const count = 1 + (next() % 60);
    const types = Array.from({ length: count }, () => randomType(BTF_KINDS[1 + (next() % 19)]!, count + 1, next));
    const littleEndian = run % 2 === 0;
    const btf = Btf.parse(encodeBtf(types, { littleEndian }));
    assert.equal(btf.littleEndian, littleEndian);
    assert.deepEqual(typesOf(btf), types);
  }
});

test('a string is written once', () => {
  const builder = new BtfBuilder();
  builder.add({ kind: 'FLOAT', name: 'twice', size: 4 });
  builder.add({ kind: 'FLOAT', name: 'twice', size: 8 });
  assert.equal(builder.string('twice'), 1);
  assert.equal(Btf.parse(builder.bytes()).strings.end, 7);
});

test('split BTF is encoded behind its base', () => {
  const base = Btf.parse(everyKind().bytes());
  const types: BtfType[] = [
    { kind: 'TYPEDEF', name: 'mine', type: 1 },
    { kind: 'PTR', type: base.count },
  ];
  const split = Btf.parse(encodeBtf(types, { base }), { base });
  assert.deepEqual(typesOf(split), types);
  assert.equal(split.startId, base.count);
});

test('strings that something else refers to keep their offsets', () => {
  const old = Btf.parse(everyKind().bytes());
  const types: BtfType[] = [
    { kind: 'FLOAT', name: 'counter', size: 4 },
    { kind: 'FLOAT', name: 'new', size: 4 },
  ];
  const btf = Btf.parse(encodeBtf(types, { keepStrings: old }));
  for (let offset = 0; offset < old.strings.end; offset++) assert.equal(btf.stringAt(offset), old.stringAt(offset));
  assert.equal(btf.strings.end, old.strings.end + 4);
  assert.deepEqual(typesOf(btf), types);
});

test('a struct with a bitfield gets the flag that makes room for its size', () => {
  const members = [{ name: 'a', type: 0, bitOffset: 3, bitfieldSize: 2 }];
  const btf = Btf.parse(encodeBtf([{ kind: 'STRUCT', name: 's', size: 4, members, kindFlag: false }]));
  assert.deepEqual(btf.type(1), { kind: 'STRUCT', name: 's', size: 4, members, kindFlag: true });
});
