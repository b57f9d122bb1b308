// The options of everything that loads an object: which programs, as what, and with which values of its variables.

import { UsageError } from '../../src/errors.js';
import type { LoadOptions, ProgramTypes } from '../../src/load/options.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import type { Program } from '../../src/program/program.js';
import type { Options, OwnOption } from '../command.js';
import { GrammarError, Words } from '../line/words.js';
import { programTypes } from './words.js';

export const LOAD_OPTIONS: readonly OwnOption[] = [
  { flags: '--set <name=value>', summary: 'a global variable gets this value before loading; more than one may be given', repeat: true },
  { flags: '--only <name>', summary: 'load this program and no other; more than one may be given', repeat: true },
  { flags: '--type <name=type>', summary: 'load this program as of another type', repeat: true },
  {
    flags: '--target-prog <name=prog>',
    summary: 'the function that this program replaces or is attached to is one of another program: id:N, name:TEXT, tag:TAG, pinned:FILE',
    repeat: true,
  },
];

/** The object with its variables set, and which of its programs are loaded as what. */
export interface Choice extends Disposable {
  readonly spec: ObjectSpec;
  /** Holds as long as this is not disposed of. */
  readonly load: Pick<LoadOptions, 'only' | 'types' | 'attachPrograms'>;
}

/** What the options make of an object; `types` are those that hold for programs that no option names. */
export async function choose(spec: ObjectSpec, { own }: Pick<Options, 'own'>, types?: LoadOptions['types']): Promise<Choice> {
  const only = given(own.only);
  const named = given(own.type).map((text): [string, ProgramTypes] => {
    const [name, type] = assignment('--type', text);
    return [name, programTypes(type)];
  });
  const all = new Map([...(types ?? []), ...named]);
  const targets = await targetPrograms(spec, given(own.targetProg));
  return {
    spec: own.set === undefined ? spec : await setGlobals(spec, given(own.set)),
    load: {
      ...(only.length > 0 && { only }),
      ...(all.size > 0 && { types: all }),
      ...(targets.size > 0 && { attachPrograms: fdsOf(targets) }),
    },
    [Symbol.dispose]: () => closeAll(targets.values()),
  };
}

/** By the name of a program to load, the one whose function it is for. */
async function targetPrograms(spec: ObjectSpec, texts: readonly string[]): Promise<Map<string, Program>> {
  const targets = new Map<string, Program>();
  if (texts.length === 0) return targets;
  const { takeProgram } = await import('../reference/reference.js');
  try {
    for (const text of texts) {
      const [name, reference] = assignment('--target-prog', text);
      const colon = reference.indexOf(':');
      if (!spec.programs.some((program) => program.name === name))
        throw new UsageError(`--target-prog: the object has no program named '${name}'`);
      if (colon < 0) throw new GrammarError(`--target-prog takes NAME=id:N, name:TEXT, tag:TAG or pinned:FILE, not '${text}'`);
      targets.set(name, takeProgram(new Words([reference.slice(0, colon), reference.slice(colon + 1)])));
    }
    return targets;
  } catch (error) {
    closeAll(targets.values());
    throw error;
  }
}

function fdsOf(targets: ReadonlyMap<string, Program>): Map<string, number> {
  return new Map([...targets].map(([name, { fd }]) => [name, fd]));
}

function closeAll(handles: Iterable<Disposable>): void {
  for (const handle of handles) handle[Symbol.dispose]();
}

/** Most objects are loaded as they are. */
async function setGlobals(spec: ObjectSpec, texts: readonly string[]): Promise<ObjectSpec> {
  const { setGlobalTexts } = await import('../../src/object/globals.js');
  return setGlobalTexts(
    spec,
    texts.map((text) => assignment('--set', text)),
  );
}

/** The values of an option that may be given more than once. */
export function given(value: Options['own'][string]): readonly string[] {
  return Array.isArray(value) ? value : [];
}

/** `NAME=VALUE`. @throws GrammarError when it is none */
export function assignment(option: string, text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new GrammarError(`${option} takes NAME=VALUE, not '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}
