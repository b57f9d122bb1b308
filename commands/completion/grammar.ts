// The notation of grammar lines, read: `PROG := { id N | name NAME }`, `[dev NAME]`, `INPUT [INPUT...]`.

/** A part of a grammar. */
export type Part =
  /** A word that stands for itself. */
  | { readonly kind: 'keyword'; readonly text: string }
  /** A word in capitals: a term that another line explains, or a value. */
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'optional'; readonly part: Part }
  /** Once or more often. */
  | { readonly kind: 'repeated'; readonly part: Part };

/** Text that is no grammar. */
export class NotGrammar extends Error {}

const TOKEN = /\.\.\.|[{}[\]|]|[A-Za-z0-9_<>/+-]+(?:\.[a-z]+|:[A-Z]+)*/y;
const VALUE = /^[A-Z][A-Z0-9_]*(?::[A-Z]+)*$/;

/** Reads one grammar line. Throws {@link NotGrammar} for text that is prose. */
export function parseGrammar(text: string): Part {
  const reader = new Reader(tokens(text));
  const part = reader.choice();
  reader.end();
  return part;
}

/**
 * What the terms of an object mean, by their names. A line that begins with blanks goes on with the one before; terms that are explained in prose
 * are left out.
 */
export function parseTerms(lines: readonly string[]): ReadonlyMap<string, Part> {
  const whole = lines.join('\n').replace(/\n +/g, ' ');
  const terms = new Map<string, Part>();
  for (const line of whole.split('\n')) {
    const [, name, meaning] = /^([A-Z_]+) := ([^;]*)/.exec(line) ?? [];
    const part = name && meaning && unlessProse(meaning);
    if (part) terms.set(name, part);
  }
  return terms;
}

function unlessProse(text: string): Part | undefined {
  try {
    return parseGrammar(text);
  } catch (error) {
    if (error instanceof NotGrammar) return undefined;
    throw error;
  }
}

function tokens(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex || text.length) {
    TOKEN.lastIndex = at;
    if (text[at] === ' ') TOKEN.lastIndex = at + 1;
    else found.push(TOKEN.exec(text)?.[0] ?? fail(`'${text.slice(at)}' is no word`));
  }
  return found;
}

function fail(message: string): never {
  throw new NotGrammar(message);
}

class Reader {
  #at = 0;

  constructor(readonly tokens: readonly string[]) {}

  choice(): Part {
    const parts = [this.#sequence()];
    while (this.#take('|')) {
      // `| ...` says that there are more words than are shown.
      if (!this.#take('...')) parts.push(this.#sequence());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  end(): void {
    if (this.#at < this.tokens.length) fail(`'${this.tokens[this.#at]}' is too much`);
  }

  #sequence(): Part {
    const parts: Part[] = [];
    for (let part = this.#one(); part; part = this.#one()) parts.push(this.#take('...') ? { kind: 'repeated', part } : part);
    if (parts.length === 0) fail('a part is empty');
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #one(): Part | undefined {
    if (this.#take('{')) return this.#closed('}');
    if (this.#take('[')) return { kind: 'optional', part: this.#closed(']') };
    const text = this.tokens[this.#at];
    if (text === undefined || /^[}\]|.]/.test(text)) return undefined;
    this.#at += 1;
    return VALUE.test(text) ? { kind: 'value', name: text } : { kind: 'keyword', text };
  }

  #closed(bracket: string): Part {
    const part = this.choice();
    if (!this.#take(bracket)) fail(`${bracket} is missing`);
    return part;
  }

  #take(token: string): boolean {
    const found = this.tokens[this.#at] === token;
    if (found) this.#at += 1;
    return found;
  }
}
