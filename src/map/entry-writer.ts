import type { Batch } from './batches.js';
import type { HexWriter } from './hex-template.js';

/** The part of an element's text that has no fixed length; `key` and `value` are where the element begins in the batch. */
export type Tail = (keys: DataView, key: number, values: DataView, value: number) => string;

/** Turns batches into text: by template alone, or each element's template and then its tail. What it gives holds until it is called again. */
export class EntryWriter {
  #text: Buffer;
  /** How many elements of `#text` hold everything but their digits. */
  #prepared = 0;

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
    let end = 0;
    for (let i = 0; i < count; i++) {
      const more = tail(keysView, i * keySize, valuesView, i * valueSize);
      // A UTF-16 unit takes at most three bytes of UTF-8.
      this.#makeRoom(end, stride + more.length * 3);
      this.hex.writeOne(this.#text, end, keys, values, i);
      end += stride;
      end += this.#text.write(more, end);
    }
    return this.#text.subarray(0, end);
  }

  #makeRoom(used: number, wanted: number): void {
    if (used + wanted <= this.#text.length) return;
    const larger = Buffer.allocUnsafe(Math.max((used + wanted) * 2, 1 << 16));
    this.#text.copy(larger, 0, 0, used);
    this.#text = larger;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
