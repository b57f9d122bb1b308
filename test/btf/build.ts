/** BTF written word by word, so that tests of the reader do not depend on our encoder. */
export class RawBtf {
  readonly #types: number[] = [];
  readonly #strings: number[];
  count = 1;

  constructor(
    readonly littleEndian = true,
    /** The length of the base's strings, for split BTF. */
    readonly stringStart = 0,
  ) {
    this.#strings = stringStart === 0 ? [0] : [];
  }

  string(text: string): number {
    const offset = this.stringStart + this.#strings.length;
    this.#strings.push(...new TextEncoder().encode(text), 0);
    return offset;
  }

  /** One record: head and the words that follow. Returns how many were added so far. */
  type(kind: number, name: string | number, vlen: number, sizeOrType: number, words: number[] = [], kindFlag = false): number {
    const nameOffset = typeof name === 'number' ? name : name === '' ? 0 : this.string(name);
    this.#types.push(nameOffset, (kindFlag ? 0x80000000 : 0) + kind * 0x1000000 + vlen, sizeOrType, ...words);
    return this.count++;
  }

  int(name: string, size: number, encoding = 0): number {
    return this.type(1, name, 0, size, [encoding * 0x1000000 + size * 8]);
  }

  bytes(extraHeader: number[] = [], layout: number[] = []): Uint8Array {
    const header = 24 + extraHeader.length * 4;
    const strings = this.#types.length * 4 + layout.length;
    const bytes = new Uint8Array(header + strings + this.#strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, this.littleEndian);
    view.setUint8(2, 1);
    const words = [header, 0, this.#types.length * 4, strings, this.#strings.length, ...extraHeader];
    words.forEach((word, i) => void view.setUint32(4 + i * 4, word >>> 0, this.littleEndian));
    this.#types.forEach((word, i) => void view.setUint32(header + i * 4, word >>> 0, this.littleEndian));
    bytes.set(layout, header + this.#types.length * 4);
    bytes.set(this.#strings, header + strings);
    return bytes;
  }
}

/** One type of each kind. */
export function everyKind(littleEndian = true): RawBtf {
  const raw = new RawBtf(littleEndian);
  const int = raw.int('int', 4, 1);
  raw.type(2, '', 0, int);
  raw.type(3, '', 0, 0, [int, int, 16]);
  raw.type(4, 'pair', 2, 8, [raw.string('a'), int, 0x3000000, raw.string('b'), int, 32], true);
  raw.type(5, 'either', 1, 4, [raw.string('x'), int, 0]);
  raw.type(6, 'color', 2, 4, [raw.string('RED'), 0, raw.string('NONE'), -1], true);
  raw.type(7, 'later', 0, 0, [], true);
  raw.type(8, 'number', 0, int);
  raw.type(9, '', 0, int);
  raw.type(10, '', 0, int);
  raw.type(11, '', 0, 2);
  const proto = raw.type(13, '', 2, int, [raw.string('ctx'), 2, 0, 0]);
  raw.type(12, 'run', 1, proto);
  raw.type(14, 'counter', 0, int, [1]);
  raw.type(15, '.data', 1, 4, [14, 0, 4]);
  raw.type(16, 'double', 0, 8);
  raw.type(17, 'note', 0, 4, [1]);
  raw.type(18, 'rcu', 0, int);
  raw.type(19, 'wide', 1, 8, [raw.string('BIG'), 1, 0x80000000]);
  return raw;
}
