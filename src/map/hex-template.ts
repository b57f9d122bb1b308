// Text in which only hex digits differ from one element to the next: laid out once, then only the digits are written.

import { TextBuffer } from '../bytes/text-buffer.js';

/** Room to begin with. */
const SMALL = 256;

// The two ASCII digits of each byte, the first in the lower half: written as one little-endian number.
const DIGITS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [upper = '', lower = ''] = byte.toString(16).padStart(2, '0');
  return upper.charCodeAt(0) | (lower.charCodeAt(0) << 8);
});

const decoder = new TextDecoder();

/** Text with places for the hex digits of a key's and a value's bytes. Built up by appending, in arrays of bytes and numbers: there are values of megabytes. */
export class HexTemplate {
  readonly #text = new TextBuffer(SMALL);
  readonly #keyPlaces = new Numbers();
  readonly #valuePlaces = new Numbers();
  readonly #valueBytes = new Numbers();

  get text(): string {
    return decoder.decode(this.bytes);
  }

  /** The text as UTF-8: a view, as the others are. */
  get bytes(): Uint8Array {
    return this.#text.written;
  }

  /** Position in the text of each byte's first digit, in the order of the key's bytes. */
  get keyPlaces(): Int32Array {
    return this.#keyPlaces.all;
  }

  /** The same for the value, with the byte that each place shows. */
  get valuePlaces(): Int32Array {
    return this.#valuePlaces.all;
  }

  get valueBytes(): Int32Array {
    return this.#valueBytes.all;
  }

  add(text: string): this {
    this.#text.addText(text);
    return this;
  }

  /** A place for the key's next byte. */
  keyByte(): this {
    this.#keyPlaces.push(this.#text.length);
    return this.add('00');
  }

  /** A place for byte `index` of the value. */
  valueByte(index: number): this {
    this.#valuePlaces.push(this.#text.length);
    this.#valueBytes.push(index);
    return this.add('00');
  }
}

/** A list of numbers that grows, four bytes each. */
class Numbers {
  #numbers = new Int32Array(SMALL);
  #length = 0;

  get all(): Int32Array {
    return this.#numbers.subarray(0, this.#length);
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = number;
  }
}

/** Writes elements by a template, each with the same length. */
export class HexWriter {
  /** Bytes of one element's text. */
  readonly stride: number;
  readonly #template: Uint8Array;
  readonly #keyPlaces: Int32Array;
  readonly #valuePlaces: Int32Array;
  readonly #valueBytes: Int32Array;
  /** The text that was last written to, and a view on it. */
  #viewed: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(
    template: HexTemplate,
    readonly keySize: number,
    readonly valueSize: number,
  ) {
    this.#template = template.bytes;
    this.stride = this.#template.length;
    this.#keyPlaces = template.keyPlaces;
    this.#valuePlaces = template.valuePlaces;
    this.#valueBytes = template.valueBytes;
  }

  /** Memory for `count` elements that holds everything but their digits. */
  prepare(count: number): Uint8Array {
    const text = new Uint8Array(count * this.stride);
    text.set(this.#template.subarray(0, text.length));
    for (let filled = this.stride; filled < text.length; filled *= 2) text.copyWithin(filled, 0, Math.min(filled, text.length - filled));
    return text;
  }

  /** Writes the whole text of element `index` at `position`. */
  writeOne(text: Uint8Array, position: number, keys: Uint8Array, values: Uint8Array, index: number): void {
    text.set(this.#template, position);
    this.#digits(text, position, keys, index * this.keySize, values, index * this.valueSize);
  }

  /** Writes the digits of `count` elements into memory that was prepared. */
  fill(text: Uint8Array, keys: Uint8Array, values: Uint8Array, count: number): void {
    for (let i = 0; i < count; i++) this.#digits(text, i * this.stride, keys, i * this.keySize, values, i * this.valueSize);
  }

  #digits(text: Uint8Array, position: number, keys: Uint8Array, key: number, values: Uint8Array, value: number): void {
    if (text !== this.#viewed) this.#look(text);
    const view = this.#view;
    const keyPlaces = this.#keyPlaces;
    for (let i = 0; i < keyPlaces.length; i++) view.setUint16(position + keyPlaces[i]!, DIGITS[keys[key + i]!]!, true);
    const valuePlaces = this.#valuePlaces;
    const valueBytes = this.#valueBytes;
    for (let i = 0; i < valuePlaces.length; i++) {
      view.setUint16(position + valuePlaces[i]!, DIGITS[values[value + valueBytes[i]!]!]!, true);
    }
  }

  #look(text: Uint8Array): void {
    this.#viewed = text;
    this.#view = new DataView(text.buffer, text.byteOffset, text.length);
  }
}
