/** Puts lines together from pieces of UTF-8 text that end anywhere. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #begun = '';

  /** The lines that a piece completes, each with its line feed. */
  add(piece: Uint8Array): string[] {
    const lines = (this.#begun + this.#decoder.decode(piece, { stream: true })).split(/(?<=\n)/);
    this.#begun = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    return lines;
  }

  /** What was begun and will not be completed; empty when there is nothing. */
  rest(): string {
    const rest = this.#begun + this.#decoder.decode();
    this.#begun = '';
    return rest;
  }
}
