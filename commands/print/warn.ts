import { writeSync } from 'node:fs';
import { safeLines } from '../../src/format/safe-text.js';
import type { Options } from '../command.js';

/** A remark on something that goes on all the same. Not with JSON, as in bpftool: there only errors are told of. */
export function warn(options: Pick<Options, 'json'>, sentence: string): void {
  if (!options.json) writeSync(2, `Warning: ${safeLines(sentence)}\n`);
}

/** Tells what was done, where that is not all there is to say. Not with JSON. */
export function tell(options: Pick<Options, 'json'>, sentence: string): void {
  if (!options.json) writeSync(2, `${sentence}\n`);
}

/** A remark on what is being done, for who asked for more detail (`-d`). */
export function note(options: Pick<Options, 'debug'>, sentence: string): void {
  if (options.debug) writeSync(2, `${safeLines(sentence)}\n`);
}
