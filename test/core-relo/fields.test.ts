import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BPF_B, BPF_DW, BPF_H, BPF_W, CALL, sizeOf } from '../../src/asm/opcode.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { POISON } from '../../src/core-relo/patch.js';
import { load, load64, move, relocate, Types } from './kernel.js';

/** A struct here, and the same in a kernel that has put `added` before its members. */
function moved() {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 16, [
    ['a', 'u64', 0],
    ['b', 'u32', 64],
    ['c', 'int', 96],
  ]);
  kernel.struct('thing', 24, [
    ['added', 'u64', 0],
    ['b', 'u32', 64],
    ['a', 'u64', 128],
    ['c', 'int', 96],
  ]);
  return { here, local: local.btf(), kernel: kernel.btf() };
}

test('a load follows its field to where the kernel has it', () => {
  const { here, local, kernel } = moved();
  const { code, unresolved } = relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, '0:0', load(0)]]);
  assert.equal(code.off(0), 16);
  assert.equal(unresolved.size, 0);
});

test('the offset of a field is written into moves and 64-bit loads as well', () => {
  const { here, local, kernel } = moved();
  const { code } = relocate(local, kernel, [
    ['FIELD_BYTE_OFFSET', here, '0:0', move(0)],
    ['FIELD_BYTE_OFFSET', here, '0:0', load64(0n)],
  ]);
  assert.equal(code.imm(0), 16);
  assert.equal(code.imm64(1), 16n);
});

test('elements of an array count with the size that the kernel has for them', () => {
  const { here, local, kernel } = moved();
  const { code } = relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, '2:1', load(40, BPF_W)]]);
  assert.equal(code.off(0), 2 * 24 + 8);
});

test('a field that the kernel has not makes its load invalid, and is said not to exist', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 8, [['gone', 'u32', 0]]);
  kernel.struct('thing', 8, [['other', 'u32', 0]]);
  const { code, unresolved } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_OFFSET', here, '0:0', load(0, BPF_W)],
    ['FIELD_EXISTS', here, '0:0', move(1)],
    ['FIELD_BYTE_SIZE', here, '0:0', load64(4n)],
  ]);
  assert.deepEqual(code.at(0), { code: CALL, dst: 0, src: 0, off: 0, imm: POISON });
  assert.equal(code.imm(1), 0);
  assert.equal(code.code(2), CALL);
  assert.equal(code.code(3), CALL, 'both slots of a 64-bit load');
  assert.deepEqual([...unresolved.keys()], [0, 2]);
  assert.equal(unresolved.get(0), `<byte_off> [${here}] struct thing.gone (0:0 @ offset 0)`);
});

test('an unsigned field that has become wider or narrower is loaded in its new size', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 16, [
    ['wider', 'u32', 0],
    ['narrower', 'u64', 64],
  ]);
  kernel.struct('thing', 16, [
    ['wider', 'u64', 0],
    ['narrower', 'u16', 64],
  ]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_OFFSET', here, '0:0', load(0, BPF_W)],
    ['FIELD_BYTE_OFFSET', here, '0:1', load(8, BPF_DW)],
  ]);
  assert.equal(sizeOf(code.code(0)), BPF_DW);
  assert.equal(sizeOf(code.code(1)), BPF_H);
});

test('a signed field that has changed its size cannot be loaded', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 8, [['x', 'int', 0]]);
  kernel.struct('thing', 8, [['x', 's64', 0]]);
  const { code, unresolved } = relocate(local.btf(), kernel.btf(), [['FIELD_BYTE_OFFSET', here, '0:0', load(0, BPF_W)]]);
  assert.equal(code.imm(0), POISON);
  assert.equal(unresolved.size, 1);
});

test('members of anonymous structs and unions are found wherever the kernel has put them', () => {
  const [local, kernel] = [new Types(), new Types()];
  const inner = local.struct('', 8, [
    ['x', 'u32', 0],
    ['y', 'u32', 32],
  ]);
  const here = local.struct('thing', 16, [
    ['head', 'u64', 0],
    ['', inner, 64],
  ]);
  const deep = kernel.struct('', 4, [['y', 'u32', 0]]);
  const either = kernel.struct(
    '',
    8,
    [
      ['', deep, 0],
      ['z', 'u64', 0],
    ],
    'UNION',
  );
  kernel.struct('thing', 24, [
    ['pad', 'u64', 0],
    ['', either, 64],
    ['x', 'u32', 128],
  ]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_OFFSET', here, '0:1:0', load(8, BPF_W)],
    ['FIELD_BYTE_OFFSET', here, '0:1:1', load(12, BPF_W)],
  ]);
  assert.equal(code.off(0), 16);
  assert.equal(code.off(1), 8);
});

test('an array element beyond the array of the kernel is not there, except in the last member without a length', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 64, [['list', local.array('u32', 8), 0]]);
  const open = local.struct('open', 4, [
    ['n', 'u32', 0],
    ['tail', local.array('u32', 0), 32],
  ]);
  kernel.struct('thing', 16, [['list', kernel.array('u32', 4), 0]]);
  kernel.struct('open', 8, [
    ['n', 'u32', 0],
    ['more', 'u32', 32],
    ['tail', kernel.array('u32', 0), 64],
  ]);
  const { code, unresolved } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_OFFSET', here, '0:0:3', load(12, BPF_W)],
    ['FIELD_BYTE_OFFSET', here, '0:0:7', load(28, BPF_W)],
    ['FIELD_BYTE_OFFSET', open, '0:1:5', load(24, BPF_W)],
  ]);
  assert.equal(code.off(0), 12);
  assert.deepEqual([...unresolved.keys()], [1]);
  assert.equal(code.off(2), 28);
});

test('bitfields: which integer to load, and how far to shift it', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('bits', 4, [
    ['a', 'u32', 0, 3],
    ['b', 'int', 3, 5],
  ]);
  kernel.struct('bits', 8, [
    ['pad', 'u32', 0],
    ['b', 'int', 56, 5],
    ['a', 'u32', 37, 3],
  ]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_OFFSET', here, '0:0', move(0)],
    ['FIELD_BYTE_SIZE', here, '0:0', move(4)],
    ['FIELD_LSHIFT_U64', here, '0:0', move(61)],
    ['FIELD_RSHIFT_U64', here, '0:0', move(61)],
    ['FIELD_SIGNED', here, '0:0', move(0)],
    ['FIELD_SIGNED', here, '0:1', move(1)],
  ]);
  // Bits 37 to 39 are bits 5 to 7 of the 4 bytes at 4.
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((i) => code.imm(i)),
    [4, 4, 56, 61, 0, 1],
  );
});

test('the size of a field, and its sign, are those of the kernel', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 4, [['x', 'u8', 0]]);
  kernel.struct('thing', 4, [['x', 'int', 0]]);
  const { code } = relocate(local.btf(), kernel.btf(), [
    ['FIELD_BYTE_SIZE', here, '0:0', move(1)],
    ['FIELD_SIGNED', here, '0:0', move(0)],
    ['FIELD_RSHIFT_U64', here, '0:0', move(56)],
  ]);
  assert.deepEqual(
    [0, 1, 2].map((i) => code.imm(i)),
    [4, 1, 32],
  );
});

test('a field of another kind of type is no match: a struct where a number was', () => {
  const [local, kernel] = [new Types(), new Types()];
  const here = local.struct('thing', 4, [['x', 'u32', 0]]);
  const inner = kernel.struct('inner', 4, [['value', 'u32', 0]]);
  kernel.struct('thing', 4, [['x', inner, 0]]);
  const { code } = relocate(local.btf(), kernel.btf(), [['FIELD_EXISTS', here, '0:0', move(1)]]);
  assert.equal(code.imm(0), 0);
});

test('an instruction that holds something else than its relocation says is refused', () => {
  const { here, local, kernel } = moved();
  assert.throws(
    () => relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, '0:1', load(12, BPF_W)]]),
    /program test.*the instruction holds 12, its relocation says 8/,
  );
  assert.throws(
    () => relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, '0:1', { code: CALL, dst: 0, src: 0, off: 0, imm: 1 }]]),
    ParseError,
  );
  assert.throws(() => relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, '0:7', load(0, BPF_B)]]), /there is no member 7/);
  for (const access of ['', ':', '0:', 'x', '-1', '0:0:0']) {
    assert.throws(() => relocate(local, kernel, [['FIELD_BYTE_OFFSET', here, access, load(0)]]), ParseError, access);
  }
});

test('structs that hold each other without a name, in types that no compiler made, end in an error', () => {
  const local = new Types();
  const here = local.struct('thing', 4, [['x', 'u32', 0]]);
  const kernel = new Types();
  // Anonymous, twice itself: without a limit there would be 2^64 paths through it.
  const loop = [...kernel.ids.values()].length + 1;
  kernel.struct('', 4, [
    ['', loop, 0],
    ['', loop, 0],
  ]);
  kernel.struct('thing', 4, [['', loop, 0]]);
  assert.throws(() => relocate(local.btf(), kernel.btf(), [['FIELD_BYTE_OFFSET', here, '0:0', load(0, BPF_W)]]), ParseError);
});
