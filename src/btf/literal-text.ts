// Values of a type in the notation that literal-value.ts reads: `{source: "10.0.0.1", port: be(443), protocol: TCP}`.
import { ipv4Text, ipv6Text } from '../bytes/addresses.js';
import { ParseError } from '../bytes/cursor.js';
import { hex } from '../bytes/text.js';
import { UsageError } from '../errors.js';
import type { Btf } from './btf.js';
import { type Codec, codecOf } from './codec.js';
import { arrayForm } from './codec-array.js';
import { bitfieldOf } from './codec-composite.js';
import { bigEndianName } from './literal-value.js';
import { sizeOf, skipTypedefs } from './resolve.js';
import type { BtfArray, BtfComposite, BtfMember } from './types.js';

/** Longer arrays are written without the zeros at their end, and of bytes in hex. */
const SHORT = 8;
const WORD = /^[A-Za-z_$][\w$]*$/;

/** A member of a struct, or a variable of a data section. */
export interface Field {
  readonly name: string;
  /** Whether it is a whole number or a fraction, which are aligned to the right. */
  readonly isNumber: boolean;
  /** The field of the value at `offset`, as {@link LiteralText.alone}. */
  text(bytes: Uint8Array, offset?: number): string;
}

/** What writes the values of a type that has so many bytes; undefined for none (0), for types that have no values, and where they have another size. */
export function literalText(btf: Btf, type: number, size: number): LiteralText | undefined {
  try {
    const text = type === 0 ? undefined : new LiteralText(btf, type);
    return text?.size === size ? text : undefined;
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/**
 * Writes values of one type as `map set` takes them. What is read again is the same value, but for bytes in padding and in members of a union beside its
 * first one.
 *
 * @throws ParseError when made, for a type that has no values or is malformed
 */
export class LiteralText {
  readonly #codecs = new Map<number, Codec>();

  constructor(
    readonly btf: Btf,
    readonly typeId: number,
  ) {
    this.#codecOf(typeId);
  }

  /** In bytes. */
  get size(): number {
    return this.#codecOf(this.typeId).size;
  }

  /** As a {@link Field}'s. */
  get isNumber(): boolean {
    return this.#isNumber(this.typeId);
  }

  /** The value at `offset` on one line. @throws UsageError when bytes are missing */
  text(bytes: Uint8Array, offset = 0): string {
    return this.#text(this.typeId, this.#whole(bytes, offset), offset);
  }

  /** The same where nothing stands beside it: text and addresses without quotes, numbers in network order as what they mean. */
  alone(bytes: Uint8Array, offset = 0): string {
    return this.#alone(this.typeId, this.#whole(bytes, offset), offset);
  }

  /**
   * Its members, those of anonymous structs among them, or variables; undefined when it has none, or is read better as one (struct in_addr).
   *
   * @throws ParseError when the type contains itself
   */
  fields(): Field[] | undefined {
    const type = this.#type(this.typeId);
    if (type.kind === 'DATASEC') return type.entries.map((entry) => this.#field(this.btf.name(entry.type), entry.type, entry.offset));
    if ((type.kind !== 'STRUCT' && type.kind !== 'UNION') || this.#addressForm(this.typeId)) return undefined;
    // Refuses types that contain themselves, which members of members would be looked for in without end.
    this.#codecOf(this.typeId);
    return this.#members(type).map(({ member, at }) => this.#memberField(member, at));
  }

  #whole(bytes: Uint8Array, offset: number): Uint8Array {
    const left = bytes.length - offset;
    if (left < this.size) throw new UsageError(`a value of type ${this.typeId} has ${this.size} bytes, ${left} are left`);
    return bytes;
  }

  #codecOf(id: number): Codec {
    const codec = this.#codecs.get(id) ?? codecOf(this.btf, id);
    this.#codecs.set(id, codec);
    return codec;
  }

  #type(id: number) {
    return this.btf.type(skipTypedefs(this.btf, id));
  }

  #field(name: string, id: number, at: number): Field {
    return { name, isNumber: this.#isNumber(id), text: (bytes, offset = 0) => this.#alone(id, this.#whole(bytes, offset), offset + at) };
  }

  #isNumber(id: number): boolean {
    const { kind } = this.#type(id);
    return (kind === 'INT' && !this.#addressForm(id)) || kind === 'FLOAT';
  }

  #memberField(member: BtfMember, at: number): Field {
    const bits = bitfieldOf(this.btf, member);
    if (!bits) return this.#field(member.name, member.type, at + member.bitOffset / 8);
    return {
      name: member.name,
      isNumber: true,
      text: (bytes, offset = 0) => scalarText(bits.coder.read(viewOf(this.#whole(bytes, offset)), offset + at)),
    };
  }

  /** The named members with where the struct begins that they are in; of a union the first. */
  #members(type: BtfComposite, at = 0): { member: BtfMember; at: number }[] {
    const members = type.kind === 'UNION' ? this.#firstFilling(type) : type.members;
    return members.flatMap((member) => {
      if (member.name !== '') return [{ member, at }];
      // Only takes up room, and may claim any type, that which it is in too.
      if (member.bitfieldSize > 0) return [];
      const inner = this.#type(member.type);
      return inner.kind === 'STRUCT' || inner.kind === 'UNION' ? this.#members(inner, at + member.bitOffset / 8) : [];
    });
  }

  /** The member of a union that says most of its bytes: the first of the largest. */
  #firstFilling(type: BtfComposite): BtfMember[] {
    const size = (member: BtfMember) => (member.bitfieldSize > 0 ? 0 : sizeOf(this.btf, member.type));
    const largest = type.members.reduce(
      (best: BtfMember | undefined, member) => (best && size(best) >= size(member) ? best : member),
      undefined,
    );
    return largest ? [largest] : [];
  }

  #alone(id: number, bytes: Uint8Array, at: number): string {
    const address = this.#addressForm(id);
    if (address) return addressText(address, bytes, at);
    const type = this.#type(id);
    if (type.kind === 'VAR') return this.#alone(type.type, bytes, at);
    if (type.kind === 'ARRAY' && arrayForm(this.btf, type) === 'text')
      return this.#characters(type, bytes, at) ?? this.#text(id, bytes, at);
    if (type.kind === 'INT' && bigEndianName(this.btf, id)) return networkNumber(bytes, at, type.size).toString();
    return this.#text(id, bytes, at);
  }

  #text(id: number, bytes: Uint8Array, at: number): string {
    const address = this.#addressForm(id);
    if (address) return `"${addressText(address, bytes, at)}"`;
    const type = this.#type(id);
    switch (type.kind) {
      case 'ARRAY':
        return this.#array(type, bytes, at);
      case 'STRUCT':
      case 'UNION':
        return recordText(this.#members(type).map(({ member, at: inner }) => [member.name, this.#member(member, bytes, at + inner)]));
      case 'DATASEC':
        return recordText(type.entries.map((entry) => [this.btf.name(entry.type), this.#text(entry.type, bytes, at + entry.offset)]));
      case 'VAR':
        return this.#text(type.type, bytes, at);
      case 'PTR':
        return `0x${viewOf(bytes).getBigUint64(at, this.btf.littleEndian).toString(16)}`;
      case 'INT':
        if (bigEndianName(this.btf, id)) return `be(${networkNumber(bytes, at, type.size)})`;
        return scalarText(this.#codecOf(id).decode(bytes, at));
      default:
        return scalarText(this.#codecOf(id).decode(bytes, at));
    }
  }

  #member(member: BtfMember, bytes: Uint8Array, at: number): string {
    const bits = bitfieldOf(this.btf, member);
    return bits ? scalarText(bits.coder.read(viewOf(bytes), at)) : this.#text(member.type, bytes, at + member.bitOffset / 8);
  }

  #array(type: BtfArray, bytes: Uint8Array, at: number): string {
    const form = arrayForm(this.btf, type);
    if (form === 'text') {
      const characters = this.#characters(type, bytes, at);
      if (characters !== undefined) return JSON.stringify(characters);
    }
    if (form !== 'list' && (form === 'text' || type.length > SHORT)) return `hex("${hex(bytes.subarray(at, at + type.length), ' ')}")`;
    const size = sizeOf(this.btf, type.type);
    let length = type.length;
    while (length > SHORT && isZero(bytes, at + (length - 1) * size, size)) length -= 1;
    return `[${Array.from({ length }, (_, i) => this.#text(type.type, bytes, at + i * size)).join(', ')}]`;
  }

  /** What a `char[]` says, unless there is more in it than a text and zeros. */
  #characters(type: BtfArray, bytes: Uint8Array, at: number): string | undefined {
    const all = bytes.subarray(at, at + type.length);
    const end = all.indexOf(0);
    const used = end < 0 ? all : all.subarray(0, end);
    if (end >= 0 && !isZero(all, end, all.length - end)) return undefined;
    const text = utf8.decode(used);
    return Buffer.compare(Buffer.from(text), used) === 0 ? text : undefined;
  }

  /** Which address a type holds: `__be32` and what is made of it alone (struct in_addr), struct in6_addr, four `__be32`, six bytes. */
  #addressForm(id: number): AddressForm | undefined {
    const type = this.#type(id);
    if (type.kind === 'INT') return type.size === 4 && bigEndianName(this.btf, id) ? 'ipv4' : undefined;
    if (type.kind === 'ARRAY') return this.#arrayAddress(type);
    if (type.kind !== 'STRUCT') return undefined;
    if (type.name === 'in6_addr' && type.size === 16) return 'ipv6';
    const [first] = type.members;
    return type.members.length === 1 && first!.bitfieldSize === 0 && type.size === 4 ? this.#addressForm(first!.type) : undefined;
  }

  #arrayAddress(type: BtfArray): AddressForm | undefined {
    if (type.length === 4 && this.#type(type.type).kind === 'INT' && this.#addressForm(type.type) === 'ipv4') return 'ipv6';
    return type.length === 6 && arrayForm(this.btf, type) === 'bytes' ? 'mac' : undefined;
  }
}

type AddressForm = 'ipv4' | 'ipv6' | 'mac';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function addressText(form: AddressForm, bytes: Uint8Array, at: number): string {
  if (form === 'ipv4') return ipv4Text(bytes.subarray(at, at + 4));
  return form === 'ipv6' ? ipv6Text(bytes.subarray(at, at + 16)) : hex(bytes.subarray(at, at + 6), ':');
}

function networkNumber(bytes: Uint8Array, at: number, size: number): bigint {
  return bytes.subarray(at, at + size).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function recordText(parts: readonly (readonly [name: string, text: string])[]): string {
  return `{${parts.map(([name, text]) => `${WORD.test(name) ? name : JSON.stringify(name)}: ${text}`).join(', ')}}`;
}

/** A number, true or false, or the name of an enum's value; a long float as its bytes. */
function scalarText(value: unknown): string {
  if (value instanceof Uint8Array) return `hex("${hex(value, ' ')}")`;
  if (Object.is(value, -0)) return '-0.0';
  return typeof value === 'string' && !WORD.test(value) ? JSON.stringify(value) : String(value);
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
