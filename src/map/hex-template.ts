// Text in which only hex digits differ from one element to the next: laid out once, then only the digits are written.

// The two ASCII digits of each byte, the first in the lower half: written as one little-endian number.
const DIGITS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [upper = '', lower = ''] = byte.toString(16).padStart(2, '0');
  return upper.charCodeAt(0) | (lower.charCodeAt(0) << 8);
});

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
  /** The text that was last written to, and a view on it. */
  #viewed: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

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
