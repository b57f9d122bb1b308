import { existsSync } from 'node:fs';
import type { Btf } from '../../src/btf/btf.js';
import { UsageError } from '../../src/errors.js';
import { mergeTypes } from '../../src/gen/merge-types.js';
import { readTypes } from '../../src/gen/sources.js';
import { btfInfo } from '../../src/system/btf-objects.js';
import { moduleBtf, VMLINUX_BTF, vmlinuxBtf } from '../../src/system/kernel-btf.js';
import { loadedBtf } from '../../src/system/loaded-btf.js';
import type { Options } from '../command.js';
import { readFile } from '../input-file.js';
import type { Words } from '../line/words.js';
import { INVALID, NOT_THERE, TOO_MANY, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { note } from '../print/warn.js';
import { toId } from '../reference/handles.js';
import { takeMap, takeProgram } from '../reference/reference.js';
import { typesOfFile } from '../types-file.js';

const MODULES = '/sys/kernel/btf/';
/** As in bpftool, which exits with minus E2BIG beyond it, among others. */
const MAX_FILES = 64;

/** The types to be dumped: all of a BTF, or some of it. */
export interface Source {
  readonly btf: Btf;
  readonly roots: readonly number[];
}

/** Takes where types are, as `btf dump` has it. */
export function takeSource(words: Words, options: Options): Source {
  switch (words.choose('where the types are', ['map', 'prog', 'id', 'file'])) {
    case 'map':
      return mapTypes(words, options);
    case 'prog':
      return programTypes(words, options);
    case 'id':
      return { btf: loaded(toId(words.next('the id of a BTF object')), options), roots: [] };
    case 'file':
      return { btf: filesTypes(takeFiles(words), options), roots: [] };
  }
}

/** Takes the same as far as it is there, or `module NAME`; without all that, the kernel's types. */
export function takeTypes(words: Words, options: Options): Btf {
  if (words.left === 0) return vmlinuxBtf();
  return words.takeIf('module') ? ofModule(words.next('the name of a module')) : takeSource(words, options).btf;
}

function ofModule(name: string): Btf {
  const path = MODULES + name;
  if (name.includes('/') || !existsSync(path)) throw new UsageError(`there are no types of a module '${name}' in ${MODULES}`);
  return name === 'vmlinux' ? vmlinuxBtf() : moduleBtf(name);
}

function mapTypes(words: Words, options: Options): Source {
  using map = takeMap(words, 'read');
  const { btfId, btfKeyTypeId, btfValueTypeId } = map.info;
  if (btfId === 0) throw new Failure(`${map.title} has no BTF`, { exitCode: NOT_THERE });
  const btf = loaded(btfId, options);
  if (words.takeIf('key')) return { btf, roots: [btfKeyTypeId] };
  if (words.takeIf('value')) return { btf, roots: [btfValueTypeId] };
  if (words.takeIf('all')) return { btf, roots: [] };
  words.takeIf('kv');
  return { btf, roots: [btfKeyTypeId, btfValueTypeId] };
}

function programTypes(words: Words, options: Options): Source {
  using program = takeProgram(words);
  if (program.info.btfId === 0) throw new Failure(`program ${program.id} has no BTF`, { exitCode: NOT_THERE });
  return { btf: loaded(program.info.btfId, options), roots: [] };
}

function loaded(id: number, options: Options): Btf {
  const { kernel, name } = withStatus(() => btfInfo(id));
  // A module's types go on from the kernel's.
  const base = baseOf(options) ?? (kernel && name !== 'vmlinux' ? vmlinuxBtf() : undefined);
  return loadedBtf(id, base);
}

/** `FILE [file FILE]...` */
function takeFiles(words: Words): string[] {
  const paths = [words.next('FILE')];
  while (words.takeIf('file')) paths.push(words.next('FILE'));
  return paths;
}

/** The kernel's own types are what modules' go on from: among other files they are not one more to be merged. */
function filesTypes(paths: readonly string[], options: Options): Btf {
  const files = paths.filter((path) => path !== VMLINUX_BTF);
  if (files.length === 0) return vmlinuxBtf();
  if (files.length > MAX_FILES)
    throw new Failure(`${files.length} files are too many: at most ${MAX_FILES} can be merged`, { exitCode: TOO_MANY });
  const base = baseOf(options) ?? (files.some((path) => path.startsWith(MODULES)) ? vmlinuxBtf() : undefined);
  if (base) note(options, `the types of ${files.join(', ')} go on from those of ${base.what}`);
  const parts = files.map((path) => typesOfFile(path, base));
  if (parts.length === 1) return parts[0]!;
  if (!base)
    throw new Failure('several files can only be merged on top of types that all of them go on from: give these with --base-btf', {
      exitCode: INVALID,
    });
  return withStatus(() => mergeTypes(parts, base, files.join(', ')), INVALID);
}

function baseOf({ baseBtf }: Options): Btf | undefined {
  return baseBtf === undefined ? undefined : readTypes(readFile(baseBtf, 'types'), baseBtf);
}
