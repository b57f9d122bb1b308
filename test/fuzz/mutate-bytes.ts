import type { Field, Group } from './fields.js';
import type { Random } from './random.js';

/** A valid input, and where its numbers are. */
export interface ByteSeed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly groups: readonly Group[];
}

type Mutation = (bytes: Uint8Array, seed: ByteSeed, random: Random, all: readonly ByteSeed[]) => Uint8Array;

// How often each is taken: aimed damage finds most.
const MUTATIONS: readonly Mutation[] = [
  changeField,
  changeField,
  changeField,
  changeField,
  swapFields,
  flipBit,
  setByte,
  fill,
  splice,
  move,
];
const CUT = 24;
const INTERESTING = [0, 1, 2, 3, 4, 7, 8, 0x10, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0xffffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** A damaged copy of a seed. */
export function mutateBytes(seed: ByteSeed, random: Random, all: readonly ByteSeed[]): Uint8Array {
  let bytes: Uint8Array = seed.bytes.slice();
  for (let changes = 1 + random.below(random.once(4) ? 16 : 3); changes > 0 && bytes.length > 0; changes--) {
    bytes = random.pick(MUTATIONS)(bytes, seed, random, all);
  }
  return random.once(CUT) ? bytes.slice(0, random.below(bytes.length)) : bytes;
}

function changeField(bytes: Uint8Array, seed: ByteSeed, random: Random): Uint8Array {
  const field = pickField(seed, random);
  if (!field) return setByte(bytes, seed, random);
  const old = readField(bytes, field);
  writeField(bytes, field, newValue(old, bytes.length, random));
  return bytes;
}

function newValue(old: bigint, length: number, random: Random): bigint {
  switch (random.below(8)) {
    case 0:
      return BigInt(random.pick(INTERESTING));
    case 1:
      return old + 1n + BigInt(random.below(16));
    case 2:
      return old - 1n - BigInt(random.below(16));
    case 3:
      return old ^ (1n << BigInt(random.below(64)));
    case 4:
      return BigInt(random.below(length + 16));
    case 5:
      return BigInt(random.below(32));
    case 6:
      return 0xffff_ffff_ffff_ffffn - BigInt(random.below(random.once(2) ? 8 : length));
    default:
      return (BigInt(random.word()) << 32n) | BigInt(random.word());
  }
}

/** What stands in one place goes to another of the same kind: an id that exists, but is the wrong one. */
function swapFields(bytes: Uint8Array, seed: ByteSeed, random: Random): Uint8Array {
  const group = random.pick(seed.groups);
  // An input that was found and kept may have none of a kind.
  if (!group?.length) return bytes;
  const to = random.pick(group);
  const from = random.pick(group);
  writeField(bytes, to, readField(bytes, from));
  return bytes;
}

function flipBit(bytes: Uint8Array, _: ByteSeed, random: Random): Uint8Array {
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
}

function setByte(bytes: Uint8Array, _: ByteSeed, random: Random): Uint8Array {
  bytes[random.below(bytes.length)] = random.once(2) ? random.pick(INTERESTING) : random.word();
  return bytes;
}

function fill(bytes: Uint8Array, _: ByteSeed, random: Random): Uint8Array {
  const start = random.below(bytes.length);
  return bytes.fill(random.pick([0, 0xff, 0x41]), start, start + random.below(64));
}

/** A piece of another seed. */
function splice(bytes: Uint8Array, _: ByteSeed, random: Random, all: readonly ByteSeed[]): Uint8Array {
  const { bytes: other } = random.pick(all);
  const from = random.below(other.length) & ~3;
  const at = random.below(bytes.length) & ~3;
  bytes.set(other.subarray(from, Math.min(other.length, from + random.below(256), from + bytes.length - at)), at);
  return bytes;
}

/** A piece of its own, somewhere else. */
function move(bytes: Uint8Array, _: ByteSeed, random: Random): Uint8Array {
  const from = random.below(bytes.length) & ~3;
  return bytes.copyWithin(random.below(bytes.length) & ~3, from, from + random.below(128));
}

function pickField(seed: ByteSeed, random: Random): Field | undefined {
  return seed.groups.length === 0 ? undefined : random.pick(random.pick(seed.groups));
}

// All test machines are little-endian; in big-endian seeds the same damage means something else, and is as good.
function readField(bytes: Uint8Array, { at, width }: Field): bigint {
  let value = 0n;
  for (let i = Math.min(width, bytes.length - at) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
  return value;
}

function writeField(bytes: Uint8Array, { at, width }: Field, value: bigint): void {
  for (let i = 0, rest = BigInt.asUintN(64, value); i < width && at + i < bytes.length; i++, rest >>= 8n)
    bytes[at + i] = Number(rest & 0xffn);
}
