// Instructions that the probes are made of.
import type { Instruction } from '../asm/instructions.js';
import { BPF_ALU64, BPF_JMP, BPF_JMP32, BPF_K, BPF_MOV, BPF_SUB, BPF_X, CALL, EXIT } from '../asm/opcode.js';

export const EXIT_INSN: Instruction = { code: EXIT, dst: 0, src: 0, off: 0, imm: 0 };

/** `rDST = IMM` */
export function moveImmediate(dst: number, imm: number): Instruction {
  return { code: BPF_ALU64 | BPF_MOV | BPF_K, dst, src: 0, off: 0, imm };
}

/** `rDST = rSRC` */
export function moveRegister(dst: number, src: number): Instruction {
  return { code: BPF_ALU64 | BPF_MOV | BPF_X, dst, src, off: 0, imm: 0 };
}

/** `rDST -= IMM` */
export function subtractImmediate(dst: number, imm: number): Instruction {
  return { code: BPF_ALU64 | BPF_SUB | BPF_K, dst, src: 0, off: 0, imm };
}

/** `if rDST OPERATION IMM goto +OFF`, over all 64 bits. */
export function jump64(operation: number, dst: number, imm: number, off: number): Instruction {
  return { code: BPF_JMP | operation | BPF_K, dst, src: 0, off, imm };
}

/** The same over the lower 32 bits; with BPF_JA a jump that `imm` says the distance of. */
export function jump32(operation: number, dst: number, imm: number, off: number): Instruction {
  return { code: BPF_JMP32 | operation | BPF_K, dst, src: 0, off, imm };
}

/** Calls the helper of this number. */
export function callHelper(id: number): Instruction {
  return { code: CALL, dst: 0, src: 0, off: 0, imm: id };
}
