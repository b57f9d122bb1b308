import type { Btf } from '../../src/btf/btf.js';
import { headerOf } from '../../src/btf/c.js';
import { rawDump } from '../../src/btf/raw.js';
import { UsageError } from '../../src/errors.js';
import { requireMemory } from '../../src/system/memory-left.js';
import { type Form, type Output, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { INVALID, TOO_MANY, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { takeSource } from './source.js';

const MAX_ROOTS = 16;
/** What bpftool exits with: minus ENOTSUP. */
const NO_JSON = 161;

interface Format {
  readonly c: boolean;
  readonly unsorted: boolean;
  readonly roots: readonly number[];
}

/** `btf dump SOURCE [format { raw | c [unsorted] }] [root_id N]...` */
export const dump = subcommand({
  name: 'dump',
  summary: 'Show types, as they are recorded or as a C header',
  grammar:
    '{ id N | prog PROG | map MAP [{ key | value | kv | all }] | file FILE [file FILE]... } [format { raw | c [unsorted] }] [root_id N]...',
  examples: [
    'bpf-ts btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h',
    'bpf-ts btf dump map name counts',
    'bpf-ts btf dump file prog.bpf.o format c root_id 7',
  ],
  run: (words, options) => {
    const source = takeSource(words, options);
    const format = takeFormat(words, source.roots.length > 0);
    const { btf } = source;
    const roots = source.roots.length > 0 ? source.roots : format.roots;
    withStatus(() => requireTypes(btf, roots), INVALID);
    if (format.c && options.json) throw new Failure('a C header cannot be had as JSON', { exitCode: NO_JSON });
    return dumped(btf, { ...format, roots });
  },
});

function dumped(btf: Btf, { c, unsorted, roots }: Format): Output<never> {
  const some = roots.length > 0 ? roots : undefined;
  if (c) {
    requireRoom(btf);
    return { kind: 'stream', chunks: () => header(btf, some, unsorted) };
  }
  return { kind: 'stream', chunks: (form, depth) => rawLines(btf, form, some, depth), within: 'types' };
}

/** What a type takes while C is made of it: its place in the order, what it depends on, its text. */
const BYTES_OF_TYPE = 220;

function requireRoom(btf: Btf): void {
  try {
    requireMemory(btf.count * BYTES_OF_TYPE);
  } catch (error) {
    throw new Error(`print ${btf.count} types as C`, { cause: error });
  }
}

/**
 * A whole kernel in C is the work of a fraction of a second, done by some fifty small functions that call each other. Compiled into each other, each of them
 * would be compiled dozens of times over, and not be ready before the work is done: without that it takes 60 % of the time. Nor do the loops run so long that it
 * pays to compile their first round by itself (5 %).
 */
function header(btf: Btf, roots: readonly number[] | undefined, unsorted: boolean): Generator<Uint8Array> {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const flag of ['--no-turbo-inlining', '--no-turbo-loop-peeling']) setFlagsFromString(flag);
  return headerOf(btf, { roots, unsorted });
}

function* rawLines(btf: Btf, form: Form, roots: readonly number[] | undefined, depth: number): Generator<Uint8Array> {
  yield* rawDump(btf, form, roots, depth);
  if (form !== 'plain' && depth === 0) yield Uint8Array.of(0x0a);
}

/** The words behind the source, in any order. */
function takeFormat(words: Words, rooted: boolean): Format {
  let [c, unsorted] = [false, false];
  const roots: number[] = [];
  while (words.left > 0) {
    const word = withStatus(() => words.choose('how to dump', ['format', 'root_id', 'unsorted']), INVALID);
    if (word === 'format') c = withStatus(() => takeFormatName(words), INVALID);
    else if (word === 'unsorted') unsorted = true;
    else roots.push(takeRoot(words, roots, rooted));
  }
  return { c, unsorted, roots };
}

function requireTypes(btf: Btf, roots: readonly number[]): void {
  for (const root of roots) if (root >= btf.count) throw new UsageError(`there is no type ${root}: the last one is ${btf.count - 1}`);
}

function takeFormatName(words: Words): boolean {
  const name = words.next('the format');
  if (name !== 'c' && name !== 'raw') throw new UsageError(`there is no format '${name}', only raw and c`);
  return name === 'c';
}

function takeRoot(words: Words, roots: readonly number[], rooted: boolean): number {
  if (rooted) throw new Failure('root_id does not go together with a choice of key and value', { exitCode: INVALID });
  if (roots.length === MAX_ROOTS) throw new Failure(`root_id can be given ${MAX_ROOTS} times at most`, { exitCode: TOO_MANY });
  const root = words.number('root_id');
  if (roots.includes(root)) throw new Failure(`root_id ${root} is given twice`, { exitCode: INVALID });
  return root;
}
