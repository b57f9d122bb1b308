import { json, lineBreak } from '../../src/format/json.js';
import type { Form } from '../command.js';

/** Objects that become one JSON array as they come; in the plain form lines, for which the array is nothing. */
export class Elements {
  #count = 0;

  constructor(
    readonly form: Form,
    readonly depth: number,
  ) {}

  /** `line` is the plain form, with its line feed; `fields` is called for the object otherwise. */
  add(line: () => string, fields: () => object): string {
    return this.form === 'plain' ? line() : this.#separator() + this.#text(fields());
  }

  /** An object whose last field, an array or object, comes in pieces, to be ended by {@link close}. */
  open(line: () => string, fields: () => object, last: string): string {
    if (this.form === 'plain') return line();
    const opened = this.#text(fields()).slice(0, -`${lineBreak(this.#pretty, this.depth + 1)}}`.length);
    return `${this.#separator()}${opened},${lineBreak(this.#pretty, this.depth + 2)}${json(last)}:${this.#pretty ? ' ' : ''}`;
  }

  close(): string {
    return this.form === 'plain' ? '' : `${lineBreak(this.#pretty, this.depth + 1)}}`;
  }

  /** What ends the array. */
  end(): string {
    if (this.form === 'plain') return '';
    return `${this.#count === 0 ? '[' : lineBreak(this.#pretty, this.depth)}]${this.depth === 0 ? '\n' : ''}`;
  }

  /** A value that stands where {@link open} left off. */
  value(value: unknown): string {
    return json(value, this.#pretty, this.depth + 2);
  }

  get #pretty(): boolean {
    return this.form === 'pretty';
  }

  #text(fields: object): string {
    return json(fields, this.#pretty, this.depth + 1);
  }

  #separator(): string {
    return this.#count++ === 0 ? '[' : ',';
  }
}
