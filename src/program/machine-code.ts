import { byteText, type ListingOptions } from '../asm/listing.js';
import type { Disassembler, MachineInstruction } from '../asm/machine/disassembler.js';
import { LineWalk, type SourceLine, sourceFields, sourceText } from '../asm/source.js';
import { hex } from '../bytes/text.js';
import type { Kallsyms } from '../system/kallsyms.js';
import type { JitedFunction } from './jited.js';

/** What the rows of machine code are to show. */
export interface MachineOptions extends ListingOptions {
  /** Missing: the code is shown as bytes. */
  readonly disassembler?: Disassembler | undefined;
  /** What names the places that jumps and calls lead to. */
  readonly symbols?: Kallsyms | undefined;
  /** Name them in plain text and JSON too, where bpftool does not. */
  readonly named?: boolean;
}

/** An instruction, or without a disassembler some bytes that come from one line of source. `pc` counts from the start of their function. */
export interface MachineRow {
  readonly pc: number;
  readonly source: SourceLine | undefined;
  readonly linum: boolean;
  /** Undefined when they are not wanted. */
  readonly bytes: Uint8Array | undefined;
  /** The operation and, behind a tab, its operands, in LLVM's spelling. Undefined without a disassembler. */
  readonly text: string | undefined;
  /** What a jump or call leads to: a symbol of the kernel, or a place in the same function as its `pc`. Looked up when it is asked for. */
  readonly leadsTo: () => string | number | undefined;
}

/** A function's machine code as rows. */
export interface MachineFunction {
  readonly name: string;
  readonly prototype: string | undefined;
  readonly rows: readonly MachineRow[];
  readonly named: boolean;
}

const ROW_BYTES = 16;

/** The machine code of a function, by instructions where there is a disassembler. */
export function machineFunction(jited: JitedFunction, options: MachineOptions = {}): MachineFunction {
  const { name, prototype, code, lines, address = 0n } = jited;
  const walk = new LineWalk(lines);
  const pieces = options.disassembler?.instructions(code, address) ?? bytePieces(code, lines);
  const rows = Array.from(pieces, ({ offset, length, text, target }: Piece): MachineRow => {
    const bytes = text === undefined || options.opcodes ? code.subarray(offset, offset + length) : undefined;
    const leadsTo = () => (target === undefined ? undefined : placeOf(target, jited, options.symbols));
    return { pc: offset, source: walk.at(offset), linum: options.linum === true, bytes, text, leadsTo };
  });
  return { name, prototype, rows, named: options.named === true };
}

type Piece = Pick<MachineInstruction, 'offset' | 'length' | 'target'> & { readonly text?: string };

/** A piece ends where the next line of source begins, and after 16 bytes. */
function* bytePieces(code: Uint8Array, lines: readonly SourceLine[]): Generator<Piece> {
  const begins = new Set(lines.map((line) => line.offset));
  for (let offset = 0; offset < code.length; ) {
    let end = offset + 1;
    while (end < Math.min(offset + ROW_BYTES, code.length) && !begins.has(end)) end++;
    yield { offset, length: end - offset };
    offset = end;
  }
}

function placeOf(target: bigint, { address = 0n, code }: JitedFunction, symbols: Kallsyms | undefined): string | number | undefined {
  const offset = target - address;
  return offset > 0n && offset < BigInt(code.length) ? Number(offset) : symbols?.nameAt(target);
}

/** Declaration, name and rows, with an empty line at the end, laid out as bpftool does; where jumps and calls lead only when that is `named`. */
export function plainFunction({ name, prototype, rows, named }: MachineFunction): string {
  const body = rows.map((row) => plainMachineRow(row, named));
  return `${prototype === undefined ? '' : `${prototype}:\n`}${name}:\n${body.join('')}\n`;
}

/** The same for a person at a terminal: it always says where jumps and calls lead. */
export function terminalFunction(each: MachineFunction): string {
  return plainFunction({ ...each, named: true });
}

function plainMachineRow({ pc, source, linum, bytes, text, leadsTo }: MachineRow, named: boolean): string {
  const place = `${sourceText(source, linum)}${pc.toString(16).padStart(4)}:\t`;
  if (text === undefined) return `${place}${hex(bytes!, ' ')}\n`;
  return `${place}${text}${named ? comment(leadsTo()) : ''}\n${bytes ? `\t${hex(bytes, ' ')} \n` : ''}`;
}

function comment(leadsTo: string | number | undefined): string {
  return leadsTo === undefined ? '' : `\t# ${typeof leadsTo === 'number' ? leadsTo.toString(16) : leadsTo}`;
}

/** The function as a JSON value. Without a disassembler its rows have no `operation` and `operands`. */
export function jsonFunction({ name, prototype, rows, named }: MachineFunction): Record<string, unknown> {
  return { proto: prototype, name, insns: rows.map((row) => jsonMachineRow(row, named)) };
}

function jsonMachineRow({ pc, source, linum, bytes, text, leadsTo }: MachineRow, named: boolean): Record<string, unknown> {
  const place = named ? leadsTo() : undefined;
  return {
    ...sourceFields(source, linum),
    pc: `0x${pc.toString(16)}`,
    ...(text !== undefined && operationFields(text)),
    opcodes: bytes && Array.from(bytes, byteText),
    symbol: typeof place === 'string' ? place : undefined,
    target_pc: typeof place === 'number' ? `0x${place.toString(16)}` : undefined,
  };
}

/** As bpftool cuts the text: operands without commas and parentheses, so that `32(%rdi)` is two of them. */
function operationFields(text: string): Record<string, unknown> {
  const [, operation, rest] = /^[ \t]*([^ \t]*)(.*)$/s.exec(text)!;
  const operands = rest!.split(/[ \t,()]+/).filter((operand) => operand !== '');
  return { operation, operands: operands.length > 0 ? operands : [null] };
}
