import { hex } from '../bytes/text.js';
import { disassemble, type Names } from './disassemble.js';
import type { Instructions } from './instructions.js';
import { INSN_SIZE, LD_IMM64 } from './opcode.js';
import { LineWalk, type SourceLine, sourceFields, sourceText } from './source.js';

/** Where a function starts: `offset` counts instruction slots. `prototype` is its declaration on one line. */
export interface FunctionStart {
  readonly offset: number;
  readonly prototype: string | undefined;
}

/** Instructions with everything that makes them readable. Functions and lines are in ascending order of their offsets. */
export interface ProgramText {
  readonly instructions: Instructions;
  readonly functions: readonly FunctionStart[];
  readonly lines: readonly SourceLine[];
  readonly names: Names;
}

/** What a listing shows beside the instructions: the bytes of each, and file, line and column of the source. */
export interface ListingOptions {
  readonly opcodes?: boolean;
  readonly linum?: boolean;
}

/** One instruction: what stands above it, its text, and its bytes when they are wanted. */
export interface InstructionRow {
  /** In slots. */
  readonly index: number;
  readonly prototype: string | undefined;
  readonly source: SourceLine | undefined;
  readonly linum: boolean;
  readonly disasm: string;
  /** 8 bytes, 16 of a 64-bit load. */
  readonly opcodes: Uint8Array | undefined;
}

/** The instructions in order, a 64-bit load as one row. */
export function* listing(program: ProgramText, options: ListingOptions = {}): Generator<InstructionRow> {
  const { instructions, functions, names } = program;
  const lines = new LineWalk(program.lines);
  let nextFunction = 0;
  for (const index of instructions.indexes()) {
    const starts = functions[nextFunction]?.offset === index;
    yield {
      index,
      prototype: starts ? functions[nextFunction++]!.prototype : undefined,
      source: lines.at(index),
      linum: options.linum === true,
      disasm: disassemble(instructions, index, names),
      opcodes: options.opcodes ? bytesOf(instructions, index) : undefined,
    };
  }
}

/** The row as bpftool prints it, with its line feeds. */
export function plainRow(row: InstructionRow): string {
  let text = row.prototype === undefined ? '' : `${row.prototype}:\n`;
  text += sourceText(row.source, row.linum);
  text += `${String(row.index).padStart(4)}: ${row.disasm}\n`;
  if (!row.opcodes) return text;
  const slots = [row.opcodes.subarray(0, INSN_SIZE), row.opcodes.subarray(INSN_SIZE)].filter((slot) => slot.length > 0);
  return `${text}       ${slots.map((slot) => hex(slot, ' ')).join(' ')}\n`;
}

/** The row as a JSON value, its keys in bpftool's order. Fields that are undefined are left out. */
export function jsonRow(row: InstructionRow): Record<string, unknown> {
  const { source, linum, opcodes } = row;
  return {
    proto: row.prototype,
    ...sourceFields(source, linum),
    disasm: row.disasm,
    opcodes: opcodes && {
      code: byteText(opcodes[0]!),
      src_reg: `0x${(opcodes[1]! >> 4).toString(16)}`,
      dst_reg: `0x${(opcodes[1]! & 0xf).toString(16)}`,
      off: Array.from(opcodes.subarray(2, 4), byteText),
      imm: Array.from(opcodes.subarray(4), byteText),
    },
  };
}

function bytesOf(instructions: Instructions, index: number): Uint8Array {
  const slots = instructions.code(index) === LD_IMM64 ? 2 : 1;
  return instructions.bytes.subarray(index * INSN_SIZE, (index + slots) * INSN_SIZE);
}

/** A byte as bpftool's JSON has it: `0x0f`. */
export function byteText(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
