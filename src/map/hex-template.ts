// Text in which only hex digits differ from one element to the next: laid out once, then only the digits are written.

// ASCII digits of the upper and the lower half of each byte.
const UPPER = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').charCodeAt(0));
const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').charCodeAt(1));

/** Text with places for the hex digits of a key's and a value's bytes. Built up by appending. */
export class HexTemplate {
  text = '';
  /** Position in the text of each byte's first digit, in the order of the key's bytes. */
  readonly keyPlaces: number[] = [];
  /** The same for the value, with the byte that each place shows. */
  readonly valuePlaces: number[] = [];
  readonly valueBytes: number[] = [];

  add(text: string): this {
    this.text += text;
    return this;
  }

  /** A place for the key's next byte. */
  keyByte(): this {
    this.keyPlaces.push(this.text.length);
    return this.add('00');
  }

  /** A place for byte `index` of the value. */
  valueByte(index: number): this {
    this.valuePlaces.push(this.text.length);
    this.valueBytes.push(index);
    return this.add('00');
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

  constructor(
    template: HexTemplate,
    readonly keySize: number,
    readonly valueSize: number,
  ) {
    this.#template = new TextEncoder().encode(template.text);
    this.stride = this.#template.length;
    this.#keyPlaces = Int32Array.from(template.keyPlaces);
    this.#valuePlaces = Int32Array.from(template.valuePlaces);
    this.#valueBytes = Int32Array.from(template.valueBytes);
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
    const keyPlaces = this.#keyPlaces;
    for (let i = 0; i < keyPlaces.length; i++) {
      const byte = keys[key + i]!;
      const place = position + keyPlaces[i]!;
      text[place] = UPPER[byte]!;
      text[place + 1] = LOWER[byte]!;
    }
    const valuePlaces = this.#valuePlaces;
    const valueBytes = this.#valueBytes;
    for (let i = 0; i < valuePlaces.length; i++) {
      const byte = values[value + valueBytes[i]!]!;
      const place = position + valuePlaces[i]!;
      text[place] = UPPER[byte]!;
      text[place + 1] = LOWER[byte]!;
    }
  }
}
