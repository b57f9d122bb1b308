import type { Instructions } from '../asm/instructions.js';
import {
  accessBytes,
  BPF_ALU,
  BPF_ALU64,
  BPF_B,
  BPF_DW,
  BPF_H,
  BPF_K,
  BPF_LDX,
  BPF_ST,
  BPF_STX,
  BPF_W,
  CALL,
  classOf,
  sizeOf,
  sourceOf,
} from '../asm/opcode.js';

/** The helper number that stands for "bad relocation" (0xbad2310): a program that gets there is refused by the verifier, and libbpf's tools know it. */
export const POISON = 195896080;

/** What a relocation found, and what is to be done with its instruction. */
export interface CoreResult {
  /** Nothing was found: the instruction is made invalid. */
  readonly poison: boolean;
  /** What the compiler wrote, if it can be told. */
  readonly expected: bigint | undefined;
  /** What is to be written, unsigned 64 bits. */
  readonly value: bigint;
  /** Sizes of the field's load or store here and in the target, 0 where that does not matter. */
  readonly localSize: number;
  readonly targetSize: number;
  /** The size differs, and a load of the target's size would not read the same value. */
  readonly sizeMismatch: boolean;
}

const SIZE_BITS: Readonly<Record<number, number>> = { 1: BPF_B, 2: BPF_H, 4: BPF_W, 8: BPF_DW };

/**
 * Writes what a relocation found into its instruction. False when the instruction was made invalid instead.
 *
 * @param fail called, to throw, when it is no instruction that can be relocated, or holds another value than its relocation says
 */
export function patchInstruction(code: Instructions, index: number, result: CoreResult, fail: (reason: string) => never): boolean {
  const opcode = code.code(index);
  const check = (found: bigint) => {
    if (result.expected !== undefined && found !== result.expected)
      fail(`the instruction holds ${found}, its relocation says ${result.expected}`);
  };
  if (result.poison) return poison(code, index);
  switch (classOf(opcode)) {
    case BPF_ALU:
    case BPF_ALU64:
      if (sourceOf(opcode) !== BPF_K) fail('an instruction without an immediate is relocated');
      check(BigInt.asUintN(64, BigInt(code.imm(index))));
      code.setImm(index, Number(BigInt.asIntN(32, result.value)));
      return true;
    case BPF_LDX:
    case BPF_ST:
    case BPF_STX:
      check(BigInt.asUintN(64, BigInt(code.off(index))));
      if (result.value > 0x7fffn) fail(`the offset ${result.value} is too large for an instruction`);
      if (result.sizeMismatch) return poison(code, index);
      code.setOff(index, Number(result.value));
      if (result.localSize !== result.targetSize) resize(code, index, result, fail);
      return true;
    default:
      if (!isPlainLoad64(code, index)) fail(`opcode 0x${opcode.toString(16)} cannot be relocated`);
      check(code.imm64(index));
      code.setImm64(index, result.value);
      return true;
  }
}

function isPlainLoad64(code: Instructions, index: number): boolean {
  if (!code.isLoad64(index) || code.src(index) !== 0 || code.off(index) !== 0) return false;
  const second = code.at(index + 1);
  return second.code === 0 && second.dst === 0 && second.src === 0 && second.off === 0;
}

function resize(code: Instructions, index: number, { localSize, targetSize }: CoreResult, fail: (reason: string) => never): void {
  const opcode = code.code(index);
  if (accessBytes(opcode) !== localSize) fail(`an access of ${accessBytes(opcode)} bytes to a field of ${localSize}`);
  const bits = SIZE_BITS[targetSize] ?? fail(`no instruction accesses a field of ${targetSize} bytes`);
  code.setCode(index, opcode - sizeOf(opcode) + bits);
}

/** Turns the instruction, both slots of a 64-bit load, into calls of a helper that does not exist. */
function poison(code: Instructions, index: number): false {
  if (code.isLoad64(index)) code.set(index + 1, { code: CALL, dst: 0, src: 0, off: 0, imm: POISON });
  code.set(index, { code: CALL, dst: 0, src: 0, off: 0, imm: POISON });
  return false;
}
