import { ParseError } from '../bytes/cursor.js';
import type { Btf } from './btf.js';
import { compileNode, type FunctionPointer, type ValueNode } from './value-node.js';

/** Strings of V8 cannot be longer. */
const MAX_TEXT = 2 ** 29 - 64;

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
 * for (let i = 0; i < count; i++) text += formatter.json(view, i * valueSize);
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
   * The value at `offset` as JSON: on one line or, with `depth`, pretty, its closing bracket indented to that level. A value that stands in an object
   * on the top level has depth 1.
   *
   * @throws ParseError when the type is malformed, has no values, or the bytes end before the value does
   */
  json(view: DataView, offset: number, depth?: number): string {
    return this.#print(view, offset, depth === undefined ? 0 : 2 * depth + 1, false, depth);
  }

  /** The same as in bpftool's plain dumps, which is always pretty. */
  plain(view: DataView, offset: number, depth: number): string {
    return this.#print(view, offset, 2 * depth + 2, true, depth);
  }

  #print(view: DataView, offset: number, key: number, plain: boolean, depth: number | undefined): string {
    const node = this.#compiled.get(key) ?? this.#compile(key, plain, depth);
    if (!(offset >= 0 && offset + node.extent <= view.byteLength)) {
      throw new ParseError(
        this.btf.what,
        offset,
        `a value of type ${this.typeId} wants ${node.extent} bytes, ${view.byteLength - offset} are left`,
      );
    }
    return node.print(view, offset);
  }

  #compile(key: number, plain: boolean, depth: number | undefined): ValueNode {
    const node = compileNode({ btf: this.btf, plain, depth, functionPointer: this.options.functionPointer }, this.typeId);
    if (node.length > MAX_TEXT) this.btf.fail(this.typeId, 'is too large to print');
    this.#compiled.set(key, node);
    return node;
  }
}

/** A formatter for values of a type: see {@link ValueFormatter}. Nothing is compiled before the first value is printed. */
export function compileFormatter(btf: Btf, typeId: number, options: FormatterOptions = {}): ValueFormatter {
  return new ValueFormatter(btf, typeId, options);
}
