import { ParseError } from '../bytes/cursor.js';
import type { KconfigExtern, KconfigType } from './spec.js';

/** Values of `enum libbpf_tristate`. */
const TRISTATE = { n: 0n, y: 1n, m: 2n } as const;

/**
 * The bytes of a value of the kernel's configuration, as it stands in its file behind the `=`: `y`, `n`, `m`, `"text"` or a number.
 *
 * @throws ParseError when it does not fit the extern's type
 */
export function kconfigValue(extern: KconfigExtern, text: string): Uint8Array {
  if (text.startsWith('"')) return stringValue(extern, text);
  if (/^[ynm]/.test(text)) return letterValue(extern, text[0] as 'y' | 'n' | 'm');
  const number = parseNumber(text);
  if (number === undefined) return refuse(extern, `${text} is no number`);
  return kconfigNumber(extern, number, ['int', 'char']);
}

/** The bytes of a number, which may also be a truth value where `kinds` says so. @throws ParseError when it does not fit the extern's type */
export function kconfigNumber(extern: KconfigExtern, number: bigint, kinds: readonly KconfigType[] = ['int', 'char', 'bool']): Uint8Array {
  const { type, size, signed } = extern;
  if (!kinds.includes(type)) refuse(extern, `${number} is no ${type}`);
  if (type === 'bool' && number > 1n) refuse(extern, `${number} is no bool`);
  const bits = size * 8;
  const value = BigInt.asUintN(64, number);
  const fits = bits === 64 || (signed ? BigInt.asIntN(bits, value) === BigInt.asIntN(64, value) : value < 1n << BigInt(bits));
  if (!fits) refuse(extern, `${number} does not fit ${bits} bits`);
  return littleEndian(value, size);
}

function letterValue(extern: KconfigExtern, letter: 'y' | 'n' | 'm'): Uint8Array {
  switch (extern.type) {
    case 'bool':
      if (letter === 'm') refuse(extern, 'm is no bool');
      return littleEndian(letter === 'y' ? 1n : 0n, extern.size);
    case 'tristate':
      return littleEndian(TRISTATE[letter], extern.size);
    case 'char':
      return littleEndian(BigInt(letter.charCodeAt(0)), extern.size);
    default:
      return refuse(extern, `${letter} is no ${extern.type}`);
  }
}

/** Cut to the room there is, with a NUL behind it. */
function stringValue(extern: KconfigExtern, text: string): Uint8Array {
  if (extern.type !== 'string') refuse(extern, `${text} is no ${extern.type}`);
  if (text.length < 2 || !text.endsWith('"')) refuse(extern, `${text} has no end`);
  const value = new Uint8Array(extern.size);
  value.set(new TextEncoder().encode(text.slice(1, -1)).subarray(0, extern.size - 1));
  return value;
}

/** As strtoull(3) reads it: decimal, hexadecimal or octal. */
function parseNumber(text: string): bigint | undefined {
  const match = /^([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.exec(text);
  if (!match) return undefined;
  const digits = match[2]!;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return value < 1n << 64n ? (match[1] === '-' ? -value : value) : undefined;
}

function littleEndian(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(i * 8)) & 0xffn);
  return bytes;
}

function refuse({ name, type }: KconfigExtern, reason: string): never {
  throw new ParseError(`extern ${name} (${type})`, 0, `its value in the kernel's configuration: ${reason}`);
}
