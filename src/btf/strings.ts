import { ParseError } from '../bytes/cursor.js';
import { StringTable } from '../bytes/string-table.js';

/** The string section of some BTF; in split BTF its offsets go on where those of the base end. */
export class BtfStrings {
  /** The first offset that is this section's own. */
  readonly start: number;
  readonly #own: StringTable;

  /** @throws ParseError when the section is not terminated, or (in the first of a chain) does not begin with the empty string. */
  constructor(
    bytes: Uint8Array,
    readonly what: string,
    readonly base?: BtfStrings,
  ) {
    this.start = base ? base.end : 0;
    this.#own = new StringTable(bytes, `strings of ${what}`);
    if (base && bytes.length === 0) return;
    if (bytes.at(-1) !== 0) throw new ParseError(what, 0, 'the string section does not end with a NUL byte');
    if (!base && bytes[0] !== 0)
      throw new ParseError(what, 0, 'the string section does not begin with the empty string (split BTF without its base?)');
  }

  /** The section itself, without the base's. */
  get bytes(): Uint8Array {
    return this.#own.bytes;
  }

  /** The offset behind the last string. */
  get end(): number {
    return this.start + this.#own.bytes.length;
  }

  /** @throws ParseError when `offset` is outside, or strings overlap beyond measure. */
  at(offset: number): string {
    if (offset === 0) return '';
    return this.base && offset < this.start ? this.base.at(offset) : this.#own.at(offset - this.start);
  }

  /** The bytes that hold the string, and where in them it begins: to read it without decoding it. @throws ParseError when it is outside */
  locate(offset: number): { bytes: Uint8Array; position: number } {
    if (this.base && offset < this.start) return this.base.locate(offset);
    if (offset >= this.end) throw new ParseError(this.what, offset, 'the string offset is outside the string section');
    return { bytes: this.#own.bytes, position: offset - this.start };
  }
}
