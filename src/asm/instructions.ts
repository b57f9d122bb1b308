import { ParseError } from '../bytes/cursor.js';
import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC, BPF_PSEUDO_KFUNC_CALL, CALL, INSN_SIZE, LD_IMM64 } from './opcode.js';

/** One instruction slot as the kernel's `struct bpf_insn`. `off` and `imm` are signed. */
export interface Instruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}

/**
 * A program's instructions, read and changed in place in their bytes. An index counts slots of 8 bytes, as the kernel and BTF count:
 * a 64-bit immediate load takes two. Reading or writing past the end throws a RangeError.
 */
export class Instructions {
  readonly #view: DataView;

  /** @throws {ParseError} when `bytes` is no whole number of instructions. */
  constructor(
    readonly bytes: Uint8Array,
    readonly littleEndian = true,
  ) {
    if (bytes.length % INSN_SIZE !== 0) {
      throw new ParseError('instructions', bytes.length, `${bytes.length} bytes are no whole number of ${INSN_SIZE}-byte instructions`);
    }
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A program from decoded slots. */
  static of(slots: readonly Instruction[], littleEndian = true): Instructions {
    const program = new Instructions(new Uint8Array(slots.length * INSN_SIZE), littleEndian);
    for (const [index, slot] of slots.entries()) program.set(index, slot);
    return program;
  }

  /** Number of slots. */
  get length(): number {
    return this.bytes.length / INSN_SIZE;
  }

  code(index: number): number {
    return this.#view.getUint8(index * INSN_SIZE);
  }

  dst(index: number): number {
    const registers = this.#view.getUint8(index * INSN_SIZE + 1);
    return this.littleEndian ? registers & 0xf : registers >> 4;
  }

  src(index: number): number {
    const registers = this.#view.getUint8(index * INSN_SIZE + 1);
    return this.littleEndian ? registers >> 4 : registers & 0xf;
  }

  off(index: number): number {
    return this.#view.getInt16(index * INSN_SIZE + 2, this.littleEndian);
  }

  imm(index: number): number {
    return this.#view.getInt32(index * INSN_SIZE + 4, this.littleEndian);
  }

  at(index: number): Instruction {
    return { code: this.code(index), dst: this.dst(index), src: this.src(index), off: this.off(index), imm: this.imm(index) };
  }

  setCode(index: number, code: number): void {
    this.#view.setUint8(index * INSN_SIZE, code);
  }

  setDst(index: number, dst: number): void {
    this.#setRegisters(index, dst, this.src(index));
  }

  setSrc(index: number, src: number): void {
    this.#setRegisters(index, this.dst(index), src);
  }

  setOff(index: number, off: number): void {
    this.#view.setInt16(index * INSN_SIZE + 2, off, this.littleEndian);
  }

  /** Takes signed and unsigned 32-bit numbers alike. */
  setImm(index: number, imm: number): void {
    this.#view.setInt32(index * INSN_SIZE + 4, imm, this.littleEndian);
  }

  set(index: number, slot: Instruction): void {
    this.setCode(index, slot.code);
    this.#setRegisters(index, slot.dst, slot.src);
    this.setOff(index, slot.off);
    this.setImm(index, slot.imm);
  }

  /** Whether the slot starts a 64-bit immediate load whose second slot is there too. */
  isLoad64(index: number): boolean {
    return this.code(index) === LD_IMM64 && index + 1 < this.length;
  }

  /** The immediate of a 64-bit load, unsigned. Missing upper half: zero. */
  imm64(index: number): bigint {
    const high = index + 1 < this.length ? this.imm(index + 1) : 0;
    return BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(this.imm(index) >>> 0));
  }

  /** Writes both halves of a 64-bit load's immediate; negative numbers are taken as two's complement. */
  setImm64(index: number, value: bigint): void {
    this.setImm(index, Number(BigInt.asIntN(32, value)));
    this.setImm(index + 1, Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** A call to a subprogram of the same program; `imm` is the distance in slots from the next instruction. */
  isSubprogramCall(index: number): boolean {
    return this.code(index) === CALL && this.src(index) === BPF_PSEUDO_CALL;
  }

  /** A call to a helper, its number in `imm`. */
  isHelperCall(index: number): boolean {
    return this.code(index) === CALL && this.src(index) === 0;
  }

  /** A call to a kernel function by BTF id. */
  isKfuncCall(index: number): boolean {
    return this.code(index) === CALL && this.src(index) === BPF_PSEUDO_KFUNC_CALL;
  }

  /** A load of a subprogram's address, a callback's for example. */
  isSubprogramAddress(index: number): boolean {
    return this.code(index) === LD_IMM64 && this.src(index) === BPF_PSEUDO_FUNC;
  }

  /** Index of each instruction's first slot: second halves of 64-bit loads are left out. */
  *indexes(): Generator<number> {
    for (let index = 0; index < this.length; index += this.isLoad64(index) ? 2 : 1) yield index;
  }

  /** Slots `from` up to `to` as a view of the same bytes. */
  slice(from: number, to = this.length): Instructions {
    return new Instructions(this.bytes.subarray(from * INSN_SIZE, to * INSN_SIZE), this.littleEndian);
  }

  /** A copy in the other byte order. */
  swapped(): Instructions {
    const copy = new Instructions(new Uint8Array(this.bytes.length), !this.littleEndian);
    for (let index = 0; index < this.length; index++) copy.set(index, this.at(index));
    return copy;
  }

  #setRegisters(index: number, dst: number, src: number): void {
    this.#view.setUint8(index * INSN_SIZE + 1, this.littleEndian ? (src << 4) | dst : (dst << 4) | src);
  }
}
