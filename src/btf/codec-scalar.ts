import { type Coder, Misfit, quote } from './coder.js';
import { POINTER_SIZE } from './resolve.js';
import { type BtfEnum, type BtfFloat, type BtfInt, IntEncoding } from './types.js';

/** Where an integer is and how wide: whole bytes, or bits of a bitfield. Up to 32 bits it is a number, above a bigint. */
interface Integer {
  readonly size: number;
  readonly bits: number;
  readonly signed: boolean;
  read(view: DataView, offset: number): number | bigint;
  /** The value is known to fit. */
  write(view: DataView, offset: number, value: number | bigint): void;
}

/** Bits of a bitfield from the start of its struct, and how many. */
export interface BitRange {
  readonly offset: number;
  readonly bits: number;
}

const NUMBER_BITS = 32;

export function intCoder(type: BtfInt, littleEndian: boolean, range?: BitRange): Coder {
  const signed = (type.encoding & IntEncoding.SIGNED) !== 0;
  const integer = integerOf(type.size, signed, littleEndian, range);
  return (type.encoding & IntEncoding.BOOL) !== 0 ? boolCoder(integer) : numberCoder(integer, sizeName(integer, range));
}

/** `u16`, `s32`; of a bitfield `3 bits`. */
function sizeName({ bits, signed }: Integer, range?: BitRange): string {
  return range ? `${bits} bit${bits === 1 ? '' : 's'}` : `${signed ? 's' : 'u'}${bits}`;
}

export function pointerCoder(littleEndian: boolean): Coder {
  return numberCoder(wholeInteger(POINTER_SIZE, false, littleEndian), 'a pointer');
}

export function enumCoder(type: BtfEnum, littleEndian: boolean, range?: BitRange): Coder {
  const integer = integerOf(type.size, type.signed, littleEndian, range);
  const convert = integer.bits > NUMBER_BITS ? (value: bigint) => value : Number;
  const values = new Map(type.values.map(({ name, value }) => [name, convert(value)]));
  // Of names with the same value the first one counts.
  const names = new Map([...values].reverse().map(([name, value]) => [value, name]));
  const plain = numberCoder(integer, type.name ? `enum ${type.name}` : 'the enum');
  return {
    ...plain,
    read: (view, offset) => {
      const value = integer.read(view, offset);
      return names.get(value) ?? value;
    },
    write: (view, offset, value) => {
      const known = typeof value === 'string' ? values.get(value) : value;
      if (known === undefined && typeof value === 'string') throw new Misfit(`${quote(value)} is no value of enum ${type.name}`.trimEnd());
      plain.write(view, offset, known);
    },
  };
}

/** 4 and 8 bytes; what JavaScript has no numbers for is kept as bytes by {@link bytesCoder}. */
export function floatCoder({ name, size }: BtfFloat, littleEndian: boolean): Coder {
  if (size !== 4 && size !== 8) return bytesCoder(size);
  const check = (value: unknown): number => {
    if (typeof value !== 'number') throw new Misfit(`${quote(value)} is no number`);
    if (size === 4 && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) throw new Misfit(`${value} does not fit ${name}`);
    return value;
  };
  return {
    size,
    leaves: 1,
    read: (view, offset) => (size === 4 ? view.getFloat32(offset, littleEndian) : view.getFloat64(offset, littleEndian)),
    write: (view, offset, value) =>
      size === 4 ? view.setFloat32(offset, check(value), littleEndian) : view.setFloat64(offset, check(value), littleEndian),
  };
}

/** Bytes that are not looked into; fewer may be given, the rest is zero. */
export function bytesCoder(size: number): Coder {
  return {
    size,
    leaves: 1,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
    write: (view, offset, value) => {
      const bytes = value as ArrayLike<unknown>;
      if (typeof value !== 'object' || value === null || typeof bytes.length !== 'number') throw new Misfit(`${quote(value)} is no bytes`);
      if (bytes.length > size) throw new Misfit(`${bytes.length} bytes do not fit ${size}`);
      for (let i = 0; i < bytes.length; i++) view.setUint8(offset + i, byteAt(bytes, i));
    },
  };
}

function byteAt(bytes: ArrayLike<unknown>, index: number): number {
  const byte = bytes[index];
  if (typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte <= 255) return byte;
  const misfit = new Misfit(`${quote(byte)} is no byte (0 to 255)`);
  misfit.path = `[${index}]`;
  throw misfit;
}

function boolCoder(integer: Integer): Coder {
  const convert = integer.bits > NUMBER_BITS ? BigInt : Number;
  return {
    size: integer.size,
    leaves: 1,
    // biome-ignore lint/suspicious/noDoubleEquals: both numbers and bigints come here
    read: (view, offset) => integer.read(view, offset) != 0,
    write: (view, offset, value) => {
      if (value !== true && value !== false && value !== 0 && value !== 1) throw new Misfit(`${quote(value)} is neither true nor false`);
      integer.write(view, offset, convert(value));
    },
  };
}

function numberCoder(integer: Integer, name: string): Coder {
  const { size, bits, signed } = integer;
  const [min, max] = signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n];
  const convert = bits > NUMBER_BITS ? BigInt : Number;
  return {
    size,
    leaves: 1,
    read: integer.read,
    write: (view, offset, value) => {
      if (typeof value !== 'bigint' && !Number.isInteger(value)) throw new Misfit(`${quote(value)} is no whole number`);
      const number = value as number | bigint;
      if (number < min || number > max) throw new Misfit(`${number} does not fit ${name} (${min} to ${max})`);
      if (typeof number === 'number' && !Number.isSafeInteger(number)) throw new Misfit(`${number} is not exact: give it as a bigint`);
      integer.write(view, offset, convert(number));
    },
  };
}

function integerOf(size: number, signed: boolean, littleEndian: boolean, range?: BitRange): Integer {
  return range ? bitInteger(range, size, signed, littleEndian) : wholeInteger(size, signed, littleEndian);
}

function wholeInteger(size: number, signed: boolean, littleEndian: boolean): Integer {
  const shape = { size, bits: size * 8, signed };
  const le = littleEndian;
  switch (size) {
    case 1:
      return { ...shape, read: (v, at) => (signed ? v.getInt8(at) : v.getUint8(at)), write: (v, at, n) => v.setUint8(at, Number(n)) };
    case 2:
      return {
        ...shape,
        read: (v, at) => (signed ? v.getInt16(at, le) : v.getUint16(at, le)),
        write: (v, at, n) => v.setUint16(at, Number(n), le),
      };
    case 4:
      return {
        ...shape,
        read: (v, at) => (signed ? v.getInt32(at, le) : v.getUint32(at, le)),
        write: (v, at, n) => v.setUint32(at, Number(n), le),
      };
    case 8:
      return {
        ...shape,
        read: (v, at) => (signed ? v.getBigInt64(at, le) : v.getBigUint64(at, le)),
        write: (v, at, n) => v.setBigUint64(at, BigInt.asUintN(64, BigInt(n)), le),
      };
    default:
      // 128 bits, and what no compiler writes.
      return bitInteger({ offset: 0, bits: size * 8 }, size, signed, le);
  }
}

/** Bits from anywhere. They are counted from the lowest of each byte, on big-endian machines from the highest. */
function bitInteger({ offset: firstBit, bits }: BitRange, size: number, signed: boolean, littleEndian: boolean): Integer {
  const bitsOf = (offset: number, i: number): [byte: number, bit: number] => {
    const bit = firstBit + (littleEndian ? i : bits - 1 - i);
    return [offset + (bit >>> 3), littleEndian ? bit & 7 : 7 - (bit & 7)];
  };
  return {
    size,
    bits,
    signed,
    read: (view, offset) => {
      let value = 0n;
      for (let i = 0; i < bits; i++) {
        const [byte, bit] = bitsOf(offset, i);
        value |= BigInt((view.getUint8(byte) >>> bit) & 1) << BigInt(i);
      }
      const meant = signed ? BigInt.asIntN(bits, value) : value;
      return bits > NUMBER_BITS ? meant : Number(meant);
    },
    write: (view, offset, value) => {
      const given = BigInt.asUintN(bits, BigInt(value));
      for (let i = 0; i < bits; i++) {
        const [byte, bit] = bitsOf(offset, i);
        const before = view.getUint8(byte) & ~(1 << bit);
        view.setUint8(byte, before | (Number((given >> BigInt(i)) & 1n) << bit));
      }
    },
  };
}
