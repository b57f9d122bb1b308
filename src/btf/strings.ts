import { ParseError } from '../bytes/cursor.js';

const utf8 = new TextDecoder();

/** How often over the strings of a table may be decoded: a hostile file can name every byte of one long string. */
const OVERLAP_LIMIT = 4;
const SLACK = 64 * 1024;

/** The string section of some BTF; in split BTF its offsets go on where those of the base end. Each string is decoded once. */
export class StringTable {
  readonly #cache = new Map<number, string>();
  #budget: number;
  /** The first offset that is this table's own. */
  readonly start: number;

  /** @throws ParseError when the section is not terminated, or (in the first of a chain) does not begin with the empty string. */
  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
    readonly base?: StringTable,
  ) {
    this.start = base ? base.end : 0;
    this.#budget = bytes.length * OVERLAP_LIMIT + SLACK;
    if (base && bytes.length === 0) return;
    if (bytes.length === 0 || bytes[bytes.length - 1] !== 0)
      throw new ParseError(what, 0, 'the string section does not end with a NUL byte');
    if (!base && bytes[0] !== 0)
      throw new ParseError(what, 0, 'the string section does not begin with the empty string (split BTF without its base?)');
  }

  /** The offset behind the last string. */
  get end(): number {
    return this.start + this.bytes.length;
  }

  /** @throws ParseError when `offset` is outside, or strings overlap so much that decoding them would take all memory. */
  at(offset: number): string {
    if (offset === 0) return '';
    if (offset < this.start) return this.base!.at(offset);
    const known = this.#cache.get(offset);
    if (known !== undefined) return known;
    const text = this.#decode(offset);
    this.#cache.set(offset, text);
    return text;
  }

  /** The table that holds `offset`, and where in its bytes: to read a string without decoding it. */
  locate(offset: number): { bytes: Uint8Array; position: number } {
    if (offset < this.start) return this.base!.locate(offset);
    if (offset >= this.end && offset !== 0) throw new ParseError(this.what, offset, 'the string offset is outside the string section');
    return { bytes: this.bytes, position: offset - this.start };
  }

  #decode(offset: number): string {
    const { bytes, position } = this.locate(offset);
    const end = bytes.indexOf(0, position);
    this.#budget -= end - position;
    if (this.#budget < 0) throw new ParseError(this.what, offset, 'strings overlap');
    return decodeText(bytes, position, end);
  }
}

/** Names are short and ASCII: gathering their codes takes a third of what TextDecoder needs to be called. */
function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 64) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
