import type { Btf } from '../btf/btf.js';
import { type Codec, codecOf, type Input } from '../btf/codec.js';
import { ParseError } from '../bytes/cursor.js';
import { UsageError } from '../errors.js';
import type { BpfMap, UpdateMode } from './map.js';
import { rows } from './rows.js';

/** A map whose keys and values are JavaScript values. It does not own the map: that is closed with the object it is of. */
export class TypedMap<K, V> implements Iterable<[K, V]> {
  constructor(
    readonly map: BpfMap,
    readonly key: Codec<K>,
    readonly value: Codec<V>,
  ) {}

  /** Undefined when there is no such key. */
  get(key: Input<K>): V | undefined {
    const bytes = this.map.lookup(this.key.encode(key));
    return bytes && this.value.decode(bytes);
  }

  /** @throws UsageError naming the member whose value does not fit */
  set(key: Input<K>, value: Input<V>, mode: UpdateMode = 'any'): void {
    this.map.update(this.key.encode(key), this.value.encode(value), mode);
  }

  /** False when there was no such key. */
  delete(key: Input<K>): boolean {
    return this.map.delete(this.key.encode(key));
  }

  /** Each element once, also while the map is being changed. */
  *entries(): Generator<[K, V]> {
    for (const { key, value } of rows(this.map)) yield [this.key.decode(key), this.value.decode(value)];
  }

  *keys(): Generator<K> {
    for (const { key } of rows(this.map)) yield this.key.decode(key);
  }

  *values(): Generator<V> {
    for (const { value } of rows(this.map)) yield this.value.decode(value);
  }

  [Symbol.iterator](): Generator<[K, V]> {
    return this.entries();
  }
}

/** A map that has one value for each possible CPU. */
export class PerCpuMap<K, V> implements Iterable<[K, V[]]> {
  constructor(
    readonly map: BpfMap,
    readonly key: Codec<K>,
    readonly value: Codec<V>,
  ) {}

  /** The values by CPU; undefined when there is no such key. */
  get(key: Input<K>): V[] | undefined {
    const bytes = this.map.lookup(this.key.encode(key));
    return bytes && this.#decode(bytes);
  }

  /** Gives all CPUs the same value. */
  set(key: Input<K>, value: Input<V>, mode: UpdateMode = 'any'): void {
    this.map.update(this.key.encode(key), this.value.encode(value), mode);
  }

  /** Gives each CPU its own. @throws UsageError when there are more or fewer than possible CPUs */
  setEach(key: Input<K>, values: readonly Input<V>[], mode: UpdateMode = 'any'): void {
    const whole = new Uint8Array(this.map.valueBytes);
    const places = this.map.perCpu(whole);
    if (values.length !== places.length) throw new UsageError(`${this.map.title} takes ${places.length} values, not ${values.length}`);
    for (const [cpu, value] of values.entries()) places[cpu]!.set(this.value.encode(value));
    this.map.update(this.key.encode(key), whole, mode);
  }

  /** False when there was no such key. */
  delete(key: Input<K>): boolean {
    return this.map.delete(this.key.encode(key));
  }

  /** Each element once, also while the map is being changed. */
  *entries(): Generator<[K, V[]]> {
    for (const { key, value } of rows(this.map)) yield [this.key.decode(key), this.#decode(value)];
  }

  [Symbol.iterator](): Generator<[K, V[]]> {
    return this.entries();
  }

  #decode(bytes: Uint8Array): V[] {
    return this.map.perCpu(bytes).map((value) => this.value.decode(value));
  }
}

/** A queue or stack of JavaScript values. */
export class TypedQueue<V> {
  constructor(
    readonly map: BpfMap,
    readonly value: Codec<V>,
  ) {}

  /** A full one refuses, or gives up its oldest value with `replace`. */
  push(value: Input<V>, replace = false): void {
    this.map.push(this.value.encode(value), replace);
  }

  /** Takes the head out. Undefined when it is empty. */
  pop(): V | undefined {
    const bytes = this.map.pop();
    return bytes && this.value.decode(bytes);
  }

  /** The head, which stays. */
  peek(): V | undefined {
    const bytes = this.map.peek();
    return bytes && this.value.decode(bytes);
  }
}

/** The codec of a type; of bytes, as Uint8Array, where there is none or it has no values. */
export function codecOrBytes(btf: Btf | undefined, typeId: number, size: number, name: string): Codec {
  if (!btf || typeId === 0) return bytesCodec(size, name);
  try {
    return codecOf(btf, typeId, name);
  } catch (error) {
    if (error instanceof ParseError) return bytesCodec(size, name);
    throw error;
  }
}

/** Unsigned 32-bit numbers: the keys of arrays, which need no type. */
export const indexCodec: Codec<number> = {
  size: 4,
  encode: (index) => {
    if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) throw new UsageError(`${index} is no index`);
    return new Uint8Array(Uint32Array.of(index).buffer);
  },
  decode: (bytes, offset = 0) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true),
};

function bytesCodec(size: number, name: string): Codec<Uint8Array> {
  return {
    size,
    encode: (value) => {
      if (value.length !== size) throw new UsageError(`${name}: it has ${size} bytes, not ${value.length}`);
      return Uint8Array.from(value);
    },
    decode: (bytes, offset = 0) => bytes.slice(offset, offset + size),
  };
}
