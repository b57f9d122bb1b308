const [QUOTE, BACKSLASH, COMMA, LINE] = [0x22, 0x5c, 0x2c, 0x0a];
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const ARRAY = 0x5b;

/**
 * Compact JSON, in chunks cut anywhere, as one value a line: the elements of an array, each line ended as soon as its element is; anything else is one
 * line. With `within` the elements of that array, where the JSON is an object that begins with it. What is not JSON, such as C, passes as it is.
 */
export async function* jsonLines(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, within?: string): AsyncGenerator<Uint8Array> {
  const lines = new Lines(within === undefined ? '' : `{${JSON.stringify(within)}:`);
  for await (const chunk of chunks) yield lines.take(chunk);
  yield lines.end();
}

class Lines {
  /** Brackets that are open. */
  #level = 0;
  /** The level on which the values of lines stand; undefined before the first byte, -1 for what is no JSON. */
  #base: number | undefined;
  #text = false;
  #escaped = false;
  /** Something of the present line was written. */
  #begun = false;
  /** Behind the last element. */
  #over = false;

  constructor(public before: string) {}

  take(chunk: Uint8Array): Uint8Array {
    const rest = this.#base === undefined ? this.#start(chunk) : chunk;
    if (this.#base === -1) return rest;
    const out = new Uint8Array(rest.length * 2);
    let length = 0;
    for (const byte of rest) {
      if (this.#text) {
        out[length++] = byte;
        if (this.#endsText(byte) && this.#level === this.#base) length = this.#endLine(out, length);
        continue;
      }
      if (this.#over) continue;
      if (CLOSE.has(byte) && this.#level-- === this.#base) {
        // The array's own bracket.
        length = this.#endLine(out, length);
        this.#over = true;
      } else if ((byte === COMMA || byte === LINE) && this.#level === this.#base) length = this.#endLine(out, length);
      else {
        out[length++] = byte;
        this.#begun = true;
        if (byte === QUOTE) this.#text = true;
        else if (OPEN.has(byte)) this.#level++;
        else if (CLOSE.has(byte) && this.#level === this.#base) length = this.#endLine(out, length);
      }
    }
    return out.subarray(0, length);
  }

  end(): Uint8Array {
    return this.#begun && this.#base !== -1 ? Uint8Array.of(LINE) : new Uint8Array();
  }

  /** Takes what stands before the first element, and sees by it what this is. */
  #start(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    const head = Buffer.from(chunk.subarray(0, this.before.length + 1)).toString('latin1');
    const skipped = this.before !== '' && head.startsWith(`${this.before}[`) ? this.before.length : 0;
    const first = chunk[skipped]!;
    this.#base = first === ARRAY ? 1 : OPEN.has(first) || first === QUOTE || /[\dntf-]/.test(String.fromCharCode(first)) ? 0 : -1;
    this.#level = this.#base === 1 ? 1 : 0;
    return this.#base === 1 ? chunk.subarray(skipped + 1) : chunk;
  }

  #endsText(byte: number): boolean {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#text = false;
    return !this.#text;
  }

  /** Closing brackets and quotes end a line at once; the comma behind them has nothing left to end. */
  #endLine(out: Uint8Array, length: number): number {
    if (!this.#begun) return length;
    this.#begun = false;
    out[length] = LINE;
    return length + 1;
  }
}
