// The notation of typed values: JSON with what a person leaves out. `{ip: "10.0.0.1", port: 80, flags: [0x1, 2,]}`
import { UsageError } from '../errors.js';

/** A value as it is written; `at` is the character it begins with, counted from 0. */
export type Literal =
  | { readonly kind: 'whole'; readonly value: bigint; readonly at: number }
  | { readonly kind: 'decimal'; readonly value: number; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  /** A word without quotes: `true`, the name of an enum's value. */
  | { readonly kind: 'word'; readonly value: string; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly Literal[]; readonly at: number }
  | { readonly kind: 'record'; readonly members: ReadonlyMap<string, Literal>; readonly at: number }
  /** `be(80)`, `hex("0a 00")` */
  | { readonly kind: 'call'; readonly name: string; readonly argument: Literal; readonly at: number };

/** As deep as any type can nest. */
const MAX_DEPTH = 64;

/**
 * Reads a value in a notation that JSON is a part of, and nearly all of JSON5: member names need no quotes, strings take either kind, commas may trail,
 * `//` and `/*` begin comments. Whole numbers may be decimal, hexadecimal (`0x`), octal (`0o`) or binary (`0b`), with a sign and `_` between digits, and
 * are exact however long they are.
 *
 * @param name what the value is called in errors
 * @throws UsageError that says at which character (counted from 1) what was expected
 */
export function parseLiteral(text: string, name = 'value'): Literal {
  return new Parser(text, name).all();
}

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const MOST_DIGITS = 256;
const NUMBER =
  /[-+]?(?:0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|0[bB][01](?:_?[01])*|0[oO][0-7](?:_?[0-7])*|(?:\d(?:_?\d)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|Infinity|NaN)/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' };

class Parser {
  #at = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly name: string,
  ) {}

  all(): Literal {
    const value = this.#value();
    this.#space();
    if (this.#at < this.text.length) this.#fail(`expected the end, got ${this.#here()}`);
    return value;
  }

  #value(): Literal {
    this.#space();
    if (++this.#depth > MAX_DEPTH) this.#fail('it nests too deep');
    const value = this.#oneOf();
    this.#depth -= 1;
    return value;
  }

  #oneOf(): Literal {
    const at = this.#at;
    const first = this.text[at] ?? '';
    if (first === '{') return { kind: 'record', members: this.#members(), at };
    if (first === '[') return { kind: 'list', items: this.#items('[', ']'), at };
    if (first === '"' || first === "'") return { kind: 'text', value: this.#string(), at };
    return this.#number() ?? this.#word() ?? this.#fail(`expected a value, got ${this.#here()}`);
  }

  #number(): Literal | undefined {
    const at = this.#at;
    const digits = this.#match(NUMBER);
    if (digits === undefined) return undefined;
    // `10.0.0.1`, `52:54:..` and `5s` are no numbers.
    if (/[\w.:$]/.test(this.text[this.#at] ?? '')) {
      const end = /[^\s,\]})]*/y;
      end.lastIndex = at;
      this.#fail(`'${end.exec(this.text)![0]}' is no number; text needs quotes`, at);
    }
    const plain = digits.replaceAll('_', '');
    // No type is as large, and reading digits takes a time that grows with their square.
    if (plain.length > MOST_DIGITS) this.#fail(`a number of ${plain.length} characters is too long`, at);
    if (/^[-+]?0\d/.test(plain)) this.#fail(`${digits}: to some a leading 0 means octal, which is written 0o here`, at);
    if (/^[-+]?(\d+|0[xXbBoO].*)$/.test(plain)) return { kind: 'whole', value: wholeOf(plain), at };
    return { kind: 'decimal', value: Number(plain), at };
  }

  #word(): Literal | undefined {
    const at = this.#at;
    const value = this.#match(WORD);
    if (value === undefined) return undefined;
    if (this.text[this.#at] !== '(') return { kind: 'word', value, at };
    const [argument, ...more] = this.#items('(', ')');
    if (!argument || more.length > 0) this.#fail(`${value}(...) takes one value`, at);
    return { kind: 'call', name: value, argument: argument!, at };
  }

  #items(open: string, close: string): Literal[] {
    const items: Literal[] = [];
    for (this.#expect(open); !this.#takeIf(close); ) {
      items.push(this.#value());
      if (this.#takeIf(close)) break;
      this.#expect(',', `'${close}'`);
    }
    return items;
  }

  #members(): Map<string, Literal> {
    const members = new Map<string, Literal>();
    for (this.#expect('{'); !this.#takeIf('}'); ) {
      const at = this.#at;
      const name = this.#memberName();
      if (members.has(name)) this.#fail(`${name} stands there twice`, at);
      this.#expect(':');
      members.set(name, this.#value());
      if (this.#takeIf('}')) break;
      this.#expect(',', "'}'");
    }
    return members;
  }

  #memberName(): string {
    const first = this.text[this.#at];
    if (first === '"' || first === "'") return this.#string();
    return this.#match(WORD) ?? this.#fail(`expected the name of a member, got ${this.#here()}`);
  }

  #string(): string {
    const start = this.#at;
    const end = this.text[this.#at++];
    let value = '';
    for (;;) {
      const character = this.text[this.#at];
      if (character === undefined) this.#fail('the string has no end', start);
      this.#at += 1;
      if (character === end) return value;
      value += character === '\\' ? this.#escaped() : character;
    }
  }

  #escaped(): string {
    const code = this.#match(/u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}/y);
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const character = this.text[this.#at++] ?? '';
    if (character === 'u' || character === 'x') this.#fail(`\\${character} needs ${character === 'u' ? 4 : 2} hex digits`, this.#at - 2);
    return ESCAPES[character] ?? character;
  }

  #space(): void {
    this.#match(SPACE);
  }

  #takeIf(character: string): boolean {
    this.#space();
    const found = this.text[this.#at] === character;
    if (found) this.#at += 1;
    this.#space();
    return found;
  }

  #expect(character: string, or?: string): void {
    if (!this.#takeIf(character)) this.#fail(`expected '${character}'${or === undefined ? '' : ` or ${or}`}, got ${this.#here()}`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #here(): string {
    const character = this.text[this.#at];
    return character === undefined ? 'the end' : `'${String.fromCodePoint(this.text.codePointAt(this.#at)!)}'`;
  }

  #fail(reason: string, at = this.#at): never {
    throw new UsageError(`${this.name}: ${reason} at character ${at + 1}`);
  }
}

function wholeOf(digits: string): bigint {
  const negative = digits.startsWith('-');
  const value = BigInt(digits.replace(/^[-+]/, ''));
  return negative ? -value : value;
}
