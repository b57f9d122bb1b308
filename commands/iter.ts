import { UsageError } from '../src/errors.js';
import { attach } from '../src/link/attach.js';
import { Link } from '../src/link/link.js';
import type { LoadedObject, LoadedProgram } from '../src/load/loaded-object.js';
import { unpinOwn } from '../src/load/pin.js';
import type { BpfMap } from '../src/map/map.js';
import { preparePin, Rollback } from '../src/system/bpffs.js';
import { done, type ObjectCommand, type Options, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { loadObject, readObject } from './loading/object-file.js';
import { endWithStatus, INVALID, withStatus } from './print/errno-status.js';
import { Failure } from './print/failure.js';
import { ofObjectFile } from './print/file-status.js';
import { TERMS, takeMap } from './reference/reference.js';
import { holdSignals } from './signals.js';

const pin = subcommand({
  name: 'pin',
  summary: 'Load an object file and pin its first program, an iterator: reading the pinned file runs it',
  grammar: 'OBJ PATH [map MAP]',
  examples: ['bpf-ts iter pin tasks.bpf.o /sys/fs/bpf/tasks', 'bpf-ts iter pin elements.bpf.o /sys/fs/bpf/elements map name counts'],
  run: async (words, options) => {
    const file = words.next('OBJ');
    const path = words.next('PATH');
    using map = takeTarget(words);
    const spec = withStatus(() => readObject(file, options), ofObjectFile);
    using loaded = await endWithStatus(() => loadObject(spec, {}, options));
    using _ = holdSignals();
    using pins = new Rollback();
    pins.add(() => unpinOwn(loaded));
    pinIterator(firstIterator(loaded), path, map, options);
    pins.commit();
    return done;
  },
});

function takeTarget(words: Words): BpfMap | undefined {
  const map = words.takeIf('map') ? takeMap(words, 'read') : undefined;
  try {
    words.end();
    return map;
  } catch (error) {
    map?.[Symbol.dispose]();
    throw error;
  }
}

function firstIterator({ spec, programs }: LoadedObject): LoadedProgram {
  const [first] = programs;
  if (!first) throw new UsageError(`the object has no program${spec.programs.length > 0 ? ' that is not optional' : ''}`);
  if (first.spec.hook?.name === 'iter') return first;
  const { name, section } = first.spec;
  throw new Failure(`program ${name}, the first of the object, is no iterator: it is in section ${section}`, { exitCode: INVALID });
}

function pinIterator({ spec, program }: LoadedProgram, path: string, map: BpfMap | undefined, options: Options): void {
  using rollback = new Rollback();
  preparePin(path, { nomount: options.nomount, rollback });
  using link = withStatus(() => attach(program, spec.section, { map }));
  if (!(link instanceof Link)) throw new Error(`program ${spec.name}: this kernel has no links for iterators`);
  link.pin(path);
  rollback.commit();
}

export const command: ObjectCommand = {
  name: 'iter',
  summary: 'Iterators: programs that run when a file is read',
  subcommands: [pin],
  bareIsHelp: true,
  terms: [TERMS.map],
};
