// Values that are written as bytes, and what all errors about written values share.
import { parseAddress } from '../bytes/addresses.js';
import type { Literal } from '../bytes/literal.js';
import { UsageError } from '../errors.js';
import { at, Misfit } from './coder.js';

/** The bytes of a value of which only the size is known: a number up to 8 bytes, a list of bytes, `hex("...")`, or an address of that size. */
export function encodeUntyped(size: number, literal: Literal, name: string): Uint8Array {
  return named(name, () => {
    if (isHex(literal)) return hexBytes(literal, size);
    if (literal.kind === 'whole') return numberBytes(literal.value, size);
    if (literal.kind === 'list') return listBytes(literal.items, size);
    const address = literal.kind === 'text' ? parseAddress(literal.value, size) : undefined;
    return address ?? misfit(`${written(literal)} cannot be ${size} bytes without a type: give hex("...")`);
  });
}

/** Gives what `encode` gives; of what does not fit, an error that begins with the name and the path to it. */
export function named<T>(name: string, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (error instanceof Misfit) throw new UsageError(`${name}${error.path}: ${error.reason}`);
    throw error;
  }
}

/** Throws a {@link Misfit}. */
export function misfit(reason: string): never {
  throw new Misfit(reason);
}

/** Runs something for the value at `step`, and gives what it gives. */
export function within<T>(step: string, run: () => T): T {
  let value: T;
  at(step, () => {
    value = run();
  });
  return value!;
}

/** A literal as errors quote it. */
export function written(literal: Literal): string {
  switch (literal.kind) {
    case 'list':
      return 'a list';
    case 'record':
      return 'an object';
    case 'call':
      return `${literal.name}(...)`;
    case 'text':
      return JSON.stringify(literal.value.length > 40 ? `${literal.value.slice(0, 40)}...` : literal.value);
    default:
      return String(literal.value);
  }
}

/** One element of a list of bytes. */
export function byte(literal: Literal): number {
  if (literal.kind === 'whole' && literal.value >= 0n && literal.value <= 255n) return Number(literal.value);
  return misfit(`${written(literal)} is no byte (0 to 255)`);
}

/** A number from 0 up, its highest byte first. */
export function networkBytes(value: bigint, size: number): Uint8Array {
  const most = 1n << BigInt(size * 8);
  if (value < 0n || value >= most) misfit(`${value} does not fit ${size} byte${size === 1 ? '' : 's'} (0 to ${most - 1n})`);
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn));
}

/** In the byte order of the machine. */
function numberBytes(value: bigint, size: number): Uint8Array {
  if (size > 8) misfit(`${value}: a number is not taken for ${size} bytes; give hex("...")`);
  return networkBytes(value < 0n && value >= -(1n << BigInt(size * 8 - 1)) ? BigInt.asUintN(size * 8, value) : value, size).reverse();
}

function listBytes(items: readonly Literal[], size: number): Uint8Array {
  if (items.length !== size) misfit(`${items.length} bytes are given, it has ${size}`);
  return Uint8Array.from(items, (item, i) => within(`[${i}]`, () => byte(item)));
}

type Call = Extract<Literal, { kind: 'call' }>;

/** Whether it is `hex("...")`. */
export function isHex(literal: Literal): literal is Call {
  return literal.kind === 'call' && literal.name === 'hex';
}

/** Two digits a byte, with or without a space, colon or 0x between them; all bytes have to be given. */
export function hexBytes({ argument }: Call, size: number): Uint8Array {
  const text = argument.kind === 'text' ? argument.value : misfit('hex("...") takes text');
  const digits = text.replace(/0x|[\s:]/gi, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) misfit(`hex(${written(argument)}) is not made of two digits for each byte`);
  if (digits.length !== 2 * size) misfit(`${digits.length / 2} bytes are given, it has ${size}`);
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
