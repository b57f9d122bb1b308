import { Btf } from '../../src/btf/btf.js';
import { parseBtfExt } from '../../src/btf/ext.js';
import { notesIn } from '../../src/elf/notes.js';
import { parseObject } from '../../src/object/parse.js';
import { explainLog } from '../../src/verifier/explain.js';
import { attempt, drain } from './attempt.js';
import { BTF_STEPS } from './exercise-btf.js';
import { exerciseElf } from './exercise-elf.js';
import { exerciseNetlink } from './exercise-netlink.js';
import { exerciseCode, exerciseGenerators, exerciseMaps, exerciseObject, relocate } from './exercise-object.js';
import { exerciseBatch, exerciseExport, exerciseLine, exerciseTyped } from './exercise-said.js';
import { exerciseKconfig, exerciseProc, SymbolFile } from './exercise-text.js';
import { exerciseValue } from './exercise-value.js';
import { words } from './fields.js';
import { makeTypes } from './make-types.js';
import { type ByteSeed, mutateBytes } from './mutate-bytes.js';
import { mutateText } from './mutate-text.js';
import type { Random } from './random.js';
import {
  batchTexts,
  btfs,
  codes,
  datagrams,
  exportTexts,
  exts,
  kconfigs,
  kernelTypes,
  lineTexts,
  logs,
  mapped,
  notes,
  objects,
  procTexts,
  relocated,
  symbolFiles,
  typedTexts,
} from './seeds.js';

/** Something that reads bytes or text from outside. */
export interface Target {
  readonly name: string;
  /** Of a hundred seconds of a run over all targets, or of a hundred inputs where their number is given. */
  readonly share: number;
  /** An input: a damaged seed, or a damaged `parent`, an input that did something new. */
  make(random: Random, parent?: ByteSeed): ByteSeed;
  /** Reads it. `random` chooses some of what is done with it; without it, all is done. @throws what isAnswer says, or it is a failure */
  read(input: Uint8Array, random?: Random): void;
}

/** Bytes of made-up types that are aimed at. */
const MOST_WORDS = 4096;
/** Bytes of a made-up value. */
const VALUE_BYTES = 63;

const utf8 = new TextEncoder();
// Inputs are bytes, so that they can be kept as files; what is no UTF-8 in them becomes replacement characters, as where files are read.
const textOf = (input: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);

function bytesTarget(name: string, share: number, seeds: () => readonly ByteSeed[], read: Target['read']): Target {
  return { name, share, make: (random, parent = random.pick(seeds())) => damaged(parent, random, seeds()), read };
}

function textTarget(name: string, share: number, seeds: () => readonly string[], read: (text: string) => void): Target {
  return {
    name,
    share,
    make: (random, parent) => {
      const text = parent ? textOf(parent.bytes) : random.pick(seeds());
      return { name, bytes: utf8.encode(mutateText(text, random, seeds())), groups: [] };
    },
    read: (input) => read(textOf(input)),
  };
}

/** Damage leaves things where they are: numbers of the copy are where those of the original were. */
function damaged(parent: ByteSeed, random: Random, seeds: readonly ByteSeed[]): ByteSeed {
  return { name: parent.name, groups: parent.groups, bytes: mutateBytes(parent, random, seeds) };
}

/** Types made up from nothing, or damaged ones of these. */
function makeOrDamage(random: Random, parent?: ByteSeed): ByteSeed {
  if (parent) return damaged(parent, random, [parent]);
  const bytes = makeTypes(random);
  return { name: 'types', bytes, groups: [words(0, Math.min(bytes.length, MOST_WORDS))] };
}

const symbolFile = new SymbolFile();
process.once('exit', () => symbolFile[Symbol.dispose]());

/** The types of the first object, for what only refers to types. */
const someTypes = () => Btf.parse(btfs()[2]!.bytes);
const someKernel = () => Btf.parse(kernelTypes().bytes);
const coreObject = () => parseObject(objects().find(({ name }) => name.includes('gen-core'))!.bytes, { name: 'gen-core' });

/** Types made up from nothing, and bytes that claim to be a value of them. The first byte says how long the value is. */
function makeValue(random: Random, parent?: ByteSeed): ByteSeed {
  if (parent) return damaged(parent, random, [parent]);
  const types = makeTypes(random);
  const bytes = new Uint8Array(1 + VALUE_BYTES + types.length);
  bytes.set([VALUE_BYTES, ...Array.from({ length: VALUE_BYTES }, () => random.word())]);
  bytes.set(types, 1 + VALUE_BYTES);
  return { name: 'value', bytes, groups: [words(1 + VALUE_BYTES, Math.min(bytes.length, MOST_WORDS))] };
}

function readTypes(input: Uint8Array, random?: Random): void {
  const btf = Btf.parse(input);
  const steps = random ? [random.pick(BTF_STEPS), random.pick(BTF_STEPS)] : BTF_STEPS;
  for (const step of steps) attempt(() => step(btf));
}

/** All of them, by name. */
export const TARGETS: readonly Target[] = [
  bytesTarget('elf', 7, objects, exerciseElf),
  bytesTarget('btf', 8, btfs, readTypes),
  { name: 'value', share: 5, make: makeValue, read: exerciseValue },
  { name: 'types', share: 6, make: makeOrDamage, read: readTypes },
  bytesTarget('ext', 6, exts, (input) => parseBtfExt(input, someTypes())),
  bytesTarget('object', 10, objects, (input) => exerciseObject(input, someKernel())),
  bytesTarget('maps', 5, mapped, exerciseMaps),
  bytesTarget('relocations', 6, relocated, (input) => exerciseObject(input, someKernel())),
  bytesTarget('gen', 5, objects, (input) => exerciseGenerators(input, someKernel())),
  bytesTarget(
    'core',
    4,
    () => [kernelTypes()],
    (input) => relocate(coreObject(), Btf.parse(input)),
  ),
  bytesTarget('code', 5, codes, exerciseCode),
  bytesTarget('notes', 3, notes, (input) => drain(notesIn(input, true))),
  bytesTarget('netlink', 5, datagrams, exerciseNetlink),
  textTarget('log', 4, logs, (text) => explainLog(text)),
  textTarget('kconfig', 2, kconfigs, exerciseKconfig),
  textTarget('kallsyms', 2, symbolFiles, (text) => symbolFile.exercise(text)),
  textTarget('proc', 4, procTexts, exerciseProc),
  textTarget('line', 4, lineTexts, exerciseLine),
  textTarget('batch', 3, batchTexts, exerciseBatch),
  textTarget('typed', 3, typedTexts, (text) => exerciseTyped(text, someTypes())),
  textTarget('export', 3, exportTexts, exerciseExport),
];
