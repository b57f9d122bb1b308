import { TextBuffer } from '../bytes/text-buffer.js';

/**
 * How types are written before the name that they are the type of, `const struct task_struct *`, kept when it was written for the first time: a kernel has
 * 80,000 declarations, of 20,000 types. Only for types that are written as the same words wherever they are used.
 */
export class CSpellings {
  readonly #text = new TextBuffer();
  /** By type, where in `#text` its words begin and end; an end of 0: not known. */
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor(count: number) {
    this.#starts = new Uint32Array(count);
    this.#ends = new Uint32Array(count);
  }

  /** Adds the words of a type to `out`, if they are known. Returns how many bytes. */
  add(id: number, out: TextBuffer): number {
    const end = this.#ends[id]!;
    if (end === 0) return 0;
    const start = this.#starts[id]!;
    out.addPart(this.#text.bytes, start, end);
    return end - start;
  }

  /** Keeps what was written from `start` to the end of `out`. */
  keep(id: number, out: TextBuffer, start: number): void {
    this.#starts[id] = this.#text.length;
    this.#text.addPart(out.bytes, start, out.length);
    this.#ends[id] = this.#text.length;
  }
}
