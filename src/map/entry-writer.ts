import { TextBuffer } from '../bytes/text-buffer.js';
import type { Batch } from './batches.js';
import type { HexWriter } from './hex-template.js';

/** Writes the part of an element's text that has no fixed length; `key` and `value` are where the element begins in the batch. */
export type Tail = (out: TextBuffer, keys: DataView, key: number, values: DataView, value: number) => void;

/** Turns batches into text: by template alone, or each element's template and then its tail. What it gives holds until it is called again. */
export class EntryWriter {
  /** For elements of fixed length. */
  #text: Buffer;
  /** How many elements of `#text` hold everything but their digits. */
  #prepared = 0;
  readonly #out = new TextBuffer();

  constructor(
    readonly hex: HexWriter,
    readonly tail?: Tail,
  ) {
    this.#text = Buffer.allocUnsafe(0);
  }

  write(batch: Batch): Uint8Array {
    return this.tail ? this.#withTails(batch, this.tail) : this.#byTemplate(batch);
  }

  #byTemplate({ keys, values, count }: Batch): Uint8Array {
    if (count > this.#prepared) {
      const prepared = this.hex.prepare(count);
      this.#text = Buffer.from(prepared.buffer);
      this.#prepared = count;
    }
    this.hex.fill(this.#text, keys, values, count);
    return this.#text.subarray(0, count * this.hex.stride);
  }

  #withTails({ keys, values, count }: Batch, tail: Tail): Uint8Array {
    const { stride, keySize, valueSize } = this.hex;
    const [keysView, valuesView] = [viewOf(keys), viewOf(values)];
    for (let i = 0; i < count; i++) {
      const at = this.#out.claim(stride);
      this.hex.writeOne(this.#out.bytes, at, keys, values, i);
      tail(this.#out, keysView, i * keySize, valuesView, i * valueSize);
    }
    return this.#out.take();
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
