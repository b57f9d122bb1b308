import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import type { DryRun } from '../../src/load/dry-run.js';
import type { LoadedObject, LoadedProgram } from '../../src/load/loaded-object.js';
import type { LoadOptions } from '../../src/load/options.js';
import { pinMaps, pinName, unpinOwn } from '../../src/load/pin.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { preparePin, preparePinDirectory, Rollback } from '../../src/system/bpffs.js';
import { done, type Options, type Output, type OwnOption, one, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { jsonDryRun, plainDryRun } from '../loading/dry-run.js';
import { dryRunTables } from '../loading/dry-run-tables.js';
import { loadObject, loadObjectLight, readObject } from '../loading/object-file.js';
import { choose, LOAD_OPTIONS } from '../loading/options.js';
import { type LoadWords, takeLoadWords } from '../loading/words.js';
import { holdSignals } from '../signals.js';

// With -L the path may be missing: what was loaded is not kept then.
const GRAMMAR =
  'OBJ PATH [type TYPE] [map { idx N | name NAME } MAP]... [{ offload_dev | xdpmeta_dev } NAME] [pinmaps DIR] [autoattach] [kernel_btf FILE]';

const OPTIONS: readonly OwnOption[] = [
  ...LOAD_OPTIONS,
  { flags: '--dry-run', summary: 'show what would be created, and create nothing; needs no root, and no PATH' },
];

/** `prog load OBJ PATH ...` */
export const loadFirst = subcommand<DryRun>({
  name: 'load',
  summary: 'Load an object file and pin its first program at a path',
  grammar: GRAMMAR,
  options: OPTIONS,
  examples: [
    'bpf-ts prog load count.bpf.o /sys/fs/bpf/count',
    'bpf-ts prog load count.bpf.o --dry-run',
    'bpf-ts prog load count.bpf.o /sys/fs/bpf/count --set port=80 --only count',
    'bpf-ts -S -k key.pem -i cert.pem prog load count.bpf.o /sys/fs/bpf/count',
    'bpf-ts prog load x.bpf.o /sys/fs/bpf/x map name counts pinned /sys/fs/bpf/counts',
  ],
  run: (words, options) => load(words, options, pinFirst),
  plain: plainDryRun,
  tables: dryRunTables,
  json: jsonDryRun,
});

/** `prog loadall OBJ PATH ...` */
export const loadAll = subcommand<DryRun>({
  name: 'loadall',
  summary: 'Load an object file and pin its programs in a directory by their names',
  grammar: GRAMMAR,
  options: OPTIONS,
  examples: ['bpf-ts prog loadall app.bpf.o /sys/fs/bpf/app pinmaps /sys/fs/bpf/app-maps autoattach'],
  run: (words, options) => load(words, options, pinAll),
  plain: plainDryRun,
  tables: dryRunTables,
  json: jsonDryRun,
});

/** Pins what was loaded at the path, each program by `pinProgram`; `rollback` gets what takes it back. */
type Pin = (loaded: LoadedObject, path: string, pinProgram: PinProgram, options: Options, rollback: Rollback) => void;
type PinProgram = (loaded: LoadedProgram, path: string, options: Options) => void;

async function load(words: Words, options: Options, pin: Pin): Promise<Output<DryRun>> {
  const file = words.next('OBJ');
  const dry = options.own.dryRun === true;
  const path = words.left === 0 && (dry || options.useLoader) ? undefined : words.next('PATH');
  using request = takeLoadWords(words);
  using chosen = await choose(readObject(file, options), options, request.loadOptions.types);
  const { spec, load: choice } = chosen;
  const asked = { ...request.loadOptions, ...choice, reuse: reusedMaps(spec, request) };
  if (dry) return one((await import('../../src/load/dry-run.js')).dryRun(spec, asked));
  const pinProgram: PinProgram = request.autoattach ? (await import('../loading/autoattach.js')).attachOrPin : justPin;
  using loaded = options.useLoader ? await loadObjectLight(spec, forLoader(asked), options) : await loadObject(spec, asked, options);
  // A loader program may be tried without keeping what it loads, as bpftool does.
  if (path === undefined) return done;
  using _ = holdSignals();
  using rollback = new Rollback();
  rollback.add(() => unpinOwn(loaded));
  pin(loaded, path, pinProgram, options, rollback);
  if (request.pinmaps !== undefined) {
    preparePinDirectory(request.pinmaps, { nomount: options.nomount, rollback });
    pinMaps(loaded, request.pinmaps, rollback);
  }
  rollback.commit();
  return done;
}

/** A loader program has its maps and types in it, and leaves CO-RE to the kernel. */
function forLoader({ types, reuse, device, kernelBtf, attachPrograms, only }: LoadOptions): Pick<LoadOptions, 'only'> {
  const asked = { type: types, map: reuse?.size ? reuse : undefined, device, kernel_btf: kernelBtf, '--target-prog': attachPrograms };
  const [word] = Object.entries(asked).find(([, value]) => value !== undefined) ?? [];
  if (word !== undefined) throw new UsageError(`a loader program (-L) cannot be given a ${word}`);
  return { only };
}

function pinFirst(loaded: LoadedObject, path: string, pinProgram: PinProgram, options: Options, rollback: Rollback): void {
  const [first] = loaded.programs;
  if (loaded.spec.programs.length === 0) throw new UsageError('the object has no program that could be pinned');
  if (!first) throw new UsageError('all programs of the object are optional, so none was loaded');
  preparePin(path, { nomount: options.nomount, rollback });
  pinProgram(first, path, options);
  rollback.add(() => unlinkSync(path));
}

function pinAll(loaded: LoadedObject, directory: string, pinProgram: PinProgram, options: Options, rollback: Rollback): void {
  preparePinDirectory(directory, { nomount: options.nomount, rollback });
  for (const each of loaded.programs) {
    const path = join(directory, pinName(each.spec.name));
    pinProgram(each, path, options);
    rollback.add(() => unlinkSync(path));
  }
}

function justPin({ program }: LoadedProgram, path: string): void {
  program.pin(path);
}

/** The maps that were given in place of the object's own, by their index in it. */
function reusedMaps(spec: ObjectSpec, { maps }: LoadWords): ReadonlyMap<number, LoadWords['maps'][number]['map']> {
  const reused = new Map<number, LoadWords['maps'][number]['map']>();
  for (const { which, map } of maps) {
    const index = typeof which === 'number' ? which : spec.maps.findIndex(({ name }) => name === which);
    if (!spec.maps[index])
      throw new UsageError(typeof which === 'number' ? `the object has no map ${which}` : `the object has no map named '${which}'`);
    if (reused.has(index)) throw new UsageError(`map ${spec.maps[index].name} is given twice`);
    reused.set(index, map);
  }
  return reused;
}
