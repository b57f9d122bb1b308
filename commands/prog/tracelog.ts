import { TracePipe } from '../../src/events/trace-pipe.js';
import type { Program } from '../../src/program/program.js';
import { list, type Output, subcommand } from '../command.js';
import type { Printer } from '../print/printer.js';
import { last, takeProgram } from '../reference/reference.js';
import { onStop } from '../signals.js';

/** `prog tracelog [{stdout|stderr} PROG]` */
export const tracelog = subcommand<string>({
  name: 'tracelog',
  summary: 'Show what programs print: the trace pipe until Ctrl-C, or a stream of one program',
  grammar: '[{ stdout | stderr } PROG]',
  examples: ['bpf-ts prog tracelog', 'bpf-ts prog tracelog stderr id 7'],
  run: (words) => {
    if (words.left === 0) return list(traceLines());
    const stream = words.choose('a stream', ['stdout', 'stderr']);
    const program = last(words, takeProgram(words));
    return stream === 'stdout' ? list(textOf(program, stream)) : toStandardError(program);
  },
  plain: (text) => text,
});

async function* traceLines(): AsyncGenerator<string> {
  using pipe = new TracePipe();
  using _ = onStop(() => pipe[Symbol.dispose]());
  yield* pipe;
}

function* textOf(owned: Program, stream: 'stdout' | 'stderr'): Generator<string> {
  using program = owned;
  const decoder = new TextDecoder();
  for (const piece of program.stream(stream)) yield decoder.decode(piece, { stream: true });
}

/** What a program wrote to its error stream goes to ours; with JSON it is printed as the other stream is. */
function toStandardError(program: Program): Output<string> {
  const run = async (printer: Printer) => {
    if (printer.form !== 'plain') return printer.print(tracelog, list(textOf(program, 'stderr')));
    for (const text of textOf(program, 'stderr')) printer.streams.err.write(text);
    return 0;
  };
  return { kind: 'commands', run };
}
