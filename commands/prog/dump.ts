import { dot } from '../../src/asm/dot.js';
import { type InstructionRow, jsonRow, type ListingOptions, listing, plainRow } from '../../src/asm/listing.js';
import { UsageError } from '../../src/errors.js';
import { jited } from '../../src/program/jited.js';
import { type ListedProgram, listProgram } from '../../src/program/listing.js';
import { jsonFunction, type MachineFunction, machineFunction, plainFunction, terminalFunction } from '../../src/program/machine-code.js';
import type { Program } from '../../src/program/program.js';
import { xlated } from '../../src/program/xlated.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { done, list, type Options, type Output, one, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { writeOutput } from '../output-file.js';
import { type Handles, takePrograms } from '../reference/reference.js';
import { headerFields, headerText } from './show.js';

/** Of one program: an instruction, a function of its machine code, or a piece of the graph's text, in DOT or SVG. */
type CodeRow = InstructionRow | MachineFunction | { readonly graph: string };

/** One of several programs that a handle means: what it is, and its code. */
interface ProgramRow {
  readonly program: ListedProgram;
  readonly code: readonly CodeRow[];
  readonly last: boolean;
}

type Row = CodeRow | ProgramRow;

interface Request extends ListingOptions {
  readonly file?: string;
  readonly visual: boolean;
  readonly svg: boolean;
}

/** What the kernel gave of a program: its code as bytes, and how to make rows of it. */
interface Dump {
  readonly program: ListedProgram;
  readonly bytes: Uint8Array;
  readonly rows: () => Iterable<CodeRow>;
}

/** `prog dump {xlated|jited} PROG [{ file FILE | [opcodes] [linum] [visual] }]` */
export const dump = subcommand<Row>({
  name: 'dump',
  summary: 'Show the instructions of programs',
  grammar: '{ xlated | jited } PROG [{ file FILE | [opcodes] [linum] [visual] }]',
  options: [
    { flags: '--svg', summary: 'visual: draw the graph as a picture in SVG' },
    { flags: '--symbols', summary: 'jited: name what jumps and calls lead to, as on a terminal' },
    { flags: '--bytes', summary: 'jited: only the bytes, without taking them apart' },
  ],
  examples: [
    'bpf-ts prog dump xlated id 7',
    'bpf-ts prog dump xlated name count linum',
    'bpf-ts prog dump xlated id 7 visual',
    'bpf-ts prog dump xlated id 7 linum --svg > flow.svg',
    'bpf-ts prog dump jited id 7 opcodes --symbols',
  ],
  run,
  plain,
  terminal,
  highlight: [
    // A line of the source stands out from the instructions made of it.
    [/^; .*/gm, 'title'],
    [/^[a-z].*:$/gm, 'title'],
    [/^ *[0-9a-f]+:/gm, 'dim'],
    [/\bmap\[id:\d+\]/g, 'type'],
    [/(?<=\bcall )[\w.]+(?:#\d+)?/g, 'name'],
  ],
  json,
});

async function run(words: Words, options: Options): Promise<Output<Row>> {
  const what = words.choose('what to dump', ['jited', 'xlated']);
  using programs = takePrograms(words);
  const request = takeRequest(words, options.own.svg === true);
  checkRequest(request, programs.length, what === 'jited', options);
  // Opened only when a name is looked up.
  const symbols = new Kallsyms();
  const dumper = what === 'xlated' ? xlatedDump : await jitedDumper(request, options);
  const dumps = dumpAll(programs, dumper, symbols, request);
  if (request.svg) return picture(closing(symbols, dumps[0]!.rows()));
  if (request.file === undefined) return list(closing(symbols, dumps.length === 1 ? dumps[0]!.rows() : programRows(dumps)));
  writeOutput(request.file, dumps[0]!.bytes, 0o600);
  return done;
}

/** The words behind PROG, in any order. A picture is one of the graph. */
function takeRequest(words: Words, svg: boolean): Request {
  let file: string | undefined;
  const flags = { opcodes: false, visual: svg, linum: false };
  while (words.left > 0) {
    const word = words.choose('what to show', ['file', 'opcodes', 'visual', 'linum']);
    if (word === 'file') file = words.next('the path of the file');
    else flags[word] = true;
  }
  return { ...flags, svg, ...(file !== undefined && { file }) };
}

function checkRequest({ file, opcodes, visual, linum }: Request, programs: number, machine: boolean, options: Options): void {
  if (programs > 1 && (file !== undefined || visual)) throw new UsageError('several programs match: give the id of one');
  if (file !== undefined && (opcodes || visual || linum)) {
    throw new UsageError("'file' does not go together with 'opcodes', 'visual' or 'linum'");
  }
  if (visual && machine) throw new UsageError("'visual' goes with 'xlated' only");
  if (visual && options.json)
    throw new UsageError("'visual' gives a graph in the DOT language or a picture, which does not go together with JSON");
}

type Dumper = (program: Program, symbols: Kallsyms, request: Request) => Omit<Dump, 'program'>;

function dumpAll(programs: Handles<Program>, dumper: Dumper, symbols: Kallsyms, request: Request): Dump[] {
  return programs.all.map((program) => ({ program: listProgram(program), ...dumper(program, symbols, request) }));
}

function xlatedDump(program: Program, symbols: Kallsyms, request: Request): Omit<Dump, 'program'> {
  const text = xlated(program.fd, symbols);
  return { bytes: text.instructions.bytes, rows: () => (request.visual ? graph(dot(text, request)) : listing(text, request)) };
}

/** The disassembler is loaded only for what is shown. */
async function jitedDumper(request: Request, { own }: Options): Promise<Dumper> {
  const wanted = request.file === undefined && own.bytes !== true;
  const { Disassembler } = await import('../../src/asm/machine/disassembler.js');
  const disassembler = wanted ? await Disassembler.for(process.arch) : undefined;
  return (program, symbols) => {
    const functions = jited(program.fd, symbols);
    const terms = { ...request, disassembler, symbols, named: own.symbols === true };
    return { bytes: Buffer.concat(functions.map(({ code }) => code)), rows: () => functions.map((each) => machineFunction(each, terms)) };
  };
}

function* closing(symbols: Kallsyms, rows: Iterable<Row>): Generator<Row> {
  using _ = symbols;
  yield* rows;
}

function* graph(pieces: Iterable<string>): Generator<CodeRow> {
  for (const piece of pieces) yield { graph: piece };
}

async function picture(graph: Iterable<Row>): Promise<Output<Row>> {
  const { dotToSvg } = await import('../../src/format/svg.js');
  return one({ graph: await dotToSvg(Array.from(graph, plain).join('')) });
}

function* programRows(dumps: readonly Dump[]): Generator<ProgramRow> {
  for (const [index, { program, rows }] of dumps.entries()) yield { program, code: [...rows()], last: index === dumps.length - 1 };
}

function plain(row: Row): string {
  if ('graph' in row) return row.graph;
  if ('disasm' in row) return plainRow(row);
  if ('rows' in row) return plainFunction(row);
  return programText(row, row.code.map(plain));
}

function terminal(row: Row): string {
  if ('program' in row) return programText(row, row.code.map(terminal));
  return 'rows' in row ? terminalFunction(row) : plain(row);
}

function programText({ program, last }: ProgramRow, code: readonly string[]): string {
  return `${headerText(program)}${code.join('')}${last ? '' : '\n'}`;
}

function json(row: Row): unknown {
  if ('graph' in row) return row.graph;
  if ('disasm' in row) return jsonRow(row);
  if ('rows' in row) return jsonFunction(row);
  return { ...headerFields(row.program), insns: row.code.map(json) };
}
