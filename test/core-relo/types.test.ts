import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALL } from '../../src/asm/opcode.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { load64, move, relocate, Types } from './kernel.js';

test('a type that the kernel has: its id, its size, and that it exists', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 8, [['a', 'u64', 0]]);
  const there = kernel.struct('thing', 32, [['b', 'u64', 0]]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['TYPE_ID_LOCAL', here, '0', move(here)],
    ['TYPE_ID_TARGET', here, '0', load64(BigInt(here))],
    ['TYPE_EXISTS', here, '0', move(1)],
    ['TYPE_SIZE', here, '0', move(8)],
  ]);
  assert.equal(code.imm(0), here);
  assert.equal(code.imm64(1), BigInt(there));
  assert.equal(code.imm(3), 1);
  assert.equal(code.imm(4), 32);
});

test('a type that the kernel has not is 0 in all of these, and no instruction is made invalid', () => {
  const local = new Types();
  const here = local.struct('only_here', 8, [['a', 'u64', 0]]);
  const { code, unresolved } = relocate(local.btf(), new Types().btf(), [
    ['TYPE_EXISTS', here, '0', move(1)],
    ['TYPE_SIZE', here, '0', move(8)],
    ['TYPE_ID_TARGET', here, '0', move(here)],
    ['TYPE_MATCHES', here, '0', move(1)],
  ]);
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => code.imm(i)),
    [0, 0, 0, 0],
  );
  assert.equal(unresolved.size, 0);
});

test('a flavor here stands for the type without it; the kernel may have flavors too', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing___new', 8, [['a', 'u64', 0]]);
  kernel.struct('thing', 8, [['b', 'u64', 0]]);
  kernel.struct('thing___2', 16, [
    ['pad', 'u64', 0],
    ['a', 'u64', 64],
  ]);
  const { code } = relocate(local.btf(), kernel.btf(), [['FIELD_BYTE_OFFSET', here, '0:0', move(0)]]);
  assert.equal(code.imm(0), 8);
});

test('structs, unions and typedefs of one name are different types', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 8, [['a', 'u64', 0]]);
  const alias = local.add('alias', { kind: 'TYPEDEF', name: 'thing', type: here });
  kernel.struct('thing', 8, [['a', 'u64', 0]], 'UNION');
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['TYPE_EXISTS', here, '0', move(1)],
    ['TYPE_EXISTS', alias, '0', move(1)],
  ]);
  assert.equal(code.imm(0), 0);
  assert.equal(code.imm(1), 0);
});

test('types match when the kernel has every member under its name, and function pointers take the same arguments', () => {
  const [local, kernel] = [new Types(), new Types()];
  const proto = (types: Types, args: number) =>
    types.add(`proto ${args}`, {
      kind: 'FUNC_PROTO',
      returns: 0,
      params: Array.from({ length: args }, () => ({ name: '', type: types.id('int') })),
    });
  const pointer = (types: Types, to: number) => types.add(`pointer ${to}`, { kind: 'PTR', type: to });
  const same = local.struct('same', 16, [
    ['a', 'int', 0],
    ['call', pointer(local, proto(local, 2)), 64],
  ]);
  const other = local.struct('other', 16, [
    ['a', 'int', 0],
    ['call', pointer(local, proto(local, 1)), 64],
  ]);
  const missing = local.struct('missing', 4, [['gone', 'int', 0]]);
  const typed = local.struct('typed', 4, [['a', 'int', 0]]);
  kernel.struct('same', 24, [
    ['more', 'u64', 0],
    ['call', pointer(kernel, proto(kernel, 2)), 64],
    ['a', 'int', 128],
  ]);
  kernel.struct('other', 16, [
    ['a', 'int', 0],
    ['call', pointer(kernel, proto(kernel, 2)), 64],
  ]);
  kernel.struct('missing', 4, [['a', 'int', 0]]);
  kernel.struct('typed', 4, [['a', 'u32', 0]]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['TYPE_MATCHES', same, '0', move(1)],
    ['TYPE_MATCHES', other, '0', move(1)],
    ['TYPE_MATCHES', missing, '0', move(1)],
    ['TYPE_MATCHES', typed, '0', move(1)],
    ['TYPE_EXISTS', typed, '0', move(1)],
  ]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((i) => code.imm(i)),
    [1, 0, 0, 0, 1],
  );
});

test('behind a pointer a struct matches by its name, also one that is only declared', () => {
  const [local, kernel] = [new Types(), new Types()];
  const fwd = kernel.add('fwd', { kind: 'FWD', name: 'inner', union: false });
  const inner = local.struct('inner', 4, [['x', 'int', 0]]);
  const here = local.struct('thing', 8, [['p', local.add('p', { kind: 'PTR', type: inner }), 0]]);
  kernel.struct('thing', 8, [['p', kernel.add('p', { kind: 'PTR', type: fwd }), 0]]);
  const { code } = relocate(local.btf(), kernel.btf(), [['TYPE_MATCHES', here, '0', move(1)]]);
  assert.equal(code.imm(0), 1);
});

test('several types of the kernel with one name have to agree', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 16, [
    ['a', 'u64', 0],
    ['b', 'u64', 64],
  ]);
  kernel.struct('thing', 16, [
    ['a', 'u64', 0],
    ['b', 'u64', 64],
  ]);
  kernel.add('again', {
    kind: 'STRUCT',
    name: 'thing',
    size: 16,
    kindFlag: false,
    members: [{ name: 'a', type: kernel.id('u64'), bitOffset: 64, bitfieldSize: 0 }],
  });
  const types = [local.btf(), kernel.btf()] as const;
  assert.throws(() => relocate(...types, [['FIELD_BYTE_OFFSET', here, '0:0', move(0)]]), /ambiguous: bit offset 0 or 64/);
  assert.throws(() => relocate(...types, [['TYPE_ID_TARGET', here, '0', move(here)]]), ParseError);
  // The first one alone has b, and is then taken for a as well.
  const { code } = relocate(...types, [
    ['FIELD_BYTE_OFFSET', here, '0:1', move(8)],
    ['FIELD_BYTE_OFFSET', here, '0:0', move(0)],
  ]);
  assert.deepEqual([code.imm(0), code.imm(1)], [8, 0]);
});

test('a module is asked only for what the kernel itself has not', () => {
  const [local, kernel] = [new Types(), new Types()];
  const both = local.struct('both', 8, [['a', 'u64', 0]]);
  const own = local.struct('of_module', 8, [['a', 'u32', 0]]);
  kernel.struct('both', 16, [
    ['pad', 'u64', 0],
    ['a', 'u64', 64],
  ]);
  const base = kernel.btf();
  const module = new Types(base);
  const u32 = kernel.id('u32');
  module.struct('both', 8, [['a', u32, 0]]);
  module.struct('of_module', 8, [
    ['pad', u32, 0],
    ['a', u32, 32],
  ]);
  const { code } = relocate(
    local.btf(),
    base,
    [
      ['FIELD_BYTE_OFFSET', both, '0:0', move(0)],
      ['FIELD_BYTE_OFFSET', own, '0:0', move(0)],
    ],
    [module.btf()],
  );
  assert.deepEqual([code.imm(0), code.imm(1)], [8, 4]);
});

test('enum values go by their names, whatever number the kernel gives them, and however wide', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.enum('state', { OLD: 1n, NEW___flavored: 2n, GONE: 3n });
  const wide = local.enum('wide', { BIG: 1n }, { kind: 'ENUM64' });
  kernel.enum('state', { SOMETHING: 0n, OLD: 7n, NEW: -2n }, { signed: true });
  kernel.enum('wide', { BIG: 0xffff_ffff_0000_0001n }, { kind: 'ENUM64' });
  const { code, unresolved } = relocate(local.btf(), kernel.btf(), [
    ['ENUMVAL_VALUE', here, '0', move(1)],
    ['ENUMVAL_VALUE', here, '1', load64(2n)],
    ['ENUMVAL_EXISTS', here, '2', move(1)],
    ['ENUMVAL_VALUE', here, '2', move(3)],
    ['ENUMVAL_VALUE', wide, '0', load64(1n)],
  ]);
  assert.equal(code.imm(0), 7);
  assert.equal(code.imm64(1), 0xffff_ffff_ffff_fffen);
  assert.equal(code.imm(3), 0);
  assert.equal(code.code(4), CALL);
  assert.equal(code.imm64(5), 0xffff_ffff_0000_0001n);
  assert.equal(unresolved.get(4), `<enumval_value> [${here}] enum state::GONE = 3`);
});

test('what has no name cannot be looked for', () => {
  const local = new Types();
  const here = local.struct('', 8, [['a', 'u64', 0]]);
  assert.throws(() => relocate(local.btf(), new Types().btf(), [['TYPE_EXISTS', here, '0', move(1)]]), /anonymous types/);
  assert.throws(() => relocate(local.btf(), new Types().btf(), [['TYPE_EXISTS', 99, '0', move(1)]]), ParseError);
});
