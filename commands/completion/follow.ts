import { isPrefix } from '../line/words.js';
import type { Part } from './grammar.js';

/** What may stand at the end of a command line: a keyword, or a value with what tells which values those are. */
export type Expected =
  | { readonly kind: 'keyword'; readonly text: string }
  /** `term` is the term the value is in, such as PROG, and `after` the keyword before it: of `PROG := { id N }` PROG and id. */
  | { readonly kind: 'value'; readonly name: string; readonly term: string | undefined; readonly after: string | undefined };

/** Values that are told from a keyword by their form; all others are whatever stands there. */
const FORMS: Readonly<Record<string, RegExp>> = { BYTE: /^(0x)?[0-9a-f]+$/i };

/** A place on the command line that a grammar can be at. */
interface Place {
  readonly at: number;
  /** The keyword before, in full. */
  readonly after: string | undefined;
}

/** All that may come behind `words`, by a grammar and its terms; empty when the words do not fit it. */
export function expectedAfter(words: readonly string[], grammar: Part, terms: ReadonlyMap<string, Part>): Expected[] {
  const follower = new Follower(words, terms);
  follower.follow(grammar, { at: 0, after: undefined }, undefined);
  return [...follower.expected.values()];
}

/** Follows a grammar along words in every way that fits, and notes what it asks for where they end. */
class Follower {
  readonly expected = new Map<string, Expected>();

  constructor(
    readonly words: readonly string[],
    readonly terms: ReadonlyMap<string, Part>,
  ) {}

  /** The places behind a part that begins at `from`. */
  follow(part: Part, from: Place, term: string | undefined): Place[] {
    switch (part.kind) {
      case 'keyword':
        return this.#keyword(part.text, from);
      case 'value':
        return this.#value(part.name, from, term);
      case 'choice':
        return distinct(part.parts.flatMap((each) => this.follow(each, from, term)));
      case 'optional':
        return distinct([from, ...this.follow(part.part, from, term)]);
      case 'repeated':
        return this.#repeated(part.part, this.follow(part.part, from, term), term);
      case 'sequence':
        return this.#sequence(part.parts, from, term);
    }
  }

  #keyword(text: string, { at }: Place): Place[] {
    const word = this.words[at];
    if (word === undefined) this.expected.set(text, { kind: 'keyword', text });
    return word !== undefined && isPrefix(word, text) ? [{ at: at + 1, after: text }] : [];
  }

  #value(name: string, from: Place, term: string | undefined): Place[] {
    const meaning = this.terms.get(name);
    if (meaning) return this.follow(meaning, from, name);
    const { at, after } = from;
    const word = this.words[at];
    if (word !== undefined) return FORMS[name]?.test(word) === false ? [] : [{ at: at + 1, after: undefined }];
    this.expected.set(`${term} ${after} ${name}`, { kind: 'value', name, term, after });
    return [];
  }

  #repeated(part: Part, first: readonly Place[], term: string | undefined): Place[] {
    let all = [...first];
    for (let latest = all; latest.length > 0; ) {
      const next = distinct(latest.flatMap((place) => this.follow(part, place, term)));
      latest = next.filter((place) => !all.some((known) => key(known) === key(place)));
      all = [...all, ...latest];
    }
    return all;
  }

  /** Optional parts that stand side by side may be said in any order. */
  #sequence(parts: readonly Part[], from: Place, term: string | undefined): Place[] {
    let places = [from];
    for (let i = 0; i < parts.length && places.length > 0; ) {
      const run = optionalRun(parts, i);
      places = distinct(
        run.length > 1
          ? [...places, ...this.#repeated({ kind: 'choice', parts: run }, places, term)]
          : places.flatMap((place) => this.follow(parts[i]!, place, term)),
      );
      i += Math.max(1, run.length);
    }
    return places;
  }
}

/** The parts from `start` on that are optional, without their brackets. */
function optionalRun(parts: readonly Part[], start: number): Part[] {
  const run: Part[] = [];
  for (const part of parts.slice(start)) {
    const inner = part.kind === 'repeated' ? part.part : part;
    if (inner.kind !== 'optional') break;
    run.push(inner.part);
  }
  return run;
}

function key({ at, after }: Place): string {
  return `${at} ${after}`;
}

function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [key(place), place])).values()];
}
