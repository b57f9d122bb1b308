// The options of everything that loads an object: which programs, as what, and with which values of its variables.

import type { LoadOptions, ProgramTypes } from '../../src/load/options.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import type { Options, OwnOption } from '../command.js';
import { GrammarError } from '../line/words.js';
import { programTypes } from './words.js';

export const LOAD_OPTIONS: readonly OwnOption[] = [
  { flags: '--set <name=value>', summary: 'a global variable gets this value before loading; more than one may be given', repeat: true },
  { flags: '--only <name>', summary: 'load this program and no other; more than one may be given', repeat: true },
  { flags: '--type <name=type>', summary: 'load this program as of another type', repeat: true },
];

/** The object with its variables set, and which of its programs are loaded as what. */
export interface Choice {
  readonly spec: ObjectSpec;
  readonly load: Pick<LoadOptions, 'only' | 'types'>;
}

/** What the options make of an object; `types` are those that hold for programs that no option names. */
export async function choose(spec: ObjectSpec, { own }: Pick<Options, 'own'>, types?: LoadOptions['types']): Promise<Choice> {
  const only = given(own.only);
  const named = given(own.type).map((text): [string, ProgramTypes] => {
    const [name, type] = assignment('--type', text);
    return [name, programTypes(type)];
  });
  const all = new Map([...(types ?? []), ...named]);
  return {
    spec: own.set === undefined ? spec : await setGlobals(spec, given(own.set)),
    load: { ...(only.length > 0 && { only }), ...(all.size > 0 && { types: all }) },
  };
}

/** Most objects are loaded as they are. */
async function setGlobals(spec: ObjectSpec, texts: readonly string[]): Promise<ObjectSpec> {
  const { setGlobalTexts } = await import('../../src/object/globals.js');
  return setGlobalTexts(
    spec,
    texts.map((text) => assignment('--set', text)),
  );
}

function given(value: Options['own'][string]): readonly string[] {
  return Array.isArray(value) ? value : [];
}

function assignment(option: string, text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new GrammarError(`${option} takes NAME=VALUE, not '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}
