const WIDTH = 78;
const ESCAPES = Array.from({ length: 256 }, (_, byte) => (byte === 0 ? '\\0' : `\\x${byte.toString(16).padStart(2, '0')}`));

/** Bytes as what stands between the quotes of a string of C, on lines that end in a backslash. */
export function* cString(bytes: Uint8Array): Generator<string> {
  let line = '';
  for (const byte of bytes) {
    const text = ESCAPES[byte]!;
    if (line.length + text.length > WIDTH) {
      yield `${line}\\\n`;
      line = '';
    }
    line += text;
  }
  yield line;
}

/** A name in quotes. */
export function quoted(name: string): string {
  const bytes = (char: string) => [...new TextEncoder().encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `"${name.replace(/["\\]|[^ -~]/gu, bytes)}"`;
}
