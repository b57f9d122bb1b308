import { helperName } from '../kernel/helpers.js';
import type { Instruction, Instructions } from './instructions.js';
import {
  BPF_ABS,
  BPF_ADD,
  BPF_ADDR_SPACE_CAST,
  BPF_ALU,
  BPF_ALU64,
  BPF_AND,
  BPF_ATOMIC,
  BPF_CALL,
  BPF_CMPXCHG,
  BPF_DIV,
  BPF_END,
  BPF_FETCH,
  BPF_IND,
  BPF_JA,
  BPF_JCOND,
  BPF_JMP,
  BPF_JMP32,
  BPF_LD,
  BPF_LDX,
  BPF_LOAD_ACQ,
  BPF_MAY_GOTO,
  BPF_MEM,
  BPF_MEMSX,
  BPF_MOD,
  BPF_MOV,
  BPF_NEG,
  BPF_OR,
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_ST,
  BPF_STORE_REL,
  BPF_STX,
  BPF_TO_BE,
  BPF_X,
  BPF_XCHG,
  BPF_XOR,
  classOf,
  EXIT,
  LD_IMM64,
  modeOf,
  operationOf,
  sizeOf,
  sourceOf,
} from './opcode.js';

/** What names the disassembly is to print where the instruction only has numbers. */
export interface Names {
  /** What a call goes to: behind `call ` for helpers and kernel functions, behind `call pc` for subprograms. */
  readonly call?: (call: Instruction) => string | undefined;
  /** What a 64-bit immediate stands for; `high` is the `imm` of its second slot. */
  readonly immediate?: (load: Instruction, value: bigint, high: number) => string;
}

const ALU = ['+=', '-=', '*=', '/=', '|=', '&=', '<<=', '>>=', 'neg', '%=', '^=', '=', 's>>=', 'endian'];
const JUMP = ['jmp', '==', '>', '>=', '&', '!=', 's>', 's>=', 'call', 'exit', '<', '<=', 's<', 's<='];
const WIDTH = ['u32', 'u16', 'u8', 'u64'];
const SIGNED_WIDTH = ['s32', 's16', 's8'];
const ATOMIC: Readonly<Record<number, string>> = { [BPF_ADD]: 'add', [BPF_AND]: 'and', [BPF_OR]: 'or', [BPF_XOR]: 'xor' };
const SIGN_EXTENSION: Readonly<Record<number, string>> = { 8: '(s8)', 16: '(s16)', 32: '(s32)' };
/** Kernel-internal `off` of a move that adds the per-CPU base (BPF_ADDR_PERCPU of include/linux/filter.h). */
const ADDR_PERCPU = -1;
/** Kernel-internal mode of BPF_ST: a speculation barrier (BPF_NOSPEC). */
const NOSPEC = 0xc0;
/** Kernel-internal mode of BPF_STX: an atomic operation on an arena, whose faults are caught (BPF_PROBE_ATOMIC of include/linux/filter.h). */
const PROBE_ATOMIC = 0xe0;
/** What printf of the C library prints for a name that its table has not. */
const NOTHING = '(null)';

/** The text of one instruction in the kernel's notation, `(b7) r0 = 5`, as kernel/bpf/disasm.c prints it; a 64-bit load as one. */
export function disassemble(program: Instructions, index: number, names: Names = {}): string {
  const insn = program.at(index);
  const opcode = insn.code.toString(16).padStart(2, '0');
  switch (classOf(insn.code)) {
    case BPF_ALU:
    case BPF_ALU64:
      return `(${opcode}) ${arithmetic(insn)}`;
    case BPF_JMP:
    case BPF_JMP32:
      return `(${opcode}) ${jump(insn, names)}`;
    default: {
      const text = memory(program, index, insn, names);
      return text === undefined ? `BUG_${BUG[classOf(insn.code)]}${opcode}` : `(${opcode}) ${text}`;
    }
  }
}

const BUG: Readonly<Record<number, string>> = { [BPF_LD]: 'ld_', [BPF_LDX]: 'ldx_', [BPF_ST]: 'st_', [BPF_STX]: '' };

function arithmetic(insn: Instruction): string {
  const { code, dst, src, off, imm } = insn;
  const wide = classOf(code) === BPF_ALU64;
  const register = wide ? 'r' : 'w';
  const operation = operationOf(code);
  if (operation === BPF_END) return `r${dst} = ${wide ? 'bswap' : sourceOf(code) === BPF_TO_BE ? 'be' : 'le'}${imm} r${dst}`;
  if (operation === BPF_NEG) return `${register}${dst} = -${register}${dst}`;
  if (code === (BPF_ALU64 | BPF_MOV | BPF_X)) {
    if (off === BPF_ADDR_SPACE_CAST) return `r${dst} = addr_space_cast(r${src}, ${imm >>> 16}, ${imm & 0xffff})`;
    if (off === ADDR_PERCPU) return `r${dst} = &(void __percpu *)(r${src})`;
  }
  const sign = off === 1 && (operation === BPF_DIV || operation === BPF_MOD) ? 's' : '';
  const symbol = sign + (ALU[operation >> 4] ?? NOTHING);
  if (sourceOf(code) !== BPF_X) return `${register}${dst} ${symbol} ${imm}`;
  const extension = operation === BPF_MOV ? (SIGN_EXTENSION[off] ?? '') : '';
  return `${register}${dst} ${symbol} ${extension}${register}${src}`;
}

/** Loads and stores; undefined for what is none. */
function memory(program: Instructions, index: number, insn: Instruction, names: Names): string | undefined {
  const { code, dst, src, off, imm } = insn;
  const width = WIDTH[sizeOf(code) >> 3]!;
  const mode = modeOf(code);
  switch (classOf(code)) {
    case BPF_LD:
      return load(program, index, insn, names);
    case BPF_LDX:
      if (mode === BPF_MEM) return `r${dst} = *(${width} *)(r${src} ${signed(off)})`;
      return mode === BPF_MEMSX ? `r${dst} = *(${SIGNED_WIDTH[sizeOf(code) >> 3] ?? NOTHING} *)(r${src} ${signed(off)})` : undefined;
    case BPF_ST:
      if (mode === BPF_MEM) return `*(${width} *)(r${dst} ${signed(off)}) = ${imm}`;
      return mode === NOSPEC ? 'nospec' : undefined;
    default:
      if (mode === BPF_MEM) return `*(${width} *)(r${dst} ${signed(off)}) = r${src}`;
      return mode === BPF_ATOMIC ? atomic(insn, width) : mode === PROBE_ATOMIC ? probed(atomic(insn, width)) : undefined;
  }
}

function load(program: Instructions, index: number, insn: Instruction, names: Names): string | undefined {
  const { code, dst, src, imm } = insn;
  const width = WIDTH[sizeOf(code) >> 3]!;
  if (modeOf(code) === BPF_ABS) return `r0 = *(${width} *)skb[${imm}]`;
  if (modeOf(code) === BPF_IND) return `r0 = *(${width} *)skb[r${src} + ${imm}]`;
  if (code !== LD_IMM64) return undefined;
  const value = program.imm64(index);
  const high = program.isLoad64(index) ? program.imm(index + 1) : 0;
  return `r${dst} = ${names.immediate?.(insn, value, high) ?? `0x${value.toString(16)}`}`;
}

function atomic({ dst, src, off, imm }: Instruction, width: string): string | undefined {
  const place = `(${width} *)(r${dst} ${signed(off)})`;
  const wide = width === 'u64' ? '64' : '';
  const plain = ATOMIC[imm];
  if (plain !== undefined) return `lock *${place} ${ALU[imm >> 4]} r${src}`;
  const fetching = imm & BPF_FETCH ? ATOMIC[imm & ~BPF_FETCH] : undefined;
  if (fetching !== undefined) return `r${src} = atomic${wide}_fetch_${fetching}(${place}, r${src})`;
  switch (imm) {
    case BPF_CMPXCHG:
      return `r0 = atomic${wide}_cmpxchg(${place}, r0, r${src})`;
    case BPF_XCHG:
      return `r${src} = atomic${wide}_xchg(${place}, r${src})`;
    case BPF_LOAD_ACQ:
      return `r${dst} = load_acquire((${width} *)(r${src} ${signed(off)}))`;
    case BPF_STORE_REL:
      return `store_release(${place}, r${src})`;
    default:
      return undefined;
  }
}

function probed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `probe ${text}`;
}

function jump(insn: Instruction, names: Names): string {
  const { code, dst, src, off, imm } = insn;
  if (operationOf(code) === BPF_CALL) return call(insn, names);
  if (code === (BPF_JMP | BPF_JA)) return `goto pc${signed(off)}`;
  if (code === (BPF_JMP | BPF_JA | BPF_X)) return `gotox r${dst}`;
  if (code === (BPF_JMP | BPF_JCOND) && src === BPF_MAY_GOTO) return `may_goto pc${signed(off)}`;
  if (code === (BPF_JMP32 | BPF_JA)) return `gotol pc${signed(imm)}`;
  if (code === EXIT) return 'exit';
  const register = classOf(code) === BPF_JMP32 ? 'w' : 'r';
  const operand = sourceOf(code) === BPF_X ? `${register}${src}` : `0x${(imm >>> 0).toString(16)}`;
  return `if ${register}${dst} ${JUMP[operationOf(code) >> 4] ?? NOTHING} ${operand} goto pc${signed(off)}`;
}

function call(insn: Instruction, names: Names): string {
  const { src, imm } = insn;
  // A number that is a helper's goes before what the resolver makes of it: resolvers take it for a distance from __bpf_call_base.
  const name = (src === 0 ? helperName(imm) : undefined) ?? names.call?.(insn);
  if (src === BPF_PSEUDO_CALL) return `call pc${name ?? signed(imm)}`;
  return `call ${name ?? (src === BPF_PSEUDO_KFUNC_CALL ? 'kernel-function' : 'unknown')}#${imm}`;
}

function signed(value: number): string {
  return value < 0 ? `${value}` : `+${value}`;
}
