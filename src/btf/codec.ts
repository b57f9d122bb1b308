import { UsageError } from '../errors.js';
import type { Btf } from './btf.js';
import { arrayCoder } from './codec-array.js';
import { type Composite, compositeCoder } from './codec-composite.js';
import { enumCoder, floatCoder, intCoder, pointerCoder } from './codec-scalar.js';
import { type Coder, Misfit } from './coder.js';
import { skipTypedefs } from './resolve.js';

/** Scalars of a value, for its size, beyond which nobody means the type: a hostile file can nest empty structs without end. */
const LEAVES_PER_BYTE = 64;
const LEAVES_OF_ANY = 1 << 16;
const MAX_DEPTH = 64;
const MAX_INTEGER = 16;

/**
 * What may be given for a value of type T: whole numbers for 64-bit integers as `number` too, anything with indexes for bytes, and structs with
 * members left out, which are then zero as in an initializer of C. Of a union one member is given.
 */
export type Input<T> = T extends bigint
  ? bigint | number
  : T extends string | number | boolean
    ? T
    : T extends Uint8Array
      ? ArrayLike<number>
      : T extends readonly (infer E)[]
        ? readonly Input<E>[]
        : T extends object
          ? { readonly [P in keyof T]?: Input<T[P]> | undefined }
          : T;

/**
 * Turns bytes of one BTF type into a JavaScript value and back.
 *
 * Integers of up to 32 bits are numbers, longer ones and pointers bigints; `bool` is a boolean; an enum is the name of its value, or a number where
 * it has no name for it; `char[]` is a string up to its first NUL, arrays of other unsigned bytes are Uint8Arrays, all others arrays; structs and
 * unions are objects, the members of anonymous ones among those of what they are in. A union has all of its members when it is read.
 */
export interface Codec<T = unknown> {
  /** In bytes. */
  readonly size: number;
  /** @throws UsageError that names the member whose value does not fit */
  encode(value: Input<T>): Uint8Array;
  /** Reads the value at an offset. @throws UsageError when bytes are missing */
  decode(bytes: Uint8Array, offset?: number): T;
}

/**
 * The codec of a type (of a variable, that of its type; of a data section, of an object of its variables). Byte order is that of the BTF.
 *
 * @param name what a value is called in errors
 * @throws ParseError when the type has no values (void, a function, a forward declaration) or is malformed
 */
export function codecOf<T = unknown>(btf: Btf, id: number, name = 'value'): Codec<T> {
  const coder = new Compiler(btf).compile(id, 0);
  return {
    size: coder.size,
    encode: (value) => {
      const bytes = new Uint8Array(coder.size);
      write(coder, bytes, value, name);
      return bytes;
    },
    decode: (bytes, offset = 0) => {
      const left = bytes.length - offset;
      if (left < coder.size) throw new UsageError(`${name}: ${left} bytes are too few, it has ${coder.size}`);
      return coder.read(viewOf(bytes), offset) as T;
    },
  };
}

function write(coder: Coder, bytes: Uint8Array, value: unknown, name: string): void {
  try {
    coder.write(viewOf(bytes), 0, value);
  } catch (error) {
    if (error instanceof Misfit) throw new UsageError(`${name}${error.path}: ${error.reason}`);
    throw error;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Makes coders, one for each type, however often it is used. */
class Compiler {
  readonly #known = new Map<number, Coder>();

  constructor(readonly btf: Btf) {}

  compile(id: number, depth: number): Coder {
    const known = this.#known.get(id);
    if (known) return known;
    if (depth > MAX_DEPTH) this.btf.fail(id, 'types nest too deep');
    const coder = this.#make(id, depth + 1);
    if (coder.leaves > LEAVES_OF_ANY + LEAVES_PER_BYTE * coder.size) this.btf.fail(id, `${coder.leaves} values in ${coder.size} bytes`);
    this.#known.set(id, coder);
    return coder;
  }

  #make(id: number, depth: number): Coder {
    const { btf } = this;
    const inner = (to: number) => this.compile(to, depth);
    const at = skipTypedefs(btf, id);
    const type = btf.type(at);
    switch (type.kind) {
      case 'INT':
        this.#checkSize(at, type.size);
        return intCoder(type, btf.littleEndian);
      case 'ENUM':
      case 'ENUM64':
        this.#checkSize(at, type.size);
        return enumCoder(type, btf.littleEndian);
      case 'FLOAT':
        return floatCoder(type, btf.littleEndian);
      case 'PTR':
        return pointerCoder(btf.littleEndian);
      case 'ARRAY':
        return arrayCoder(btf, type, inner);
      case 'STRUCT':
      case 'UNION':
        return compositeCoder(btf, type, inner, (reason) => btf.fail(at, reason));
      case 'VAR':
        return inner(type.type);
      case 'DATASEC':
        return compositeCoder(btf, this.#variables(type), inner, (reason) => btf.fail(at, reason));
      default:
        return btf.fail(id, `${type.kind} has no values`);
    }
  }

  #checkSize(id: number, size: number): void {
    if (size < 1 || size > MAX_INTEGER) this.btf.fail(id, `integers of ${size} bytes are not possible`);
  }

  #variables({ size, entries }: { size: number; entries: readonly { type: number; offset: number }[] }): Composite {
    const members = entries.map(({ type, offset }) => ({ name: this.btf.name(type), type, bitOffset: offset * 8, bitfieldSize: 0 }));
    return { kind: 'STRUCT', size, members };
  }
}
