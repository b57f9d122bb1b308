import { hex } from '../bytes/text.js';
import { type Block, type BlockFunction, functionBlocks } from './blocks.js';
import { type InstructionRow, type ListingOptions, listing, type ProgramText } from './listing.js';
import { INSN_SIZE } from './opcode.js';
import { type SourceLine, trimStart } from './source.js';

/** The end of a line in a record label: left-justified, and continued on the next line of the file. */
const BREAK = '\\l\\\n';
const ENTRY = 0;
const EXIT = 1;
/** Blocks are numbered behind the two fixed ones. */
const FIRST_BLOCK = 2;
const MAX_PATH = 32;

/**
 * The control flow of a translated program as a graph in the DOT language, laid out as `bpftool prog dump xlated ID visual` does: a cluster for each
 * function, a record for each basic block, slots counted from the function's start. Unlike bpftool, the functions after the first get their own source lines and
 * declarations, and a long instruction is not cut.
 */
export function* dot(program: ProgramText, options: ListingOptions = {}): Generator<string> {
  const rows = rowsInForce(program, options);
  yield 'digraph "DOT graph for eBPF program" {\n';
  for (const each of functionBlocks(program.instructions)) {
    yield `subgraph "cluster_${each.number}" {\n\tstyle="dashed";\n\tcolor="black";\n\tlabel="func_${each.number} ()";\n`;
    yield* nodes(each, rows);
    yield* edges(each);
    yield '}\n';
  }
  yield '}\n';
}

/** Rows by their index, each with the source line it belongs to, not only where that begins: a block repeats the line it starts in. */
function rowsInForce(program: ProgramText, options: ListingOptions): Map<number, InstructionRow> {
  const rows = new Map<number, InstructionRow>();
  let source: SourceLine | undefined;
  for (const row of listing(program, options)) {
    source = row.source ?? source;
    rows.set(row.index, { ...row, source });
  }
  return rows;
}

function* nodes(each: BlockFunction, rows: ReadonlyMap<number, InstructionRow>): Generator<string> {
  yield node(each, ENTRY, 'Mdiamond', 'ENTRY');
  for (const [position, block] of each.blocks.entries()) {
    yield node(each, FIRST_BLOCK + position, 'record', `{\\\n${[...label(each, block, rows)].join('')}}`);
  }
  yield node(each, EXIT, 'Mdiamond', 'EXIT');
}

function node(each: BlockFunction, number: number, shape: string, text: string): string {
  return `\t${nodeName(each, number)} [shape=${shape},style=filled,label="${text}"];\n\n`;
}

function nodeName(each: BlockFunction, number: number): string {
  return `fn_${each.number}_bb_${number}`;
}

function* label(each: BlockFunction, block: Block, rows: ReadonlyMap<number, InstructionRow>): Generator<string> {
  let shown: SourceLine | undefined;
  for (let index = block.first; index <= block.last; index++) {
    const row = rows.get(index);
    if (!row) continue;
    if (row.prototype !== undefined) yield `; ${row.prototype}:${BREAK}`;
    const source = row.source && row.source.offset >= each.first ? row.source : undefined;
    if (source && source !== shown) yield sourceLabel(source, row.linum);
    shown = source;
    yield `${index - each.first}: ${escaped(row.disasm)}${BREAK}`;
    if (row.opcodes) yield `\\ \\ \\ \\ ${opcodes(row.opcodes)}${BREAK}`;
    if (index !== block.last) yield '| ';
  }
}

function sourceLabel({ text, file, line, column }: SourceLine, linum: boolean): string {
  if (!text) return '';
  const path = shortPath(file ?? '');
  const place = linum ? `; [${path === (file ?? '') ? '' : '...'}${quoted(path)} line:${line} col:${column}]${BREAK}` : '';
  return `${place}; ${quoted(trimStart(text))}${BREAK}`;
}

function opcodes(bytes: Uint8Array): string {
  const second = bytes.length > INSN_SIZE ? ` ${hex(bytes.subarray(INSN_SIZE), ' ')}` : '';
  return hex(bytes.subarray(0, INSN_SIZE), ' ') + second;
}

function* edges(each: BlockFunction): Generator<string> {
  yield edge(each, ENTRY, FIRST_BLOCK);
  for (const [position, block] of each.blocks.entries()) {
    for (const successor of block.successors) {
      yield edge(each, FIRST_BLOCK + position, successor === each.blocks.length ? EXIT : FIRST_BLOCK + successor);
    }
  }
  // Invisible: it puts EXIT below ENTRY.
  yield `\t${nodeName(each, ENTRY)}:s -> ${nodeName(each, EXIT)}:n [style="invis", constraint=true];\n`;
}

function edge(each: BlockFunction, from: number, to: number): string {
  return `\t${nodeName(each, from)}:s -> ${nodeName(each, to)}:n [style="solid,bold", color=black, weight=10, constraint=true];\n`;
}

/** What separates or groups fields of a record label, in an instruction. */
function escaped(text: string): string {
  return text.replace(/[<>|&]/g, '\\$&');
}

function quoted(text: string): string {
  return text.replace(/[\\"{}<>| ]/g, '\\$&');
}

/** The end of a path, from a slash on, when all of it is too long for a label. */
function shortPath(path: string): string {
  if (path.length <= MAX_PATH) return path;
  const slash = path.indexOf('/', path.length - MAX_PATH);
  if (slash >= 0) return slash < 3 ? path : path.slice(slash);
  const last = path.lastIndexOf('/');
  return last >= 0 ? path.slice(last) : path;
}
