import { addressOf } from './memory.js';

/** A C scalar in the byte order of this machine. */
export type Scalar = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64';

/** Where a field is: `[offset, type]`, an array `[offset, type, count]`, or a bit field `[offset, 'bits', first bit, width]` counted from that byte. */
export type Field =
  | readonly [offset: number, type: Scalar]
  | readonly [offset: number, type: Scalar | 'char', count: number]
  | readonly [offset: number, type: 'bits', bit: number, width: number];

/** A kernel record as a table. Arms of a union share an offset. Offsets and sizes are in bytes. */
export interface Layout {
  readonly size: number;
  readonly fields: Readonly<Record<string, Field>>;
}

type Wide = 'u64' | 'i64';

/** What may be written into a field: a buffer given for a u64 becomes its address, and has to stay reachable until the call returns. */
export type FieldInput<F extends Field> = F extends readonly [number, 'bits', number, number]
  ? number | boolean
  : F extends readonly [number, 'char', number]
    ? string | Uint8Array
    : F extends readonly [number, Scalar, number]
      ? Uint8Array
      : F extends readonly [number, Wide]
        ? number | bigint | Uint8Array
        : number;

/** What is read out of a field: 64-bit numbers as bigint, char arrays as text up to the NUL, other arrays as their bytes. */
export type FieldOutput<F extends Field> = F extends readonly [number, 'bits', number, number]
  ? number
  : F extends readonly [number, 'char', number]
    ? string
    : F extends readonly [number, Scalar, number]
      ? Uint8Array
      : F extends readonly [number, Wide]
        ? bigint
        : number;

export type Input<L extends Layout> = { readonly [K in keyof L['fields']]?: FieldInput<L['fields'][K]> | undefined };
export type Output<L extends Layout> = { readonly [K in keyof L['fields']]: FieldOutput<L['fields'][K]> };

const WIDTHS: Record<Scalar | 'char', number> = { u8: 1, u16: 2, u32: 4, u64: 8, i8: 1, i16: 2, i32: 4, i64: 8, char: 1 };
// Every kernel that Node and the FFI run on here (x86-64, arm64) is little-endian.
const LITTLE = true;

/** Writes the fields that are given into zeroed bytes and returns them. */
export function pack<L extends Layout>(layout: L, values: Input<L>, into: Uint8Array = new Uint8Array(layout.size)): Uint8Array {
  const view = new DataView(into.buffer, into.byteOffset, layout.size);
  into.fill(0, 0, layout.size);
  for (const name in values) {
    const value = values[name as keyof typeof values];
    if (value === undefined) continue;
    const field = layout.fields[name];
    if (!field) throw new TypeError(`no field ${name} in this record`);
    write(view, name, field, value as number | bigint | boolean | string | Uint8Array);
  }
  return into;
}

/** Reads every field; those that the kernel did not know (beyond `length` bytes) read as zero. */
export function unpack<L extends Layout>(layout: L, bytes: Uint8Array, length = bytes.length): Output<L> {
  const whole = new Uint8Array(layout.size);
  whole.set(bytes.subarray(0, Math.min(length, layout.size)));
  const view = new DataView(whole.buffer);
  const record: Record<string, unknown> = {};
  for (const name in layout.fields) record[name] = read(view, layout.fields[name]!);
  return record as Output<L>;
}

const lazyRecords = new WeakMap<Layout, new (view: DataView) => object>();

/** The fields of a record, each read when it is asked for, out of memory that may change meanwhile: for lists, which are long and want few of them. */
export function fieldsAt<L extends Layout>(layout: L, view: DataView): Output<L> {
  let Record = lazyRecords.get(layout);
  if (!Record) {
    Record = class {
      constructor(readonly view: DataView) {}
    };
    for (const [name, field] of Object.entries(layout.fields)) Object.defineProperty(Record.prototype, name, { get: getterOf(field) });
    lazyRecords.set(layout, Record);
  }
  return new Record(view) as Output<L>;
}

// The two commonest are spared the way through all that a field may be.
function getterOf(field: Field): (this: { readonly view: DataView }) => unknown {
  const [offset, type] = field;
  if (field.length === 2 && type === 'u32')
    return function () {
      return this.view.getUint32(offset, LITTLE);
    };
  if (field.length === 2 && type === 'u64')
    return function () {
      return this.view.getBigUint64(offset, LITTLE);
    };
  return function () {
    return read(this.view, field);
  };
}

/** Reads one field of a record. */
export function readField<L extends Layout, K extends keyof L['fields'] & string>(
  layout: L,
  name: K,
  bytes: Uint8Array,
): FieldOutput<L['fields'][K]> {
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), layout.fields[name]!) as FieldOutput<L['fields'][K]>;
}

function write(view: DataView, name: string, field: Field, value: number | bigint | boolean | string | Uint8Array): void {
  const [offset, type] = field;
  if (type === 'bits') return writeBits(view, offset, field[2], field[3], Number(value));
  if (field.length > 2) return writeArray(view, name, offset, WIDTHS[type] * field[2]!, value as string | Uint8Array);
  if (value instanceof Uint8Array) value = addressOf(value);
  writeScalar(view, name, offset, type as Scalar, value as number | bigint);
}

function writeScalar(view: DataView, name: string, offset: number, type: Scalar, value: number | bigint): void {
  const bits = WIDTHS[type] * 8;
  if (bits === 32 && typeof value === 'number' && value >= -0x8000_0000 && value <= 0xffff_ffff && Number.isInteger(value)) {
    // By far the commonest, and spared the way through bigint.
    return view.setUint32(offset, value >>> 0, LITTLE);
  }
  if (bits === 64 && typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) {
    view.setUint32(offset, value >>> 0, LITTLE);
    return view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), LITTLE);
  }
  const wide = BigInt(value);
  // Flags are often written as -1 or as unsigned: both readings of the same bits are taken, nothing wider.
  if (wide >= 1n << BigInt(bits) || wide < -(1n << BigInt(bits - 1))) throw new RangeError(`${name}: ${value} does not fit ${bits} bits`);
  if (bits === 64) view.setBigUint64(offset, BigInt.asUintN(64, wide), LITTLE);
  else if (bits === 32) view.setUint32(offset, Number(value) >>> 0, LITTLE);
  else if (bits === 16) view.setUint16(offset, Number(value) & 0xffff, LITTLE);
  else view.setUint8(offset, Number(value) & 0xff);
}

function writeArray(view: DataView, name: string, offset: number, size: number, value: string | Uint8Array): void {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes.length > size) throw new RangeError(`${name}: ${bytes.length} bytes do not fit ${size}`);
  new Uint8Array(view.buffer, view.byteOffset + offset, size).set(bytes);
}

function writeBits(view: DataView, offset: number, bit: number, width: number, value: number): void {
  for (let i = 0; i < width; i++) {
    const at = offset + ((bit + i) >> 3);
    const mask = 1 << ((bit + i) & 7);
    const on = Math.floor(value / 2 ** i) % 2 === 1;
    view.setUint8(at, on ? view.getUint8(at) | mask : view.getUint8(at) & ~mask);
  }
}

function read(view: DataView, field: Field): unknown {
  const offset = field[0];
  const type = field[1];
  if (type === 'bits') return readBits(view, offset, field[2], field[3]);
  if (field.length > 2) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, WIDTHS[type] * field[2]!);
    return type === 'char' ? text(bytes) : bytes.slice();
  }
  switch (type as Scalar) {
    case 'u8':
      return view.getUint8(offset);
    case 'i8':
      return view.getInt8(offset);
    case 'u16':
      return view.getUint16(offset, LITTLE);
    case 'i16':
      return view.getInt16(offset, LITTLE);
    case 'u32':
      return view.getUint32(offset, LITTLE);
    case 'i32':
      return view.getInt32(offset, LITTLE);
    case 'u64':
      return view.getBigUint64(offset, LITTLE);
    case 'i64':
      return view.getBigInt64(offset, LITTLE);
  }
}

let decoder: InstanceType<typeof TextDecoder> | undefined;

function text(bytes: Uint8Array): string {
  let found = '';
  for (const unit of bytes) {
    if (unit === 0) return found;
    if (unit > LAST_ASCII) return decoded(bytes);
    found += String.fromCharCode(unit);
  }
  return found;
}

// Names are short, and nearly all of them ASCII.
const LAST_ASCII = 0x7f;

function decoded(bytes: Uint8Array): string {
  decoder ??= new TextDecoder();
  const end = bytes.indexOf(0);
  return decoder.decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}

function readBits(view: DataView, offset: number, bit: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) {
    if (view.getUint8(offset + ((bit + i) >> 3)) & (1 << ((bit + i) & 7))) value += 2 ** i;
  }
  return value;
}
