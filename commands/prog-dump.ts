import { dot } from '../src/asm/dot.js';
import { type InstructionRow, jsonRow, type ListingOptions, listing, type ProgramText, plainRow } from '../src/asm/listing.js';
import { UsageError } from '../src/errors.js';
import { type ListedProgram, listProgram } from '../src/program/listing.js';
import { xlated } from '../src/program/xlated.js';
import { Kallsyms } from '../src/system/kallsyms.js';
import { done, list, type Options, type Output, subcommand } from './command.js';
import { writeOutput } from './output-file.js';
import { headerFields, headerText } from './prog-show.js';
import { takePrograms } from './reference.js';
import type { Words } from './words.js';

/** One of several programs that a handle means: what it is, and its instructions. */
interface ProgramRow {
  readonly program: ListedProgram;
  readonly rows: readonly InstructionRow[];
  readonly last: boolean;
}

/** A piece of the graph's text. */
interface GraphRow {
  readonly dot: string;
}

type Row = InstructionRow | ProgramRow | GraphRow;

interface Request extends ListingOptions {
  readonly file?: string;
  readonly visual: boolean;
}

/** `prog dump xlated PROG [{ file FILE | [opcodes] [linum] [visual] }]` */
export const dump = subcommand<Row>({
  name: 'dump',
  summary: 'Show the instructions of programs',
  grammar: 'xlated PROG [{ file FILE | [opcodes] [linum] [visual] }]',
  examples: ['bpf-ts prog dump xlated id 7', 'bpf-ts prog dump xlated name count linum', 'bpf-ts prog dump xlated id 7 visual | dot -Tsvg'],
  run,
  plain,
  json,
});

function run(words: Words, options: Options): Output<Row> {
  words.choose('what to dump', ['xlated']);
  using programs = takePrograms(words);
  const request = takeRequest(words);
  checkRequest(request, programs.length, options);
  // Opened only when a name is looked up.
  const symbols = new Kallsyms();
  const dumps = programs.all.map((program) => ({ program: listProgram(program), text: xlated(program.fd, symbols) }));
  const { text } = dumps[0]!;
  if (request.file !== undefined) {
    writeOutput(request.file, text.instructions.bytes, 0o600);
    return done;
  }
  if (request.visual) return list(closing(symbols, graph(text, request)));
  if (dumps.length === 1) return list(closing(symbols, listing(text, request)));
  return list(closing(symbols, programRows(dumps, request)));
}

/** The words behind PROG, in any order. */
function takeRequest(words: Words): Request {
  let file: string | undefined;
  const flags = { opcodes: false, visual: false, linum: false };
  while (words.left > 0) {
    const word = words.choose('what to show', ['file', 'opcodes', 'visual', 'linum']);
    if (word === 'file') file = words.next('the path of the file');
    else flags[word] = true;
  }
  return { ...flags, ...(file !== undefined && { file }) };
}

function checkRequest({ file, opcodes, visual, linum }: Request, programs: number, options: Options): void {
  if (programs > 1 && (file !== undefined || visual)) throw new UsageError('several programs match: give the id of one');
  if (file !== undefined && (opcodes || visual || linum)) {
    throw new UsageError("'file' does not go together with 'opcodes', 'visual' or 'linum'");
  }
  if (visual && options.json) throw new UsageError("'visual' gives a graph in the DOT language, which does not go together with JSON");
}

function* closing(symbols: Kallsyms, rows: Iterable<Row>): Generator<Row> {
  using _ = symbols;
  yield* rows;
}

function* graph(text: ProgramText, request: Request): Generator<GraphRow> {
  for (const piece of dot(text, request)) yield { dot: piece };
}

function* programRows(dumps: readonly { program: ListedProgram; text: ProgramText }[], request: Request): Generator<ProgramRow> {
  for (const [index, { program, text }] of dumps.entries()) {
    yield { program, rows: [...listing(text, request)], last: index === dumps.length - 1 };
  }
}

function plain(row: Row): string {
  if ('dot' in row) return row.dot;
  if ('disasm' in row) return plainRow(row);
  return `${headerText(row.program)}${row.rows.map(plainRow).join('')}${row.last ? '' : '\n'}`;
}

function json(row: Row): unknown {
  if ('dot' in row) return row.dot;
  if ('disasm' in row) return jsonRow(row);
  return { ...headerFields(row.program), insns: row.rows.map(jsonRow) };
}
