import { UsageError } from '../src/errors.js';
import { linkObjects } from '../src/gen/link/link.js';
import { minimizeBtf } from '../src/gen/min-core-btf.js';
import { readTypes } from '../src/gen/sources.js';
import { done, type ObjectCommand, subcommand } from './command.js';
import { codeCommands, tsCommand } from './gen/code.js';
import { readFile } from './input-file.js';
import { writeOutput } from './output-file.js';
import { INVALID, IS_DIRECTORY, ofErrno, type StatusOf, withStatus } from './print/errno-status.js';
import { coreObjectOfFile, typesOfFile } from './types-file.js';

export const command: ObjectCommand = {
  name: 'gen',
  summary: 'Make files from object files: other objects, BTF, code',
  subcommands: [
    subcommand({
      name: 'object',
      summary: 'Link object files into one',
      grammar: 'OUTPUT INPUT [INPUT...]',
      examples: ['bpf-ts gen object all.bpf.o main.bpf.o library.bpf.o'],
      run: (words) => {
        const output = words.next('OUTPUT');
        const inputs = words.rest();
        if (inputs.length === 0) throw new UsageError('INPUT is missing');
        writeOutput(
          output,
          withStatus(() => linked(inputs), ofInput),
        );
        return done;
      },
    }),
    ...codeCommands,
    subcommand({
      name: 'min_core_btf',
      summary: "Reduce the kernel's types to those that objects relocate against",
      grammar: 'INPUT OUTPUT OBJECT [OBJECT...]',
      examples: ['bpf-ts gen min_core_btf /sys/kernel/btf/vmlinux small.btf prog.bpf.o'],
      run: (words, { baseBtf }) => {
        const input = words.next('INPUT');
        const output = words.next('OUTPUT');
        const paths = words.rest();
        if (paths.length === 0) throw new UsageError('OBJECT is missing');
        const base = baseBtf === undefined ? undefined : readTypes(readFile(baseBtf, 'types'), baseBtf);
        const minimal = minimizeBtf(typesOfFile(input, base), paths.map(coreObjectOfFile));
        withStatus(() => writeOutput(output, minimal), ofOutput);
        return done;
      },
    }),
    tsCommand,
  ],
  terms: ['INPUT: BTF, or an ELF file that has it; with -B FILE it may be split from that'],
};

function linked(paths: readonly string[]): Uint8Array {
  return linkObjects(paths.map((path) => ({ what: path, bytes: readFile(path, 'object') })));
}

/** Of an object that cannot be read, or not be linked. */
const ofInput: StatusOf = (error) => ofErrno(error) ?? INVALID;

/** Of a file that cannot be written. */
const ofOutput: StatusOf = (error) => (error instanceof UsageError ? IS_DIRECTORY : ofErrno(error));
