import type { Btf } from './btf.js';
import { enumCoder, intCoder } from './codec-scalar.js';
import { at, type Coder, Misfit, quote } from './coder.js';
import { skipTypedefs } from './resolve.js';
import type { BtfComposite, BtfMember } from './types.js';

/** What of a struct or union matters here. */
export type Composite = Pick<BtfComposite, 'kind' | 'size' | 'members'>;

type Fields = Record<string, unknown>;

/** The coder of a struct or union, which can also read and write the members among those of another object. */
interface CompositeCoder extends Coder {
  readonly names: ReadonlySet<string>;
  readInto(view: DataView, offset: number, fields: Fields): void;
  writeFrom(view: DataView, offset: number, fields: Fields): void;
}

/** A member, or all members of an anonymous one. */
interface Slot extends Pick<CompositeCoder, 'names' | 'readInto' | 'writeFrom' | 'leaves'> {}

/** @throws ParseError through `fail` when members reach beyond the end, or what is a bitfield cannot be one */
export function compositeCoder(btf: Btf, type: Composite, inner: (id: number) => Coder, fail: (reason: string) => never): CompositeCoder {
  const slots = type.members.filter((member) => !isPadding(member)).map((member) => slotOf(btf, type, member, inner, fail));
  const names = new Set(slots.flatMap((slot) => [...slot.names]));
  const readInto = (view: DataView, offset: number, fields: Fields) => {
    for (const slot of slots) slot.readInto(view, offset, fields);
  };
  const writeFrom = type.kind === 'UNION' ? unionWriter(slots, type.size) : structWriter(slots);
  return {
    size: type.size,
    leaves: slots.reduce((sum, { leaves }) => sum + leaves, 1),
    names,
    readInto,
    writeFrom,
    read: (view, offset) => {
      const fields: Fields = {};
      readInto(view, offset, fields);
      return fields;
    },
    write: (view, offset, value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misfit(`${quote(value)} is no object`);
      for (const name of Object.keys(value)) if (!names.has(name)) throw new Misfit(`there is no member ${quote(name)}`);
      writeFrom(view, offset, value as Fields);
    },
  };
}

/** Unnamed bitfields only take up room. */
function isPadding({ name, bitfieldSize }: BtfMember): boolean {
  return name === '' && bitfieldSize > 0;
}

function slotOf(btf: Btf, type: Composite, member: BtfMember, inner: (id: number) => Coder, fail: (reason: string) => never): Slot {
  const bits = bitfieldOf(btf, member);
  if (bits) {
    if (bits.offset + bits.bits > type.size * 8) fail(`member ${member.name} reaches beyond the end`);
    return namedSlot(member.name, bits.coder, 0);
  }
  const coder = inner(member.type);
  const offset = member.bitOffset / 8;
  if (!Number.isInteger(offset)) fail(`member ${member.name} begins at bit ${member.bitOffset}`);
  if (offset + coder.size > type.size) fail(`member ${member.name} reaches beyond the end`);
  return member.name === '' ? anonymousSlot(coder, offset) : namedSlot(member.name, coder, offset);
}

/** Where a bitfield is, and its coder; undefined for other members. Old compilers wrote bitfields as integers of fewer bits than their bytes have. */
export function bitfieldOf(btf: Btf, member: BtfMember): { coder: Coder; offset: number; bits: number } | undefined {
  const type = btf.type(skipTypedefs(btf, member.type));
  if (type.kind === 'INT') {
    const bits = member.bitfieldSize || (type.bits < type.size * 8 ? type.bits : 0);
    const offset = member.bitOffset + type.offset;
    return bits === 0 ? undefined : { coder: intCoder(type, btf.littleEndian, { offset, bits }), offset, bits };
  }
  if (member.bitfieldSize === 0) return undefined;
  if (type.kind !== 'ENUM' && type.kind !== 'ENUM64') return btf.fail(member.type, `${type.kind} cannot be a bitfield`);
  const { bitOffset: offset, bitfieldSize: bits } = member;
  return { coder: enumCoder(type, btf.littleEndian, { offset, bits }), offset, bits };
}

function namedSlot(name: string, coder: Coder, place: number): Slot {
  return {
    names: new Set([name]),
    leaves: coder.leaves,
    readInto: (view, offset, fields) => setField(fields, name, coder.read(view, offset + place)),
    writeFrom: (view, offset, fields) => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (value !== undefined) at(`.${name}`, () => coder.write(view, offset + place, value));
    },
  };
}

/** A member without a name that is no struct or union has nothing to be named by. */
function anonymousSlot(coder: Coder, place: number): Slot {
  const { names, readInto, writeFrom } = coder as Partial<CompositeCoder>;
  if (!names || !readInto || !writeFrom) return { names: new Set(), leaves: 0, readInto: () => {}, writeFrom: () => {} };
  return {
    names,
    leaves: coder.leaves,
    readInto: (view, offset, fields) => readInto(view, offset + place, fields),
    writeFrom: (view, offset, fields) => writeFrom(view, offset + place, fields),
  };
}

/** A file may name a member `__proto__`. */
function setField(fields: Fields, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  else fields[name] = value;
}

type Writer = CompositeCoder['writeFrom'];

function structWriter(slots: readonly Slot[]): Writer {
  return (view, offset, fields) => {
    for (const slot of slots) slot.writeFrom(view, offset, fields);
  };
}

/** Of a union usually one member is given. More are taken when they agree, as they do in what was read before. */
function unionWriter(slots: readonly Slot[], size: number): Writer {
  return (view, offset, fields) => {
    const given = slots.filter(({ names }) => [...names].some((name) => Object.hasOwn(fields, name) && fields[name] !== undefined));
    if (given.length === 1) return given[0]!.writeFrom(view, offset, fields);
    const written = new Uint8Array(size);
    const claimed = new Uint8Array(size);
    for (const slot of given) {
      const [bits, claims] = trial(slot, size, fields);
      for (let i = 0; i < size; i++) {
        if ((bits[i]! ^ written[i]!) & claims[i]! & claimed[i]!) throw new Misfit(`${listed(given)} disagree: give one of them`);
        written[i]! |= bits[i]!;
        claimed[i]! |= claims[i]!;
      }
    }
    for (let i = 0; i < size; i++) view.setUint8(offset + i, (view.getUint8(offset + i) & ~claimed[i]!) | written[i]!);
  };
}

/** What a member writes, and on which bits it has a say: those that come out alike, whatever was there. */
function trial(slot: Slot, size: number, fields: Fields): [bits: Uint8Array, claims: Uint8Array] {
  const zeros = new Uint8Array(size);
  const ones = new Uint8Array(size).fill(0xff);
  for (const bytes of [zeros, ones]) slot.writeFrom(new DataView(bytes.buffer), 0, fields);
  return [zeros, ones.map((byte, i) => ~(byte ^ zeros[i]!))];
}

function listed(slots: readonly Slot[]): string {
  return slots.map(({ names }) => [...names].join('+')).join(' and ');
}
