// Elements of a map as JSON objects that lose nothing, and back.
import type { Btf } from '../btf/btf.js';
import { type Codec, codecOf } from '../btf/codec.js';
import { encodeUntyped } from '../btf/literal-bytes.js';
import { encodeLiteral } from '../btf/literal-value.js';
import { ParseError } from '../bytes/cursor.js';
import { type Literal, parseLiteral } from '../bytes/literal.js';
import { hex } from '../bytes/text.js';
import { UsageError } from '../errors.js';
import { json } from '../format/json.js';
import { typesOf } from './formats.js';
import type { BpfMap } from './map.js';

/** Members of an element's object: by types (`key`, `value`, of a per-CPU map `values`), or in hex where there is none or it would not say all of the bytes. */
export type EntryRecord = Readonly<Record<string, unknown>>;

/** An element's key and value as the kernel takes them: for a per-CPU map those of all CPUs. */
export interface EntryBytes {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const MEMBERS = ['key', 'key_hex', 'value', 'value_hex', 'values', 'values_hex'];

/** Writes the elements of a map as objects, and reads such objects for it. */
export class EntryRecords {
  readonly #key: Side;
  readonly #value: Side;
  readonly #perCpu: boolean;

  constructor(readonly map: BpfMap) {
    const types = typesOf(map);
    const { keySize, valueSize } = map.info;
    // What is an id to read is a descriptor to write: its number alone is the same for all.
    const isId = map.row.value === 'map' || map.row.value === 'prog';
    this.#key = new Side('key', keySize, map.row.key === 'index', types?.btf, types?.key ?? 0);
    this.#value = new Side('value', valueSize, isId, types?.btf, isId ? 0 : (types?.value ?? 0));
    this.#perCpu = map.row.value === 'per-cpu';
  }

  /** What keys are where the value is hex: `record` then gives nothing but that. Undefined where types are known, or an id is meant. */
  get hexKeys(): 'number' | 'hex' | undefined {
    return this.#value.form === 'hex' && this.#key.form !== 'typed' ? this.#key.form : undefined;
  }

  /** The object of an element. */
  record(key: Uint8Array, value: Uint8Array): EntryRecord {
    return { ...this.keyRecord(key), ...this.valueRecord(value) };
  }

  /** `{key}` or `{key_hex}`. */
  keyRecord(key: Uint8Array): EntryRecord {
    const typed = this.#key.typed(key);
    return typed === undefined ? { key_hex: hex(key) } : { key: typed };
  }

  /** The value's members: `value` or `values`, or the same in hex. */
  valueRecord(value: Uint8Array): EntryRecord {
    if (!this.#perCpu) {
      const typed = this.#value.typed(value);
      return typed === undefined ? { value_hex: hex(value) } : { value: typed };
    }
    const places = this.map.perCpu(value);
    const typed = places.map((place) => this.#value.typed(place));
    return typed.includes(undefined) ? { values_hex: places.map((place) => hex(place)) } : { values: typed };
  }

  /** The bytes that an object says. @throws UsageError that names the member that is missing, too much or does not fit */
  read(literal: Literal): EntryBytes {
    if (literal.kind !== 'record') throw new UsageError('it is no object');
    const unknown = [...literal.members.keys()].find((name) => !MEMBERS.includes(name));
    if (unknown !== undefined) throw new UsageError(`there is no member ${JSON.stringify(unknown)}; there are ${MEMBERS.join(', ')}`);
    return { key: this.#readKey(literal.members), value: this.#readValue(literal.members) };
  }

  #readKey(members: ReadonlyMap<string, Literal>): Uint8Array {
    const [name, literal] = one(members, ['key', 'key_hex']);
    return name === 'key' ? this.#key.read(literal, name) : this.#key.readHex(literal, name);
  }

  #readValue(members: ReadonlyMap<string, Literal>): Uint8Array {
    const [name, literal] = one(members, this.#perCpu ? ['values', 'values_hex'] : ['value', 'value_hex']);
    const read = (each: Literal, path: string) => (name.endsWith('_hex') ? this.#value.readHex(each, path) : this.#value.read(each, path));
    if (!this.#perCpu) return read(literal, name);
    const whole = new Uint8Array(this.map.valueBytes);
    const places = this.map.perCpu(whole);
    if (literal.kind !== 'list' || literal.items.length !== places.length)
      throw new UsageError(`${name}: it has to be a list of ${places.length}, one for each CPU`);
    for (const [cpu, item] of literal.items.entries()) places[cpu]!.set(read(item, `${name}[${cpu}]`));
    return whole;
  }
}

function one(members: ReadonlyMap<string, Literal>, names: readonly string[]): [name: string, literal: Literal] {
  const given = names.filter((name) => members.has(name));
  if (given.length !== 1) throw new UsageError(`${given.length === 0 ? 'there is no' : 'there is more than one of'} ${names.join(' or ')}`);
  return [given[0]!, members.get(given[0]!)!];
}

/** The keys, or the values, of a map. */
class Side {
  readonly #codec: Codec | undefined;
  readonly #checkText: boolean;

  constructor(
    name: string,
    readonly size: number,
    /** A number without a type. */
    readonly isNumber: boolean,
    readonly btf: Btf | undefined,
    readonly type: number,
  ) {
    const codec = btf && type !== 0 ? codecIfAny(btf, type, name) : undefined;
    this.#codec = codec?.size === size ? codec : undefined;
    this.#checkText = this.#codec !== undefined && hasFloats(btf!, type, new Set());
  }

  get form(): 'typed' | 'number' | 'hex' {
    if (this.#codec) return 'typed';
    return this.isNumber && this.size === 4 ? 'number' : 'hex';
  }

  /** The value of bytes by their type, if nothing of them is lost by that: not what is in padding, or no text. */
  typed(bytes: Uint8Array): unknown {
    if (!this.#codec) return this.form === 'number' ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : undefined;
    const value = this.#codec.decode(bytes);
    const again = this.#again(this.#codec, value);
    return again && Buffer.compare(again, bytes) === 0 ? value : undefined;
  }

  read(literal: Literal, name: string): Uint8Array {
    if (!this.#codec) return encodeUntyped(this.size, literal, name);
    return encodeLiteral(this.btf!, this.type, literal, name, 'as they are');
  }

  readHex(literal: Literal, name: string): Uint8Array {
    return encodeUntyped(this.size, { kind: 'call', name: 'hex', argument: literal, at: literal.at }, name);
  }

  /**
   * The bytes that a value that was read says; undefined when it does not say them, as a text that is no UTF-8, which does not even fit any more. Through
   * text where JSON may have no word for it: NaN, infinity and -0.
   */
  #again(codec: Codec, value: unknown): Uint8Array | undefined {
    try {
      return this.#checkText ? this.read(parseLiteral(json(value)), '') : codec.encode(value as never);
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }
}

function codecIfAny(btf: Btf, type: number, name: string): Codec | undefined {
  try {
    return codecOf(btf, type, name);
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function hasFloats(btf: Btf, id: number, seen: Set<number>): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const type = btf.type(id);
  if (type.kind === 'FLOAT') return true;
  if (type.kind === 'STRUCT' || type.kind === 'UNION') return type.members.some((member) => hasFloats(btf, member.type, seen));
  if (type.kind === 'DATASEC') return type.entries.some((entry) => hasFloats(btf, entry.type, seen));
  return 'type' in type && type.kind !== 'PTR' && hasFloats(btf, type.type, seen);
}
