import { quote } from '../bytes/quote.js';
import type { TextBuffer } from '../bytes/text-buffer.js';
import { skipTypedefs } from './resolve.js';
import { type BtfEnum, type BtfFloat, type BtfInt, IntEncoding } from './types.js';
import type { ValueNode, ValueStyle } from './value-node.js';

type Print = ValueNode['print'];

const TWO_32 = 0x1_0000_0000;
/** The longest text of a number of 64 bits. */
const NUMBER_LENGTH = 20;
/** A function with all its parameters is seldom longer; bpftool cuts it there. */
const NAME_LENGTH = 1024;

const encoder = new TextEncoder();

/** In UTF-8. Short ASCII, which names are, is encoded faster by hand. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');

/** A text that does not depend on the value: for types that have none. JSON wants it in quotes. */
export function fixedNode({ plain }: ValueStyle, text: string): ValueNode {
  const printed = bytesOf(plain ? text : quote(text));
  return { print: (_view, _at, out) => out.add(printed), extent: 0, length: printed.length };
}

/** An integer. One that does not fill bytes, or does not begin with one, is printed as a bitfield. */
export function intNode(style: ValueStyle, type: BtfInt, bitOffset: number): ValueNode {
  const { bits, offset, encoding } = type;
  if (bitOffset > 0 || offset > 0 || bits % 8 !== 0 || bits === 128) return bitfieldNode(style, bits, bitOffset + offset);
  if (encoding === IntEncoding.BOOL) return { print: (view, at, out) => out.add(view.getUint8(at) ? TRUE : FALSE), extent: 1, length: 5 };
  if (encoding === IntEncoding.CHAR) return charNode(style);
  const print = integerPrinter(bits, (encoding & IntEncoding.SIGNED) !== 0, style.btf.littleEndian);
  return print ? { print, extent: bits / 8, length: NUMBER_LENGTH } : bitfieldNode(style, bits, 0);
}

function integerPrinter(bits: number, signed: boolean, little: boolean): Print | undefined {
  switch (bits) {
    case 8:
      return signed ? (view, at, out) => out.addNumber(view.getInt8(at)) : (view, at, out) => out.addNumber(view.getUint8(at));
    case 16:
      return signed
        ? (view, at, out) => out.addNumber(view.getInt16(at, little))
        : (view, at, out) => out.addNumber(view.getUint16(at, little));
    case 32:
      return signed
        ? (view, at, out) => out.addNumber(view.getInt32(at, little))
        : (view, at, out) => out.addNumber(view.getUint32(at, little));
    case 64:
      return signed ? (view, at, out) => addSigned64(view, at, little, out) : (view, at, out) => addUnsigned64(view, at, little, out);
    default:
      return undefined;
  }
}

function addUnsigned64(view: DataView, at: number, little: boolean, out: TextBuffer): void {
  out.addUnsigned64(view.getUint32(little ? at + 4 : at, little), view.getUint32(little ? at : at + 4, little));
}

function addSigned64(view: DataView, at: number, little: boolean, out: TextBuffer): void {
  out.addSigned64(view.getUint32(little ? at + 4 : at, little), view.getUint32(little ? at : at + 4, little));
}

/** A single byte with the encoding CHAR, which compilers for BPF do not use for `char`. */
function charNode({ plain }: ValueStyle): ValueNode {
  const texts = Array.from({ length: 256 }, (_, byte) => {
    if (byte >= 0x20 && byte < 0x7f) return bytesOf(quote(String.fromCharCode(byte)));
    return bytesOf(plain ? `0x${byte.toString(16)}` : `"\\u00${byte.toString(16).padStart(2, '0')}"`);
  });
  return { print: (view, at, out) => out.add(texts[view.getUint8(at)]!), extent: 1, length: 8 };
}

/** `bits` from bit `bitOffset`, as an unsigned hexadecimal number, whatever the type says of signs. */
export function bitfieldNode({ btf, plain }: ValueStyle, bits: number, bitOffset: number): ValueNode {
  const mark = plain ? '' : '"';
  const first = Math.floor(bitOffset / 8);
  const within = bitOffset % 8;
  const extent = first + Math.ceil((within + bits) / 8);
  const read = bitReader(bits, within, btf.littleEndian);
  return { print: (view, at, out) => out.addText(`${mark}0x${read(view, at + first).toString(16)}${mark}`), extent, length: bits / 4 + 5 };
}

/** Bits are counted from the lowest of the first byte; on big-endian machines, from its highest. */
function bitReader(bits: number, within: number, little: boolean): (view: DataView, at: number) => number | bigint {
  const bytes = Math.ceil((within + bits) / 8);
  const shift = little ? within : bytes * 8 - within - bits;
  if (bytes <= 4) {
    const mask = (2 ** bits - 1) | 0;
    return (view, at) => {
      let value = 0;
      for (let i = 0; i < bytes; i++) value = (value << 8) | view.getUint8(little ? at + bytes - 1 - i : at + i);
      return ((value >>> shift) & mask) >>> 0;
    };
  }
  return (view, at) => {
    let value = 0n;
    for (let i = 0; i < bytes; i++) value = (value << 8n) | BigInt(view.getUint8(little ? at + bytes - 1 - i : at + i));
    return BigInt.asUintN(bits, value >> BigInt(shift));
  };
}

/** An enum's name, or a number with sign where no name fits. The first of several names counts. */
export function enumNode(style: ValueStyle, type: BtfEnum): ValueNode {
  const { size } = type;
  if (![1, 2, 4, 8].includes(size)) return fixedNode(style, '(unsupported-kind)');
  // An ENUM of 8 bytes, from before ENUM64, holds no more than 32 bits of each value.
  const width = type.kind === 'ENUM' ? Math.min(size * 8, 32) : size * 8;
  const names = new Map<number | bigint, Uint8Array>();
  for (const { name, value } of type.values) {
    const pattern = BigInt.asIntN(width, value);
    const key = size === 8 ? pattern : Number(pattern);
    if (!names.has(key)) names.set(key, bytesOf(quote(name)));
  }
  const read = signedReader(size, style.btf.littleEndian);
  const length = [...names.values()].reduce((most, name) => Math.max(most, name.length), NUMBER_LENGTH);
  return {
    print: (view, at, out) => {
      const value = read(view, at);
      const name = names.get(value);
      if (name) out.add(name);
      else out.addText(String(value));
    },
    extent: size,
    length,
  };
}

function signedReader(size: number, little: boolean): (view: DataView, at: number) => number | bigint {
  if (size === 1) return (view, at) => view.getInt8(at);
  if (size === 2) return (view, at) => view.getInt16(at, little);
  if (size === 4) return (view, at) => view.getInt32(at, little);
  return (view, at) => view.getBigInt64(at, little);
}

/** A pointer: a decimal number in JSON, `"0x1"` or `"(nil)"` in plain text. */
export function pointerNode({ btf, plain, functionPointer }: ValueStyle, target: number): ValueNode {
  const little = btf.littleEndian;
  const number: Print = (view, at, out) => addUnsigned64(view, at, little, out);
  const hexadecimal: Print = (view, at, out) => {
    const value = view.getBigUint64(at, little);
    out.addText(value === 0n ? '"(nil)"' : `"0x${value.toString(16)}"`);
  };
  const print = plain ? hexadecimal : number;
  const prototype = functionPointer ? skipTypedefs(btf, target) : 0;
  if (!functionPointer || btf.kind(prototype) !== 'FUNC_PROTO') return { print, extent: 8, length: NUMBER_LENGTH };
  const named: Print = (view, at, out) => {
    const value = view.getBigUint64(at, little);
    const name = value < TWO_32 ? functionPointer(prototype, Number(value)) : undefined;
    if (name === undefined) print(view, at, out);
    else out.addText(quote(name));
  };
  return { print: named, extent: 8, length: NAME_LENGTH };
}

/** A floating-point number of 4 or 8 bytes; what is no number is a text in JSON. */
export function floatNode(style: ValueStyle, type: BtfFloat): ValueNode {
  const little = style.btf.littleEndian;
  if (type.size !== 4 && type.size !== 8) return fixedNode(style, '(unsupported-kind)');
  const read =
    type.size === 4
      ? (view: DataView, at: number) => view.getFloat32(at, little)
      : (view: DataView, at: number) => view.getFloat64(at, little);
  return {
    print: (view, at, out) => {
      const value = read(view, at);
      out.addText(Number.isFinite(value) || style.plain ? String(value) : `"${value}"`);
    },
    extent: type.size,
    length: 25,
  };
}
