// How objects in the kernel are named on a command line: what is the same for all kinds.
import { UsageError } from '../../src/errors.js';
import { parseInteger, type Words } from '../line/words.js';

/** Handles that are disposed of together. Never empty. */
export class Handles<T extends Disposable> implements Disposable, Iterable<T> {
  constructor(readonly all: readonly T[]) {}

  get length(): number {
    return this.all.length;
  }

  get first(): T {
    return this.all[0]!;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all[Symbol.iterator]();
  }

  [Symbol.dispose](): void {
    for (const each of this.all) each[Symbol.dispose]();
  }
}

/** Takes a keyword and the word behind it. */
export function takeReference<K extends string>(words: Words, what: string, keywords: readonly K[]): { by: K; value: string } {
  const by = words.choose(what, keywords);
  return { by, value: words.next(`the ${by} of ${what}`) };
}

/** What was taken with the last words of a line; given back when more words are left. */
export function last<T extends Disposable>(words: Words, taken: T): T {
  try {
    words.end();
    return taken;
  } catch (error) {
    taken[Symbol.dispose]();
    throw error;
  }
}

/** A word as the id of an object, in C's notation of numbers. */
export function toId(text: string): number {
  const id = parseInteger(text);
  if (id === undefined || id > 0xffff_ffffn) throw new UsageError(`'${text}' is no id`);
  return Number(id);
}

/** All objects that match; `none` is what to say when there is none. */
export function matching<T extends Disposable>(all: Iterable<T>, matches: (each: T) => boolean, none: string): Handles<T> {
  const found: T[] = [];
  try {
    for (const each of all) {
      found.push(each);
      if (!matches(each)) found.pop()?.[Symbol.dispose]();
    }
  } catch (error) {
    new Handles(found)[Symbol.dispose]();
    throw error;
  }
  if (found.length === 0) throw new Error(none);
  return new Handles(found);
}

/** Opens all or none. */
export function opened<T extends Disposable>(open: readonly (() => T)[]): Handles<T> {
  const handles: T[] = [];
  try {
    for (const each of open) handles.push(each());
    return new Handles(handles);
  } catch (error) {
    new Handles(handles)[Symbol.dispose]();
    throw error;
  }
}

/** The one handle among `handles`; throws when there are several. */
export function only<T extends Disposable>(handles: Handles<T>, what: string): T {
  if (handles.length === 1) return handles.first;
  handles[Symbol.dispose]();
  throw new Error(`several ${what} match this handle: give the id of one`);
}
