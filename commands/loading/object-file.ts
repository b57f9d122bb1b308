// What all commands that load an object file do alike: reading it, loading it, and saying why it was refused.
import { VerifierError } from '../../src/errors.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { LoadOptions } from '../../src/load/options.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import type { Options } from '../command.js';
import { readFile } from '../input-file.js';
import { note, say } from '../print/warn.js';
import { holdSignals } from '../signals.js';

// BPF_LOG_LEVEL1 + BPF_LOG_LEVEL2 + BPF_LOG_STATS
const WHOLE_LOG = 1 + 2 + 4;

/** Reads an object file. Remarks on what is passed over in it go to stderr with `-d`. */
export function readObject(path: string, options: Pick<Options, 'mapcompat' | 'debug' | 'json'>): ObjectSpec {
  const spec = parseObject(readFile(path, 'object'), { name: path, relaxedMaps: options.mapcompat });
  for (const remark of spec.notes) note(options, remark);
  return spec;
}

/**
 * Loads an object. A program that the verifier refuses ends in its reason, the source line it was at, and the end of its log; all of the log
 * goes to stderr with `-d`.
 */
export async function loadObject(spec: ObjectSpec, request: LoadOptions, options: Pick<Options, 'debug' | 'json'>): Promise<LoadedObject> {
  // Maps that pin themselves do so before the programs that use them are loaded.
  using _ = spec.maps.some(({ pinByName }) => pinByName) ? holdSignals() : undefined;
  return await orRefused(spec, options, () => load(spec, { ...request, ...logOptions(options), onNote: (text) => note(options, text) }));
}

/** Loads an object by a loader program, which `-S` signs. Otherwise as {@link loadObject}. */
export async function loadObjectLight(spec: ObjectSpec, request: Pick<LoadOptions, 'only'>, options: Options): Promise<LoadedObject> {
  const { loadLight } = await import('../../src/load/light-load.js');
  const signer = options.sign && (await import('./signing.js')).signerFrom(options);
  return await orRefused(spec, options, () => loadLight(spec, { ...request, ...logOptions(options), signer }));
}

function logOptions({ debug }: Pick<Options, 'debug'>): Pick<LoadOptions, 'logLevel' | 'onLog'> {
  return debug ? { logLevel: WHOLE_LOG, onLog: printLog } : {};
}

async function orRefused(spec: ObjectSpec, options: Pick<Options, 'debug'>, loading: () => LoadedObject): Promise<LoadedObject> {
  try {
    return loading();
  } catch (error) {
    if (error instanceof VerifierError && options.debug) printLog(error.program, error.log);
    // What explains a refusal is not taken in before there is one.
    throw (await import('./refusal.js')).explained(error, spec, options);
  }
}

function printLog(program: string, log: string): void {
  say(`-- verifier log of program ${program} --\n${log}-- end of the log --\n`);
}
