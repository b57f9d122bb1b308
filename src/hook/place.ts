// Reads what sections of probes say behind their first slash.
import { UsageError } from '../errors.js';

/** A place in a function, in bytes from its entry. */
export interface FunctionPlace {
  readonly name: string;
  readonly offset: number;
}

/** A place in a program or library: a function of it, or without one an offset in the file. */
export interface UserPlace extends FunctionPlace {
  /** As it was written: a path, or a name to be looked for. */
  readonly binary: string;
}

const FUNCTION = /^([^+]+?)(?:\+(0x[0-9a-f]+|\d+))?$/i;

/** Reads `FUNCTION[+OFFSET]`. @throws UsageError when it is written otherwise */
export function functionPlace(text: string): FunctionPlace {
  const found = FUNCTION.exec(text);
  if (!found) throw new UsageError(`${JSON.stringify(text)} is no function: FUNCTION[+OFFSET]`);
  return { name: found[1]!, offset: Number(found[2] ?? 0) };
}

/** Reads `BINARY:FUNCTION[+OFFSET]` or `BINARY:OFFSET`; the binary may have colons. @throws UsageError when it is written otherwise */
export function userPlace(text: string): UserPlace {
  const { binary, rest } = splitBinary(text, 'BINARY:FUNCTION[+OFFSET]');
  if (/^(0x[0-9a-f]+|\d+)$/i.test(rest)) return { binary, name: '', offset: Number(rest) };
  return { binary, ...functionPlace(rest) };
}

/** Splits `BINARY:REST` at its last colon. @throws UsageError when one of both is missing; `form` says how it is written */
export function splitBinary(text: string, form: string): { binary: string; rest: string } {
  const colon = text.lastIndexOf(':');
  const [binary, rest] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (binary === '' || rest === '') throw new UsageError(`${JSON.stringify(text)} does not say which function of which file: ${form}`);
  return { binary, rest };
}
