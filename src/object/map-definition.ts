import type { Btf } from '../btf/btf.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import type { BtfComposite, BtfMember } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { MapType } from '../kernel/enums.gen.js';

/** What the struct of a declared map says. */
export interface MapDefinition {
  type: number;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  numaNode: number;
  mapExtra: bigint;
  pinByName: boolean;
  keyTypeId: number;
  valueTypeId: number;
  inner: MapDefinition | undefined;
}

/** A definition being read. */
interface Reading {
  readonly btf: Btf;
  readonly map: string;
  readonly strict: boolean;
  readonly isInner: boolean;
  readonly members: readonly BtfMember[];
  readonly definition: MapDefinition;
}

type FieldReader = (reading: Reading, member: BtfMember) => void;

const LIBBPF_PIN_BY_NAME = 1;

/** The members a map's struct may have, and what each says. */
const FIELDS: Readonly<Record<string, FieldReader>> = {
  type: (r, m) => {
    r.definition.type = readInteger(r, m);
  },
  max_entries: (r, m) => {
    r.definition.maxEntries = readInteger(r, m);
  },
  map_flags: (r, m) => {
    r.definition.flags = readInteger(r, m);
  },
  numa_node: (r, m) => {
    r.definition.numaNode = readInteger(r, m);
  },
  key_size: (r, m) => setSize(r, 'keySize', readInteger(r, m)),
  value_size: (r, m) => setSize(r, 'valueSize', readInteger(r, m)),
  key: (r, m) => {
    r.definition.keyTypeId = pointee(r, m);
    setSize(r, 'keySize', sizeOf(r.btf, r.definition.keyTypeId));
  },
  value: (r, m) => {
    r.definition.valueTypeId = pointee(r, m);
    setSize(r, 'valueSize', sizeOf(r.btf, r.definition.valueTypeId));
  },
  values: readValues,
  pinning: (r, m) => {
    if (r.isInner) refuse(r, 'an inner map cannot be pinned');
    const pinning = readInteger(r, m);
    if (pinning > LIBBPF_PIN_BY_NAME) refuse(r, `pinning ${pinning} is unknown`);
    r.definition.pinByName = pinning === LIBBPF_PIN_BY_NAME;
  },
  map_extra: (r, m) => {
    r.definition.mapExtra = readLong(r, m);
  },
};

/**
 * Reads the struct of a map that is declared in `.maps`: integers are lengths of arrays that are pointed to, keys and values are types pointed to.
 *
 * @param strict whether members that are unknown are refused
 * @throws ParseError when the definition makes no sense
 */
export function readMapDefinition(btf: Btf, map: string, structId: number, strict: boolean, isInner = false): MapDefinition {
  const { members } = btf.type(structId) as BtfComposite;
  const reading: Reading = { btf, map, strict, isInner, members, definition: emptyDefinition() };
  for (const member of members) {
    const read = Object.hasOwn(FIELDS, member.name) ? FIELDS[member.name] : undefined;
    if (read) read(reading, member);
    else if (strict) refuse(reading, `it has a member '${member.name}', which no map has`);
  }
  if (reading.definition.type === MapType.UNSPEC) refuse(reading, 'it has no type');
  return reading.definition;
}

function emptyDefinition(): MapDefinition {
  return {
    type: 0,
    keySize: 0,
    valueSize: 0,
    maxEntries: 0,
    flags: 0,
    numaNode: 0,
    mapExtra: 0n,
    pinByName: false,
    keyTypeId: 0,
    valueTypeId: 0,
    inner: undefined,
  };
}

function refuse({ map }: Reading, reason: string): never {
  throw new ParseError(`map ${map}`, 0, reason);
}

/** Integers are written as `int (*name)[N]`. */
function readInteger(reading: Reading, { name, type }: BtfMember): number {
  const { btf } = reading;
  const pointer = btf.type(skipTypedefs(btf, type));
  const array = pointer.kind === 'PTR' ? btf.type(pointer.type) : undefined;
  return array?.kind === 'ARRAY' ? array.length : refuse(reading, `its ${name} is no pointer to an array`);
}

/** Longer ones as the only value of an enum. */
function readLong(reading: Reading, member: BtfMember): bigint {
  const { btf } = reading;
  const type = btf.type(skipTypedefs(btf, member.type));
  if (type.kind === 'PTR') return BigInt(readInteger(reading, member));
  if ((type.kind !== 'ENUM' && type.kind !== 'ENUM64') || type.values.length !== 1) {
    return refuse(reading, `its ${member.name} is neither a pointer to an array nor an enum of one value`);
  }
  const { value } = type.values[0]!;
  return BigInt.asUintN(64, type.kind === 'ENUM' ? BigInt.asIntN(32, value) : value);
}

function pointee(reading: Reading, { name, type }: BtfMember): number {
  const pointer = reading.btf.type(type);
  return pointer.kind === 'PTR' ? pointer.type : refuse(reading, `its ${name} is no pointer`);
}

function setSize(reading: Reading, field: 'keySize' | 'valueSize', size: number): void {
  const before = reading.definition[field];
  if (before !== 0 && before !== size)
    refuse(reading, `it has two sizes for its ${field === 'keySize' ? 'key' : 'value'}, ${before} and ${size}`);
  reading.definition[field] = size;
}

/** `__array(values, ...)`: what a map of maps, or a prog array, holds. */
function readValues(reading: Reading, member: BtfMember): void {
  const { btf, definition, members } = reading;
  const ofMaps = definition.type === MapType.ARRAY_OF_MAPS || definition.type === MapType.HASH_OF_MAPS;
  if (reading.isInner) refuse(reading, 'maps of maps of maps are not possible');
  if (member !== members.at(-1)) refuse(reading, 'its values have to be the last member');
  if (!ofMaps && definition.type !== MapType.PROG_ARRAY) refuse(reading, 'only maps of maps and prog arrays have values');
  setSize(reading, 'valueSize', 4);
  const array = btf.type(member.type);
  if (array.kind !== 'ARRAY' || array.length !== 0) return refuse(reading, 'its values are no array without length');
  const pointer = btf.type(skipTypedefs(btf, array.type));
  if (pointer.kind !== 'PTR') return refuse(reading, 'its values are no pointers');
  const id = skipTypedefs(btf, pointer.type);
  const { kind } = btf.type(id);
  if (kind !== (ofMaps ? 'STRUCT' : 'FUNC_PROTO')) refuse(reading, `its values point to ${kind}`);
  if (ofMaps) definition.inner = readMapDefinition(btf, `${reading.map}.inner`, id, reading.strict, true);
}
