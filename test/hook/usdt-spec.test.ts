import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { usdtSpec } from '../../src/hook/usdt-spec.js';

const OLD = 208;
const NEW = 304;

/** The fields of one argument: value, kind, index, scale, register, signed, shift. */
function argument(spec: Uint8Array, i: number): (number | bigint)[] {
  const view = new DataView(spec.buffer);
  const [size, register] = spec.length === OLD ? [16, 12] : [24, 14];
  const at = i * size;
  const index = view.getUint16(at + 10, true);
  const rest = [view.getInt16(at + register, true), view.getUint8(at + register + 2), view.getUint8(at + register + 3)];
  return [view.getBigInt64(at, true), view.getUint8(at + 8), index & 0xfff, index >> 12, ...rest];
}

test('arguments of x86-64 are constants, registers, and memory by one register or two', () => {
  const spec = usdtSpec('-4@$-5 8@%rdi -1@%r15b 2@-20(%rbp) 8@(%rsp) 4@-96(%rbp,%rax,8) 1@( %rbp , %rax )', 7n, NEW, 'x64');
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].map((i) => argument(spec, i)),
    [
      [-5n, 0, 0, 0, 0, 1, 32],
      [0n, 1, 0, 0, 112, 0, 0],
      [0n, 1, 0, 0, 0, 1, 56],
      [-20n, 2, 0, 0, 32, 0, 48],
      [0n, 2, 0, 0, 152, 0, 0],
      [-96n, 3, 80, 3, 32, 0, 32],
      [0n, 3, 80, 0, 32, 0, 56],
    ],
  );
  const view = new DataView(spec.buffer);
  assert.deepEqual([view.getBigUint64(288, true), view.getInt16(296, true)], [7n, 7]);
});

test('programs with an older header get its layout', () => {
  const spec = usdtSpec('-4@%esi', 1n, OLD, 'x64');
  assert.deepEqual(argument(spec, 0), [0n, 1, 0, 0, 104, 1, 32]);
  const view = new DataView(spec.buffer);
  assert.deepEqual([view.getBigUint64(192, true), view.getInt16(200, true)], [1n, 1]);
});

test('arguments of arm64 are numbers, registers and memory in brackets', () => {
  const spec = usdtSpec('-4@5 8@x1 -4@[sp, 12] 8@[x0]', 0n, NEW, 'arm64');
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => argument(spec, i).filter((_, field) => field !== 2 && field !== 3)),
    [
      [5n, 0, 0, 1, 32],
      [0n, 1, 8, 0, 0],
      [12n, 2, 248, 1, 32],
      [0n, 2, 0, 0, 0],
    ],
  );
});

test('what is not known is refused', () => {
  assert.throws(() => usdtSpec('4@%xmm0', 0n, NEW, 'x64'), /is in xmm0, which programs cannot read/);
  assert.throws(() => usdtSpec('3@%eax', 0n, NEW, 'x64'), /cannot be read: "3@%eax"/);
  assert.throws(() => usdtSpec('nonsense', 0n, NEW, 'x64'), UsageError);
  assert.throws(() => usdtSpec('', 0n, 100, 'x64'), /values of 100 bytes/);
  assert.throws(() => usdtSpec('4@$1 '.repeat(13), 0n, NEW, 'x64'), /has 13 arguments/);
});
