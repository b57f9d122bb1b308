import type { BtfDeclTag } from '../btf/types.js';
import { Linkage } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import type { FunctionSpec, ObjectSpec, ProgramSpec } from './spec.js';

const TAG = 'exception_callback:';

/**
 * The function that runs when a program throws (bpf_throw): a declaration tag of the program names it. No instruction refers to it, so it is appended for
 * the tag alone.
 *
 * @throws ParseError when the tag is on no program, or names what cannot be a callback
 */
export function exceptionCallback({ btf, subprograms }: ObjectSpec, program: ProgramSpec): FunctionSpec | undefined {
  const refuse = (reason: string): never => {
    throw new ParseError(`program ${program.name}`, 0, reason);
  };
  const names: string[] = [];
  for (const id of btf?.ids('DECL_TAG') ?? []) {
    const tag = btf!.type(id) as BtfDeclTag;
    if (tag.componentIndex !== -1 || !tag.name.startsWith(TAG)) continue;
    const fn = btf!.type(tag.type);
    if (fn.kind !== 'FUNC' || fn.linkage !== Linkage.GLOBAL) return refuse(`the tag ${tag.name} is on something that is no program`);
    if (fn.name === program.name) names.push(tag.name.slice(TAG.length));
  }
  // Of several the verifier says what is wrong.
  if (names.length !== 1) return undefined;
  const callback = subprograms.find(({ name }) => name === names[0]) ?? refuse(`there is no function '${names[0]}' for its exceptions`);
  if (!callback.global || callback.hidden) refuse(`the function for its exceptions, ${callback.name}, has to be global and visible`);
  return callback;
}
