import { UsageError } from '../../src/errors.js';

/** Words that do not fit the grammar of a command: the message is followed by the line that shows it. */
export class GrammarError extends UsageError {}

/** The line ends before it is whole. */
export class MissingWord extends GrammarError {}

/** Whether `word` is the keyword or a beginning of it, as bpftool takes its keywords. The empty word is no beginning. */
export function isPrefix(word: string, keyword: string): boolean {
  return word.length > 0 && keyword.startsWith(word);
}

/** The words behind a subcommand's name, read from left to right. */
export class Words {
  #at = 0;

  constructor(readonly all: readonly string[]) {}

  get left(): number {
    return this.all.length - this.#at;
  }

  /** The next word without taking it. */
  get peek(): string | undefined {
    return this.all[this.#at];
  }

  /** Takes the next word; `what` names it in the error when there is none. */
  next(what: string): string {
    const word = this.all[this.#at];
    if (word === undefined) throw new MissingWord(`${what} is missing`);
    this.#at += 1;
    return word;
  }

  /** All words that are left. */
  rest(): string[] {
    const words = this.all.slice(this.#at);
    this.#at = this.all.length;
    return words;
  }

  /** Whether the next word is (a beginning of) this keyword. */
  is(keyword: string): boolean {
    return this.peek !== undefined && isPrefix(this.peek, keyword);
  }

  /** Takes the next word when it is (a beginning of) this keyword. */
  takeIf(keyword: string): boolean {
    const found = this.is(keyword);
    if (found) this.#at += 1;
    return found;
  }

  /** Takes the next word, which has to be one of these keywords or a beginning of one; the first that matches is meant. */
  choose<K extends string>(what: string, keywords: readonly K[]): K {
    const word = this.next(what);
    const found = keywords.find((keyword) => isPrefix(word, keyword));
    if (found === undefined) throw new GrammarError(`${what}: expected ${keywords.map((k) => `'${k}'`).join(', ')}, got '${word}'`);
    return found;
  }

  /** Takes the next word as a number in C's notation (decimal, 0x hexadecimal, leading 0 octal) from 0 to `most`. */
  number(what: string, most = 0xffff_ffff): number {
    const word = this.next(what);
    const value = parseInteger(word);
    if (value === undefined) throw new GrammarError(`${what}: '${word}' is not a number`);
    if (value > BigInt(most)) throw new GrammarError(`${what}: ${word} is out of range (0 to ${most})`);
    return Number(value);
  }

  /** Throws when words are left over. */
  end(): void {
    if (this.peek !== undefined) throw new GrammarError(`'${this.peek}' is too much here`);
  }
}

/** A non-negative integer as strtoul with base 0 reads it; undefined when the text is anything else. */
export function parseInteger(text: string): bigint | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return BigInt(text);
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^(0|[1-9][0-9]*)$/.test(text) ? BigInt(text) : undefined;
}
