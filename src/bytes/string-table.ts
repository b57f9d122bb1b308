import { ParseError } from './cursor.js';

const utf8 = new TextDecoder();

/** How often over the bytes of a table may be decoded: a hostile file can name every byte of one long string, and ask for gigabytes. */
const OVERLAP_LIMIT = 4;
const SLACK = 64 * 1024;

/** NUL-terminated strings, named by the offset of their first byte, as in ELF and BTF. Each is decoded once. */
export class StringTable {
  readonly #cache = new Map<number, string>();
  #budget: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly what: string,
  ) {
    this.#budget = bytes.length * OVERLAP_LIMIT + SLACK;
  }

  /** @throws ParseError when no string is there, it does not end, or strings overlap so much that decoding them would take all memory. */
  at(offset: number): string {
    const known = this.#cache.get(offset);
    if (known !== undefined) return known;
    const text = this.#decode(offset);
    this.#cache.set(offset, text);
    return text;
  }

  /** Whether the string at `offset` is `name`, given as bytes, without decoding it. False when there is no string. */
  is(offset: number, name: Uint8Array): boolean {
    if (this.bytes[offset + name.length] !== 0) return false;
    for (let i = 0; i < name.length; i++) if (this.bytes[offset + i] !== name[i]) return false;
    return true;
  }

  #decode(offset: number): string {
    if (!(offset >= 0 && offset < this.bytes.length)) {
      throw new ParseError(this.what, offset, `the string is outside the ${this.bytes.length} bytes of strings`);
    }
    const end = this.bytes.indexOf(0, offset);
    if (end < 0) throw new ParseError(this.what, offset, 'the string does not end');
    this.#budget -= end - offset;
    if (this.#budget < 0) throw new ParseError(this.what, offset, 'strings overlap');
    return decodeText(this.bytes, offset, end);
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
