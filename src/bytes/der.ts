// The part of DER (ITU-T X.690) that certificates and signatures are made of.
import { ParseError } from './cursor.js';

/** Tags, with the bit of what has elements in it. */
export const Tag = {
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  SEQUENCE: 0x30,
  SET: 0x31,
  CONTEXT: 0x80,
  EXPLICIT: 0xa0,
} as const;

/** An element: its tag, and what is in it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Writes an element; its content may be given in parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = Uint8Array.of(tag, ...lengthBytes(length));
  const bytes = new Uint8Array(head.length + length);
  let at = 0;
  for (const part of [head, ...parts]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Below 128 one byte, above it the number of bytes and then those. */
function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Reads the elements that follow each other in some bytes. @throws ParseError when one is cut off, or longer than 4 GB */
export function derElements(bytes: Uint8Array, what: string): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { length, start } = readLength(bytes, at + 1, what);
    const content = bytes.subarray(start, start + length);
    if (content.length < length) throw new ParseError(what, at, `an element of ${length} bytes is cut off`);
    elements.push({ tag: bytes[at]!, content });
    at = start + length;
  }
  return elements;
}

function readLength(bytes: Uint8Array, at: number, what: string): { length: number; start: number } {
  const first = bytes[at] ?? 0x80;
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + count >= bytes.length) throw new ParseError(what, at, 'an element has no proper length');
  let length = 0;
  for (const byte of bytes.subarray(at + 1, at + 1 + count)) length = length * 256 + byte;
  return { length, start: at + 1 + count };
}
