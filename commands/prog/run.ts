import { UsageError } from '../../src/errors.js';
import { hexdump } from '../../src/format/hexdump.js';
import { one, subcommand } from '../command.js';
import { readFile, readInput } from '../input-file.js';
import { GrammarError, isPrefix, type Words } from '../line/words.js';
import { writeOutput } from '../output-file.js';
import { ofErrno, withStatus } from '../print/errno-status.js';
import { takeProgram } from '../reference/reference.js';

/** What the command line asks for; files may be `-`. */
interface Request {
  data_in?: string;
  data_out?: string;
  data_size_out?: number;
  ctx_in?: string;
  ctx_out?: string;
  ctx_size_out?: number;
  repeat?: number;
}

interface Result {
  /** Undefined when it goes to a file, or was not asked for. */
  readonly data: Uint8Array | undefined;
  readonly context: Uint8Array | undefined;
  readonly returnValue: number;
  readonly duration: number;
  readonly average: boolean;
}

/** Room for what comes out, when the command line does not say how much. */
const ROOM = 32 * 1024;
// Words that may not be shortened to something that means several of them.
const GROUPS = [
  ['data_in', 'data_out', 'data_size_out'],
  ['ctx_in', 'ctx_out', 'ctx_size_out'],
] as const;
const FILES = ['data_in', 'data_out', 'ctx_in', 'ctx_out'] as const;
const NUMBERS = ['data_size_out', 'ctx_size_out', 'repeat'] as const;

/** `prog run PROG data_in FILE ...` */
export const run = subcommand<Result>({
  name: 'run',
  summary: 'Run a program on data of yours, without an event',
  grammar: 'PROG data_in FILE [data_out FILE [data_size_out N]] [ctx_in FILE [ctx_out FILE [ctx_size_out N]]] [repeat N]',
  examples: ['bpf-ts prog run id 7 data_in packet.bin data_out - repeat 100'],
  run: (words) => {
    using program = takeProgram(words);
    const request = takeRequest(words);
    const [data, context] = [read(request.data_in), read(request.ctx_in)];
    const asked = {
      data,
      context,
      dataRoom: request.data_in === undefined ? 0 : (request.data_size_out ?? ROOM),
      contextRoom: request.ctx_in === undefined ? 0 : (request.ctx_size_out ?? ROOM),
      ...(request.repeat === undefined ? {} : { repeat: request.repeat }),
    };
    // bpftool runs nothing without data.
    const result = withStatus(() => program.testRun(asked), data ? ofErrno : () => undefined);
    return one({
      data: deliver(request.data_out, result.data),
      context: deliver(request.ctx_out, result.context),
      returnValue: result.returnValue,
      duration: result.duration,
      average: (request.repeat ?? 1) > 1,
    });
  },
  plain: (result) => {
    const dumps = [result.data, result.context].map((bytes) => (bytes ? hexdump(bytes) : '')).join('');
    return `${dumps}Return value: ${result.returnValue}, duration${result.average ? ' (average)' : ''}: ${result.duration}ns\n`;
  },
  json: (result) => ({ data_out: result.data, ctx_out: result.context, retval: result.returnValue, duration: result.duration }),
});

function takeRequest(words: Words): Request {
  const request: Request = {};
  while (words.peek !== undefined) {
    refuseAmbiguous(words.peek);
    const name = words.choose('what to run it on', [...FILES, ...NUMBERS]);
    if (request[name] !== undefined) throw new GrammarError(`${name} is given twice`);
    if (name === 'repeat' || name === 'data_size_out' || name === 'ctx_size_out') request[name] = words.number(name);
    else request[name] = words.next(`the file of ${name}`);
  }
  if (request.data_in === '-' && request.ctx_in === '-') throw new UsageError('standard input cannot be both data_in and ctx_in');
  if (request.data_out !== undefined && request.data_in === undefined) throw new GrammarError('data_out needs data_in');
  if (request.ctx_out !== undefined && request.ctx_in === undefined) throw new GrammarError('ctx_out needs ctx_in');
  return request;
}

function refuseAmbiguous(word: string): void {
  for (const group of GROUPS) {
    const matches = group.filter((name) => isPrefix(word, name));
    if (matches.length > 1) throw new UsageError(`ambiguous prefix: '${word}' could be ${matches.map((name) => `'${name}'`).join(' or ')}`);
  }
}

function read(path: string | undefined): Uint8Array | undefined {
  if (path === undefined) return undefined;
  return path === '-' ? readInput('data') : readFile(path, 'data');
}

/** Writes to a file; what is to be printed is given back. */
function deliver(path: string | undefined, bytes: Uint8Array): Uint8Array | undefined {
  if (path === undefined || bytes.length === 0) return undefined;
  if (path === '-') return bytes;
  writeOutput(path, bytes);
  return undefined;
}
