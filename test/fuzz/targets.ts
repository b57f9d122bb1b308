import { Btf } from '../../src/btf/btf.js';
import { parseBtfExt } from '../../src/btf/ext.js';
import { notesIn } from '../../src/elf/notes.js';
import { parseObject } from '../../src/object/parse.js';
import { explainLog } from '../../src/verifier/explain.js';
import { attempt, drain } from './attempt.js';
import { BTF_STEPS } from './exercise-btf.js';
import { exerciseElf } from './exercise-elf.js';
import { exerciseNetlink } from './exercise-netlink.js';
import { exerciseCode, exerciseGenerators, exerciseObject, relocate } from './exercise-object.js';
import { exerciseExport, exerciseLine, exerciseTyped } from './exercise-said.js';
import { exerciseKconfig, exerciseProc, SymbolFile } from './exercise-text.js';
import { makeTypes } from './make-types.js';
import { type ByteSeed, mutateBytes } from './mutate-bytes.js';
import { mutateText } from './mutate-text.js';
import type { Random } from './random.js';
import {
  btfs,
  codes,
  datagrams,
  exportTexts,
  exts,
  kconfigs,
  kernelTypes,
  lineTexts,
  logs,
  notes,
  objects,
  procTexts,
  symbolFiles,
  typedTexts,
} from './seeds.js';

/** Something that reads bytes or text from outside. */
export interface Target {
  readonly name: string;
  /** Inputs in a hundred of a run over all targets: what is quick and rich gets more. */
  readonly share: number;
  /** An input. */
  make(random: Random): Uint8Array;
  /** Reads it. `random` chooses some of what is done with it; without it, all is done. @throws what isAnswer says, or it is a failure */
  read(input: Uint8Array, random?: Random): void;
}

const utf8 = new TextEncoder();
// Inputs are bytes, so that they can be kept as files; what is no UTF-8 in them becomes replacement characters, as where files are read.
const textOf = (input: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);

function bytesTarget(name: string, share: number, seeds: () => readonly ByteSeed[], read: Target['read']): Target {
  return { name, share, make: (random) => mutateBytes(random.pick(seeds()), random, seeds()), read };
}

function textTarget(name: string, share: number, seeds: () => readonly string[], read: (text: string) => void): Target {
  return {
    name,
    share,
    make: (random) => utf8.encode(mutateText(random.pick(seeds()), random, seeds())),
    read: (input) => read(textOf(input)),
  };
}

const symbolFile = new SymbolFile();
process.once('exit', () => symbolFile[Symbol.dispose]());

/** The types of the first object, for what only refers to types. */
const someTypes = () => Btf.parse(btfs()[2]!.bytes);
const coreObject = () => parseObject(objects().find(({ name }) => name.includes('gen-core'))!.bytes, { name: 'gen-core' });

function readTypes(input: Uint8Array, random?: Random): void {
  const btf = Btf.parse(input);
  const steps = random ? [random.pick(BTF_STEPS), random.pick(BTF_STEPS)] : BTF_STEPS;
  for (const step of steps) attempt(() => step(btf));
}

/** All of them, by name. */
export const TARGETS: readonly Target[] = [
  bytesTarget('elf', 15, objects, exerciseElf),
  bytesTarget('btf', 15, btfs, readTypes),
  { name: 'types', share: 5, make: makeTypes, read: readTypes },
  bytesTarget('ext', 10, exts, (input) => parseBtfExt(input, someTypes())),
  bytesTarget('object', 12, objects, (input) => exerciseObject(input, Btf.parse(kernelTypes().bytes))),
  bytesTarget('gen', 3, objects, (input) => exerciseGenerators(input, Btf.parse(kernelTypes().bytes))),
  bytesTarget(
    'core',
    5,
    () => [kernelTypes()],
    (input) => relocate(coreObject(), Btf.parse(input)),
  ),
  bytesTarget('code', 7, codes, exerciseCode),
  bytesTarget('notes', 6, notes, (input) => drain(notesIn(input, true))),
  bytesTarget('netlink', 8, datagrams, exerciseNetlink),
  textTarget('log', 5, logs, (text) => explainLog(text)),
  textTarget('kconfig', 4, kconfigs, exerciseKconfig),
  textTarget('kallsyms', 1, symbolFiles, (text) => symbolFile.exercise(text)),
  textTarget('proc', 4, procTexts, exerciseProc),
  textTarget('line', 1, lineTexts, exerciseLine),
  textTarget('typed', 4, typedTexts, (text) => exerciseTyped(text, someTypes())),
  textTarget('export', 4, exportTexts, exerciseExport),
];
