import { byteText, type ListingOptions } from '../asm/listing.js';
import { LineWalk, type SourceLine, sourceFields, sourceText } from '../asm/source.js';
import { hex } from '../bytes/text.js';
import type { JitedFunction } from './jited.js';

/** Some bytes of machine code that come from one line of source; `pc` counts from the start of their function. */
export interface MachineRow {
  readonly pc: number;
  readonly source: SourceLine | undefined;
  readonly linum: boolean;
  readonly bytes: Uint8Array;
}

/** A function's machine code as rows. */
export interface MachineFunction {
  readonly name: string;
  readonly prototype: string | undefined;
  readonly rows: readonly MachineRow[];
}

const ROW_BYTES = 16;

/** The machine code of a function as bytes: a row ends where the next line of source begins, and after 16 bytes. */
export function machineFunction({ name, prototype, code, lines }: JitedFunction, options: ListingOptions = {}): MachineFunction {
  const walk = new LineWalk(lines);
  const begins = new Set(lines.map((line) => line.offset));
  const rows: MachineRow[] = [];
  for (let pc = 0; pc < code.length; ) {
    let end = pc + 1;
    while (end < Math.min(pc + ROW_BYTES, code.length) && !begins.has(end)) end++;
    rows.push({ pc, source: walk.at(pc), linum: options.linum === true, bytes: code.subarray(pc, end) });
    pc = end;
  }
  return { name, prototype, rows };
}

/** Declaration, name and rows, with an empty line at the end, laid out as bpftool does. */
export function plainFunction({ name, prototype, rows }: MachineFunction): string {
  const head = prototype === undefined ? '' : `${prototype}:\n`;
  const body = rows.map((row) => `${sourceText(row.source, row.linum)}${row.pc.toString(16).padStart(4)}:\t${hex(row.bytes, ' ')}\n`);
  return `${head}${name}:\n${body.join('')}\n`;
}

/** The function as a JSON value; its rows have no `operation` and `operands`, which only a disassembler could tell. */
export function jsonFunction({ name, prototype, rows }: MachineFunction): Record<string, unknown> {
  return {
    proto: prototype,
    name,
    insns: rows.map(({ pc, source, linum, bytes }) => ({
      ...sourceFields(source, linum),
      pc: `0x${pc.toString(16)}`,
      opcodes: Array.from(bytes, byteText),
    })),
  };
}
