// What is written for a value of a type, as what the type's codec takes.
import { parseAddress, parseIpv4 } from '../bytes/addresses.js';
import type { Literal } from '../bytes/literal.js';
import { UsageError } from '../errors.js';
import type { Btf } from './btf.js';
import { type Codec, codecOf } from './codec.js';
import { arrayForm } from './codec-array.js';
import { byte, hexBytes, isHex, misfit, named, networkBytes, within, written } from './literal-bytes.js';
import { sizeOf, skipTypedefs } from './resolve.js';
import { type BtfArray, type BtfComposite, type BtfEnum, type BtfInt, IntEncoding } from './types.js';

/**
 * How numbers of types in network order (`__be16`, `__be32`, `__be64`) are meant: `checked` refuses them unless they say so by `be(80)` or `raw(80)`,
 * `as they are` takes them for what the machine reads there, as dumps show them.
 */
export type BigEndianNumbers = 'checked' | 'as they are';

/**
 * The bytes of a value of a BTF type:
 *
 * - integers, pointers: a whole number, or `be(N)`, which is stored in network order; `bool`: true, false, 0, 1; an enum also: the name of a value
 * - `__be32` and other unsigned integers of 4 bytes: also an IPv4 address, whose bytes are stored in network order
 * - arrays of bytes: a list, `hex("0a 00")`, and an IPv4 (4 bytes), MAC (6 bytes) or IPv6 address (16 bytes)
 * - `char[]`: text; other arrays: lists; what is missing at the end is zero
 * - structs, unions: an object, of which members may be left out (zero then); where the first member fills it, also what that takes as text (`struct in_addr`)
 * - anything as a whole: `hex("...")` with all of its bytes
 *
 * @throws UsageError that names the member (`value.port: 70000 does not fit u16 (0 to 65535)`)
 * @throws ParseError when the type has no values
 */
export function encodeLiteral(btf: Btf, typeId: number, literal: Literal, name: string, numbers: BigEndianNumbers = 'checked'): Uint8Array {
  const codec = codecFor(btf, typeId);
  if (isHex(literal)) return named(name, () => hexBytes(literal, codec.size));
  const value = named(name, () => new Reader(btf, numbers).value(typeId, literal));
  try {
    return codec.encode(value as never);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(name + error.message);
    throw error;
  }
}

const CODECS = new WeakMap<Btf, Map<number, Codec>>();

/** Made once for each type: files have thousands of values of one. Its errors begin where the name of the value ends. */
function codecFor(btf: Btf, typeId: number): Codec {
  const known = CODECS.get(btf) ?? new Map<number, Codec>();
  CODECS.set(btf, known);
  const codec = known.get(typeId) ?? codecOf(btf, typeId, '');
  known.set(typeId, codec);
  return codec;
}

class Reader {
  constructor(
    readonly btf: Btf,
    readonly numbers: BigEndianNumbers,
  ) {}

  value(id: number, literal: Literal): unknown {
    const type = this.btf.type(skipTypedefs(this.btf, id));
    switch (type.kind) {
      case 'INT':
        return type.encoding & IntEncoding.BOOL ? bool(literal) : this.#integer(id, type, literal);
      case 'PTR':
        return literal.kind === 'whole' ? literal.value : misfit(`${written(literal)} is no address: give a number`);
      case 'ENUM':
      case 'ENUM64':
        return enumValue(type, literal);
      case 'FLOAT':
        if (literal.kind === 'whole') return Number(literal.value);
        return literal.kind === 'decimal' ? literal.value : misfit(`${written(literal)} is no number`);
      case 'ARRAY':
        return this.#array(type, literal);
      case 'STRUCT':
      case 'UNION':
        return literal.kind === 'record' ? this.#record(type, literal.members) : this.#wrapped(type, literal);
      case 'VAR':
        return this.value(type.type, literal);
      case 'DATASEC':
        return this.#variables(type.entries, literal);
      default:
        return misfit(`${type.kind.toLowerCase()} has no values`);
    }
  }

  #integer(id: number, type: BtfInt, literal: Literal): unknown {
    const order = bigEndianName(this.btf, id);
    if (literal.kind === 'call') return this.#called(type, literal.name, literal.argument, order);
    if (literal.kind === 'whole') {
      if (!order || literal.value === 0n || this.numbers === 'as they are') return literal.value;
      const number = written(literal);
      return misfit(`${order} is in network order: be(${number}) for the number, raw(${number}) for what the machine would read there`);
    }
    if (literal.kind !== 'text') return misfit(`${written(literal)} is no whole number`);
    if (type.size === 1 && type.name === 'char' && /^[\x01-\x7f]$/.test(literal.value)) return literal.value.charCodeAt(0);
    // An address is its bytes as they go over the network, which is how programs keep it in a plain number too.
    const address = type.size === 4 && !(type.encoding & IntEncoding.SIGNED) ? parseIpv4(literal.value) : undefined;
    if (address) return this.#machineNumber(address, type);
    return misfit(`${written(literal)} is no whole number`);
  }

  #called(type: BtfInt, name: string, argument: Literal, order: string | undefined): unknown {
    if (name === 'raw' && argument.kind === 'whole') return argument.value;
    if (name !== 'be') return misfit(`${name}(...) is no number: there are be(...)${order ? ' and raw(...)' : ''}`);
    if (argument.kind === 'whole') return this.#machineNumber(networkBytes(argument.value, type.size), type);
    const address = argument.kind === 'text' && type.size === 4 ? parseIpv4(argument.value) : undefined;
    return address ? this.#machineNumber(address, type) : misfit(`be(${written(argument)}): ${written(argument)} is no whole number`);
  }

  /** What the machine reads where these bytes are. */
  #machineNumber(bytes: Uint8Array, type: BtfInt): bigint {
    const ordered = this.btf.littleEndian ? bytes.toReversed() : bytes;
    const value = ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return type.encoding & IntEncoding.SIGNED ? BigInt.asIntN(type.size * 8, value) : value;
  }

  #array(type: BtfArray, literal: Literal): unknown {
    const form = arrayForm(this.btf, type);
    if (form !== 'list' && isHex(literal)) return hexBytes(literal, type.length);
    if (form === 'text' && (literal.kind === 'text' || literal.kind === 'word')) return literal.value;
    if (literal.kind === 'text') return this.#addressArray(type, form, literal.value) ?? misfit(notAnArray(literal, type, form));
    if (literal.kind !== 'list') return misfit(notAnArray(literal, type, form));
    if (literal.items.length > type.length) return misfit(`${literal.items.length} elements do not fit ${type.length}`);
    if (form !== 'list') return literal.items.map((item, i) => within(`[${i}]`, () => byte(item)));
    return literal.items.map((item, i) => within(`[${i}]`, () => this.value(type.type, item)));
  }

  /** An address in an array of bytes, or in one of four `__be32`. */
  #addressArray(type: BtfArray, form: string, text: string): unknown {
    if (form === 'bytes') return parseAddress(text, type.length);
    const element = this.btf.type(skipTypedefs(this.btf, type.type));
    if (element.kind !== 'INT' || element.size !== 4 || type.length !== 4 || !bigEndianName(this.btf, type.type)) return undefined;
    const address = parseAddress(text, 16);
    return address && [0, 4, 8, 12].map((start) => this.#machineNumber(address.subarray(start, start + 4), element));
  }

  #record(type: Pick<BtfComposite, 'members'>, members: ReadonlyMap<string, Literal>): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    for (const [name, literal] of members) {
      const member = this.#member(type, name);
      if (member === undefined) misfit(`there is no member ${JSON.stringify(name)}${this.#known(type)}`);
      Object.defineProperty(fields, name, { value: within(`.${name}`, () => this.value(member!, literal)), enumerable: true });
    }
    return fields;
  }

  /** The type of a member, also of an anonymous struct or union within. */
  #member(type: Pick<BtfComposite, 'members'>, name: string): number | undefined {
    for (const member of type.members) {
      if (member.name === name && name !== '') return member.type;
      // Unnamed bitfields only take up room, and may claim any type, that which they are in too.
      const inner = member.name === '' && member.bitfieldSize === 0 ? this.btf.type(skipTypedefs(this.btf, member.type)) : undefined;
      const found = inner && (inner.kind === 'STRUCT' || inner.kind === 'UNION') ? this.#member(inner, name) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #known(type: Pick<BtfComposite, 'members'>): string {
    const names = type.members.map(({ name }) => name).filter(Boolean);
    return names.length === 0 || names.length > 12 ? '' : `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  }

  /** `"10.0.0.1"` for struct in_addr: what its first member takes, which has to fill it. */
  #wrapped(type: BtfComposite, literal: Literal): unknown {
    const [first] = type.members;
    const fills = first && first.bitOffset === 0 && first.bitfieldSize === 0 && sizeOf(this.btf, first.type) === type.size;
    if (!fills || literal.kind !== 'text') return misfit(`${written(literal)} is no object: write {member: value, ...}`);
    const value = this.value(first.type, literal);
    return first.name === '' ? value : { [first.name]: value };
  }

  #variables(entries: readonly { readonly type: number }[], literal: Literal): unknown {
    if (literal.kind !== 'record') return misfit(`${written(literal)} is no object of variables`);
    return this.#record(
      { members: entries.map(({ type }) => ({ name: this.btf.name(type), type, bitOffset: 0, bitfieldSize: 0 })) },
      literal.members,
    );
  }
}

function bool(literal: Literal): boolean {
  if (literal.kind === 'word' && (literal.value === 'true' || literal.value === 'false')) return literal.value === 'true';
  if (literal.kind === 'whole' && (literal.value === 0n || literal.value === 1n)) return literal.value === 1n;
  return misfit(`${written(literal)} is neither true nor false`);
}

function enumValue(type: BtfEnum, literal: Literal): string | bigint {
  if (literal.kind === 'whole') return literal.value;
  if (literal.kind === 'word' || literal.kind === 'text') return literal.value;
  return misfit(`${written(literal)} is no value of enum ${type.name}`.trimEnd());
}

const BIG_ENDIAN = /^__be(16|32|64)$/;

/** The name of the typedef that says a number is in network order; undefined when there is none. */
export function bigEndianName(btf: Btf, id: number): string | undefined {
  for (let at = id, steps = 0; steps < 64; steps++) {
    const type = btf.type(at);
    if (type.kind === 'TYPEDEF' && BIG_ENDIAN.test(type.name)) return type.name;
    if (!('type' in type) || type.kind === 'PTR' || type.kind === 'ARRAY') return undefined;
    at = type.type;
  }
  return undefined;
}

const ADDRESSES: Readonly<Record<number, string>> = { 4: 'an IPv4 address', 6: 'a MAC address', 16: 'an IPv6 address' };

function notAnArray(literal: Literal, { length }: BtfArray, form: string): string {
  if (form === 'list') return `${written(literal)} is no list`;
  if (form === 'text') return `${written(literal)} is no text`;
  const address = ADDRESSES[length];
  return `${written(literal)} is neither a list of ${length} bytes nor hex("...")${address ? ` nor ${address}` : ''}`;
}
