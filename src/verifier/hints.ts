import { CALL_HINTS } from './hints-calls.js';
import { FLOW_HINTS } from './hints-flow.js';
import { MEMORY_HINTS } from './hints-memory.js';

/** What a message of the verifier means. `$1` in a hint stands for what the first group of `match` has found. */
export interface Hint {
  readonly name: string;
  readonly match: RegExp;
  readonly hint: string;
}

/** All hints. The first that matches counts, so what is narrower stands before what is wider. */
export const HINTS: readonly Hint[] = [...CALL_HINTS, ...MEMORY_HINTS, ...FLOW_HINTS];

/** Reasons have a line or two. Of a log that repeats itself only the beginning is looked at, since some patterns try every place for every start. */
const LONGEST = 2000;

/** The explanation of a reason, with what it names filled in; undefined when none is known. */
export function hintFor(reason: string): { readonly name: string; readonly hint: string } | undefined {
  const text = reason.slice(0, LONGEST);
  for (const { name, match, hint } of HINTS) {
    const found = match.exec(text);
    if (found) return { name, hint: hint.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '') };
  }
  return undefined;
}
