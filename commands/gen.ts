import { readFileSync } from 'node:fs';
import { UsageError } from '../src/errors.js';
import { minimizeBtf } from '../src/gen/min-core-btf.js';
import { readCoreObject, readTypes } from '../src/gen/sources.js';
import { done, type ObjectCommand, subcommand } from './command.js';
import { writeOutput } from './output-file.js';

export const command: ObjectCommand = {
  name: 'gen',
  summary: 'Make files from object files: other objects, BTF, code',
  subcommands: [
    subcommand({
      name: 'min_core_btf',
      summary: "Reduce the kernel's types to those that objects relocate against",
      grammar: 'INPUT OUTPUT OBJECT [OBJECT...]',
      examples: ['bpf-ts gen min_core_btf /sys/kernel/btf/vmlinux small.btf prog.bpf.o'],
      run: (words) => {
        const input = words.next('INPUT');
        const output = words.next('OUTPUT');
        const objects = words.rest();
        if (objects.length === 0) throw new UsageError('OBJECT is missing');
        const kernel = readTypes(readFileSync(input), input);
        writeOutput(
          output,
          minimizeBtf(
            kernel,
            objects.map((path) => readCoreObject(readFileSync(path), path)),
          ),
        );
        return done;
      },
    }),
  ],
  terms: ['INPUT: BTF, or an ELF file that has it'],
};
