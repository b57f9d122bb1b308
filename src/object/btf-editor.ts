import type { Btf } from '../btf/btf.js';
import { BTF_MAGIC, parseBtfHeader } from '../btf/header.js';
import { BTF_KINDS, type BtfKind, RECORD_SIZES } from '../btf/types.js';

/** The words of a type's record; those of its kind follow (struct btf_type of include/uapi/linux/btf.h). */
export const Word = { NAME: 0, INFO: 1, SIZE_OR_TYPE: 2, TAIL: 3 } as const;

/** The info word of a record. */
export function infoWord(kind: BtfKind, vlen = 0, kindFlag = false): number {
  return (((kindFlag ? 1 : 0) << 31) | (BTF_KINDS.indexOf(kind) << 24) | vlen) >>> 0;
}

/**
 * A copy of some BTF that can be changed and added to, word by word. Ids and string offsets stay what they are: instructions, line information and
 * relocations refer to them.
 */
export class BtfEditor {
  readonly littleEndian: boolean;
  #types: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #used: number;
  #strings: Uint8Array;
  readonly #added: Uint8Array[] = [];
  #addedLength = 0;
  readonly #layout: Uint8Array;
  readonly #offsets: number[];

  /** `btf` has no base. */
  constructor(readonly btf: Btf) {
    const header = parseBtfHeader(btf.bytes, btf.what);
    const part = ({ offset, length }: { offset: number; length: number }) => btf.bytes.subarray(offset, offset + length);
    this.littleEndian = btf.littleEndian;
    this.#types = new Uint8Array(part(header.types));
    this.#view = new DataView(this.#types.buffer);
    this.#used = this.#types.length;
    this.#strings = part(header.strings);
    this.#layout = part(header.layout);
    this.#offsets = [0, ...this.#index(btf.count)];
  }

  /** The number of type ids, void included. */
  get count(): number {
    return this.#offsets.length;
  }

  word(id: number, word: number): number {
    return this.#view.getUint32(this.#offsets[id]! + word * 4, this.littleEndian);
  }

  setWord(id: number, word: number, value: number): void {
    this.#view.setUint32(this.#offsets[id]! + word * 4, value, this.littleEndian);
  }

  kind(id: number): BtfKind {
    return BTF_KINDS[(this.word(id, Word.INFO) >>> 24) & 0x7f] ?? 'VOID';
  }

  /** Number of elements; of a FUNC its linkage. */
  vlen(id: number): number {
    return this.word(id, Word.INFO) & 0xffffff;
  }

  /** Overwrites a string's byte, in place. */
  setStringByte(offset: number, byte: number): void {
    if (this.#strings.buffer === this.btf.bytes.buffer) this.#strings = new Uint8Array(this.#strings);
    this.#strings[offset] = byte;
  }

  /** Appends a string and gives its offset. */
  addString(text: string): number {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const offset = this.#strings.length + this.#addedLength;
    this.#added.push(bytes);
    this.#addedLength += bytes.length;
    return offset;
  }

  /** Appends a type by its words and gives its id. */
  addType(words: readonly number[]): number {
    const at = this.#used;
    this.#reserve(at + words.length * 4);
    this.#used += words.length * 4;
    this.#offsets.push(at);
    for (const [i, word] of words.entries()) this.setWord(this.#offsets.length - 1, i, word);
    return this.#offsets.length - 1;
  }

  /** Orders the elements of a data section by their place, as the kernel wants them. */
  sortEntries(id: number): void {
    const entries = Array.from({ length: this.vlen(id) }, (_, i) => [0, 1, 2].map((word) => this.word(id, Word.TAIL + i * 3 + word)));
    entries.sort((a, b) => a[1]! - b[1]!);
    for (const [i, entry] of entries.entries())
      for (const [word, value] of entry.entries()) this.setWord(id, Word.TAIL + i * 3 + word, value);
  }

  /** The whole as bytes; the section that describes kinds to readers that do not know them (since 7.0) is left out on demand. */
  bytes(options: { layout?: boolean } = {}): Uint8Array<ArrayBuffer> {
    const layout = options.layout === false ? new Uint8Array(0) : this.#layout;
    const headerSize = layout.length > 0 ? 32 : 24;
    const strings = this.#strings.length + this.#addedLength;
    const header = [headerSize, 0, this.#used, this.#used + layout.length, strings, this.#used, layout.length].slice(0, headerSize / 4 - 1);
    const bytes = new Uint8Array(headerSize + this.#used + layout.length + strings);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, BTF_MAGIC, this.littleEndian);
    view.setUint8(2, 1);
    for (const [i, value] of header.entries()) view.setUint32(4 + i * 4, value, this.littleEndian);
    let at = headerSize;
    for (const part of [this.#types.subarray(0, this.#used), layout, this.#strings, ...this.#added]) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Where each record is. The extent of records was checked when `btf` was parsed; kinds that only its layout knows are not edited. */
  #index(count: number): number[] {
    const offsets: number[] = [];
    for (let at = 0; offsets.length < count - 1; ) {
      offsets.push(at);
      const info = this.#view.getUint32(at + 4, this.littleEndian);
      const sizes = RECORD_SIZES[(info >>> 24) & 0x7f];
      if (!sizes) this.btf.fail(offsets.length, 'this kind of type cannot be loaded');
      at += 12 + sizes.info + (info & 0xffffff) * sizes.element;
    }
    return offsets;
  }

  #reserve(size: number): void {
    if (size <= this.#types.length) return;
    const larger = new Uint8Array(Math.max(size, this.#types.length * 2, 256));
    larger.set(this.#types.subarray(0, this.#used));
    this.#types = larger;
    this.#view = new DataView(larger.buffer);
  }
}
