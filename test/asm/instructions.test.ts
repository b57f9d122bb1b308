import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instructions } from '../../src/asm/instructions.js';
import { accessBytes, BPF_PSEUDO_MAP_FD, EXIT, LD_IMM64 } from '../../src/asm/opcode.js';
import { ParseError } from '../../src/bytes/cursor.js';

const LOAD_MAP = { code: LD_IMM64, dst: 1, src: BPF_PSEUDO_MAP_FD, off: 0, imm: 7 };
const SECOND_HALF = { code: 0, dst: 0, src: 0, off: 0, imm: 0 };
const STORE = { code: 0x7b, dst: 10, src: 1, off: -8, imm: 0 };
const RETURN = { code: EXIT, dst: 0, src: 0, off: 0, imm: 0 };

test('an instruction is laid out as struct bpf_insn is, in either byte order', () => {
  assert.deepEqual([...Instructions.of([STORE]).bytes], [0x7b, 0x1a, 0xf8, 0xff, 0, 0, 0, 0]);
  assert.deepEqual([...Instructions.of([STORE], false).bytes], [0x7b, 0xa1, 0xff, 0xf8, 0, 0, 0, 0]);
});

test('what was written is read back, and swapping twice changes nothing', () => {
  const program = Instructions.of([LOAD_MAP, SECOND_HALF, STORE, RETURN]);
  const there = program.swapped();
  assert.deepEqual(there.at(2), STORE);
  assert.notDeepEqual(there.bytes, program.bytes);
  assert.deepEqual(there.swapped().bytes, program.bytes);
});

test('a field is changed in place and leaves its neighbours alone', () => {
  const program = Instructions.of([STORE]);
  program.setDst(0, 3);
  program.setSrc(0, 9);
  program.setOff(0, 16);
  program.setImm(0, 0xbad2310);
  assert.deepEqual(program.at(0), { code: 0x7b, dst: 3, src: 9, off: 16, imm: 0xbad2310 });
});

test('a 64-bit immediate is both halves of two slots', () => {
  const program = Instructions.of([LOAD_MAP, SECOND_HALF]);
  program.setImm64(0, 0xffff_8000_dead_beefn);
  assert.equal(program.imm64(0), 0xffff_8000_dead_beefn);
  assert.equal(program.imm(0), 0xdeadbeef | 0);
  program.setImm64(0, -1n);
  assert.equal(program.imm64(0), 0xffff_ffff_ffff_ffffn);
});

test('walking steps over the second half of a 64-bit load', () => {
  assert.deepEqual([...Instructions.of([LOAD_MAP, SECOND_HALF, STORE, RETURN]).indexes()], [0, 2, 3]);
});

test('a 64-bit load cut off at the end is one slot with a zero upper half', () => {
  const program = Instructions.of([RETURN, LOAD_MAP]);
  assert.deepEqual([...program.indexes()], [0, 1]);
  assert.equal(program.imm64(1), 7n);
});

test('bytes that are no whole instructions are refused', () => {
  assert.throws(() => new Instructions(new Uint8Array(12)), ParseError);
});

test('the opcode says how many bytes a load moves', () => {
  assert.deepEqual(
    [0x61, 0x69, 0x71, 0x79].map((code) => accessBytes(code)),
    [4, 2, 1, 8],
  );
});
