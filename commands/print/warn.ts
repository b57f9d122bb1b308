import { safeLines } from '../../src/format/safe-text.js';
import type { Options } from '../command.js';
import { FileSink } from './sink.js';

/** A remark on something that goes on all the same. Not with JSON, as in bpftool: there only errors are told of. */
export function warn(options: Pick<Options, 'json'>, sentence: string): void {
  if (!options.json) say(`Warning: ${safeLines(sentence)}\n`);
}

/** Tells what was done, where that is not all there is to say. Not with JSON. */
export function tell(options: Pick<Options, 'json'>, sentence: string): void {
  if (!options.json) say(`${sentence}\n`);
}

/** A remark on what is being done, for who asked for more detail (`-d`). */
export function note(options: Pick<Options, 'debug'>, sentence: string): void {
  if (options.debug) say(`${safeLines(sentence)}\n`);
}

/** Writes to standard error at once. That it takes nothing is no reason to end, or to undo, what is being done. */
export function say(text: string): void {
  try {
    const err = new FileSink(2);
    err.write(text);
    err.flush();
  } catch {
    // Nobody hears it.
  }
}
