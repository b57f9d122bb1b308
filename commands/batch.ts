import { UsageError } from '../src/errors.js';
import { json, lineBreak } from '../src/format/json.js';
import { type Options, subcommand } from './command.js';
import { inputLines } from './input-file.js';
import { CommandReader } from './line/command-reader.js';
import { runCall, understand } from './line/dispatch.js';
import { Printer } from './print/printer.js';
import { ClosedPipe } from './print/sink.js';

/** Level of JSON on which a command's output stands: in a field of an object in the array of all commands. */
const OUTPUT_DEPTH = 2;

export const command = subcommand({
  name: 'batch',
  summary: 'Run the commands of a file, one a line, up to the first that fails',
  grammar: 'file FILE',
  examples: ['bpf-ts batch file commands.txt', "echo 'prog show' | bpf-ts -j batch file -"],
  run: (words, options) => {
    if (!words.takeIf('file')) throw new UsageError(`expected 'file', got '${words.peek ?? ''}'`);
    const path = words.next('FILE');
    words.end();
    return { kind: 'commands', run: (printer) => runAll(path, options, printer) };
  },
});

async function runAll(path: string, options: Options, printer: Printer): Promise<number> {
  const array = new CommandArray(printer);
  let count = 0;
  for await (const args of commandLines(inputLines(path))) {
    array.begin(args);
    const status = await runOne(args, options, new Printer(printer.streams, { ...printer.options, ndjson: false }, OUTPUT_DEPTH));
    array.endCommand();
    if (status !== 0) {
      array.end();
      return status;
    }
    count += 1;
  }
  array.end();
  if (printer.form === 'plain') printer.streams.out.write(`processed ${count} commands\n`);
  return 0;
}

async function runOne(args: readonly string[], options: Options, printer: Printer): Promise<number> {
  try {
    // Options of the command itself; global ones are those of the batch.
    const own = args.findIndex((arg) => arg.startsWith('--'));
    const [words, rest] = own < 0 ? [args, []] : [args.slice(0, own), args.slice(own)];
    return await runCall(await understand({ words: [...words], rest: [...rest], options }), printer);
  } catch (error) {
    if (error instanceof ClosedPipe) throw error;
    return await printer.fail(error);
  } finally {
    printer.streams.out.flush();
  }
}

/** `[{"command":["prog","show"],"output":...},...]`, one object a line with `--ndjson`, and nothing at all in plain text. */
class CommandArray {
  readonly #on: boolean;
  readonly #pretty: boolean;

  constructor(readonly printer: Printer) {
    this.#on = printer.form !== 'plain';
    this.#pretty = printer.form === 'pretty';
  }

  begin(args: readonly string[]): void {
    if (!this.#on) return;
    const colon = this.#pretty ? ': ' : ':';
    const key = (name: string) => lineBreak(this.#pretty, OUTPUT_DEPTH) + json(name) + colon;
    this.printer.beginElement();
    this.printer.streams.out.write(`{${key('command')}${json(args, this.#pretty, OUTPUT_DEPTH)},${key('output')}`);
  }

  endCommand(): void {
    if (this.#on) this.printer.streams.out.write(`${lineBreak(this.#pretty, 1)}}${this.printer.options.ndjson ? '\n' : ''}`);
  }

  end(): void {
    if (this.#on) this.printer.endArray();
  }
}

/** The words of each command, as {@link CommandReader} understands them. */
export async function* commandLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  const reader = new CommandReader();
  for await (const line of lines) {
    const words = reader.add(line);
    if (words) yield words;
  }
  reader.end();
}
