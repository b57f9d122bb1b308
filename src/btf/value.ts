import { ParseError } from '../bytes/cursor.js';
import { TextBuffer } from '../bytes/text-buffer.js';
import type { Btf } from './btf.js';
import { sizeOf } from './resolve.js';
import { compileNode, type FunctionPointer, type ValueNode } from './value-node.js';

/** Strings of V8 cannot be longer. */
const MAX_TEXT = 2 ** 29 - 64;
/** Text that no value of so few bytes can have, were it not for anonymous structs that double with every level. */
const TEXT = 64 * 1024;
const TEXT_PER_BYTE = 128;

const utf8 = new TextDecoder();

export interface FormatterOptions {
  /** Names what a pointer to a function holds, which in a struct_ops map is the id of a program. Other pointers are not asked about. */
  readonly functionPointer?: FunctionPointer;
}

/**
 * Prints values of one type. It is compiled once for each form and indentation, so that a map's elements are printed at the speed of reading them.
 *
 * Both forms are byte for byte bpftool's: compact JSON, JSON with four spaces a level where arrays of scalars stay on one line, and the plain text of
 * map dumps, which is pretty JSON but for bitfields without quotes and pointers as `"0x1"`. Where bpftool's text cannot be read as JSON (floating-point
 * numbers, `"` as a `char`) it is made so.
 *
 * ```ts
 * const formatter = compileFormatter(btf, info.btfValueTypeId);
 * const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
 * for (let i = 0; i < count; i++) formatter.writeJson(out, view, i * valueSize);
 * ```
 */
export class ValueFormatter {
  readonly #compiled = new Map<number, ValueNode>();

  constructor(
    readonly btf: Btf,
    readonly typeId: number,
    readonly options: FormatterOptions = {},
  ) {}

  /**
   * Adds the value at `offset` as JSON: on one line or, with `depth`, pretty, its closing bracket indented to that level. A value that stands in an object
   * on the top level has depth 1.
   *
   * @throws ParseError when the type is malformed, has no values, or the bytes end before the value does
   */
  writeJson(out: TextBuffer, view: DataView, offset: number, depth?: number): void {
    this.#write(out, view, offset, depth === undefined ? 0 : 2 * depth + 1, false, depth);
  }

  /** The same as in bpftool's plain dumps, which is always pretty. */
  writePlain(out: TextBuffer, view: DataView, offset: number, depth: number): void {
    this.#write(out, view, offset, 2 * depth + 2, true, depth);
  }

  /** {@link writeJson} for a single value. */
  json(view: DataView, offset: number, depth?: number): string {
    const out = new TextBuffer(256);
    this.writeJson(out, view, offset, depth);
    return utf8.decode(out.take());
  }

  /** {@link writePlain} for a single value. */
  plain(view: DataView, offset: number, depth: number): string {
    const out = new TextBuffer(256);
    this.writePlain(out, view, offset, depth);
    return utf8.decode(out.take());
  }

  #write(out: TextBuffer, view: DataView, offset: number, key: number, plain: boolean, depth: number | undefined): void {
    const node = this.#compiled.get(key) ?? this.#compile(key, plain, depth, view.byteLength - offset);
    if (!(offset >= 0 && offset + node.extent <= view.byteLength)) {
      throw new ParseError(
        this.btf.what,
        offset,
        `a value of type ${this.typeId} wants ${node.extent} bytes, ${view.byteLength - offset} are left`,
      );
    }
    node.print(view, offset, out);
  }

  /** `bytes` are there for the value, which may be of a type that claims gigabytes. */
  #compile(key: number, plain: boolean, depth: number | undefined, bytes: number): ValueNode {
    const { btf, typeId } = this;
    const most = Math.min(MAX_TEXT, TEXT + TEXT_PER_BYTE * Math.min(bytes, sizeOrNone(btf, typeId)));
    const node = compileNode({ btf, plain, depth, most, functionPointer: this.options.functionPointer }, typeId);
    this.#compiled.set(key, node);
    return node;
  }
}

/** A formatter for values of a type: see {@link ValueFormatter}. Nothing is compiled before the first value is printed. */
export function compileFormatter(btf: Btf, typeId: number, options: FormatterOptions = {}): ValueFormatter {
  return new ValueFormatter(btf, typeId, options);
}

/** 0 of types that have no size: they are printed without looking at bytes. */
function sizeOrNone(btf: Btf, typeId: number): number {
  const type = btf.type(typeId);
  if (type.kind === 'DATASEC') return type.size;
  try {
    return sizeOf(btf, typeId);
  } catch (error) {
    if (error instanceof ParseError) return 0;
    throw error;
  }
}
