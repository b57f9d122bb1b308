import { type Instruction, Instructions } from '../../asm/instructions.js';
import {
  BPF_ALU,
  BPF_ALU64,
  BPF_B,
  BPF_DW,
  BPF_EXIT,
  BPF_H,
  BPF_JA,
  BPF_JMP,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MOV,
  BPF_PSEUDO_MAP_IDX,
  BPF_PSEUDO_MAP_IDX_VALUE,
  BPF_ST,
  BPF_STX,
  BPF_W,
  BPF_X,
  CALL,
  LD_IMM64,
} from '../../asm/opcode.js';
import { ParseError } from '../../bytes/cursor.js';

/** Registers, as the loader program uses them. */
export const R = {
  RESULT: 0,
  A1: 1,
  A2: 2,
  A3: 3,
  A4: 4,
  /** The context. */
  CONTEXT: 6,
  /** What the last command gave: a descriptor, or minus an errno. */
  STATUS: 7,
  /** The instruction that an extern is put into. */
  PLACE: 8,
  SAVED: 9,
  STACK: 10,
} as const;

type Size = 1 | 2 | 4 | 8;
const SIZES: Readonly<Record<Size, number>> = { 1: BPF_B, 2: BPF_H, 4: BPF_W, 8: BPF_DW };

/** Instructions, one after another. */
export class Assembler {
  readonly #slots: Instruction[] = [];

  get length(): number {
    return this.#slots.length;
  }

  bytes(): Uint8Array {
    return Instructions.of(this.#slots).bytes;
  }

  move(dst: number, src: number): void {
    this.#emit(BPF_ALU64 | BPF_MOV | BPF_X, dst, src);
  }

  set(dst: number, value: number): void {
    this.#emit(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value);
  }

  /** An operation of 64 bits with a constant. */
  alu(operation: number, dst: number, value: number): void {
    this.#emit(BPF_ALU64 | operation | BPF_K, dst, 0, 0, value);
  }

  alu32(operation: number, dst: number, value: number): void {
    this.#emit(BPF_ALU | operation | BPF_K, dst, 0, 0, value);
  }

  load(size: Size, dst: number, src: number, offset: number): void {
    this.#emit(BPF_LDX | BPF_MEM | SIZES[size], dst, src, offset);
  }

  store(size: Size, dst: number, src: number, offset: number): void {
    this.#emit(BPF_STX | BPF_MEM | SIZES[size], dst, src, offset);
  }

  storeValue(size: Size, dst: number, offset: number, value: number): void {
    this.#emit(BPF_ST | BPF_MEM | SIZES[size], dst, 0, offset, value);
  }

  /** Jumps over `distance` instructions when a register compares with a constant. @throws ParseError when that is too far */
  jumpIf(comparison: number, dst: number, value: number, distance: number): void {
    this.#checkDistance(distance);
    this.#emit(BPF_JMP | comparison | BPF_K, dst, 0, distance, value);
  }

  jump(distance: number): void {
    this.#emit(BPF_JMP | BPF_JA, 0, 0, distance);
  }

  call(helper: number): void {
    this.#emit(CALL, 0, 0, 0, helper);
  }

  exit(): void {
    this.#emit(BPF_JMP | BPF_EXIT, 0, 0);
  }

  /** Jumps when two registers compare. @throws ParseError when that is too far */
  jumpIfRegister(comparison: number, dst: number, src: number, distance: number): void {
    this.#checkDistance(distance);
    this.#emit(BPF_JMP | comparison | BPF_X, dst, src, distance);
  }

  /** Map 0 of its fd_array itself: struct bpf_map. Two instructions. */
  map(dst: number): void {
    this.#emit(LD_IMM64, dst, BPF_PSEUDO_MAP_IDX);
    this.#emit(0, 0, 0);
  }

  /** A constant of 64 bits, to be filled in with {@link fill}. Two instructions; gives the place of the first. */
  constant(dst: number): number {
    this.#emit(LD_IMM64, dst, 0);
    this.#emit(0, 0, 0);
    return this.length - 2;
  }

  fill(place: number, value: bigint): void {
    for (const [i, half] of [value, value >> 32n].entries()) {
      this.#slots[place + i] = { ...this.#slots[place + i]!, imm: Number(BigInt.asIntN(32, half)) };
    }
  }

  /** The address of a place in the loader's data, which is the value of map 0 of its fd_array. Two instructions. */
  address(dst: number, place: number): void {
    this.#emit(LD_IMM64, dst, BPF_PSEUDO_MAP_IDX_VALUE);
    this.#emit(0, 0, 0, 0, place);
  }

  #checkDistance(distance: number): void {
    if (distance < -0x8000 || distance > 0x7fff) throw new ParseError('loader program', this.length * 8, 'the object is too large for one');
  }

  #emit(code: number, dst: number, src: number, off = 0, imm = 0): void {
    this.#slots.push({ code, dst, src, off, imm });
  }
}
