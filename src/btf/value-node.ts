import { quote } from '../bytes/quote.js';
import type { TextBuffer } from '../bytes/text-buffer.js';
import type { Btf } from './btf.js';
import { sizeOf, skipModifiers, skipTypedefs } from './resolve.js';
import type { BtfArray, BtfComposite, BtfDatasec, BtfVar } from './types.js';
import { IntEncoding } from './types.js';
import { bitfieldNode, bytesOf, enumNode, fixedNode, floatNode, intNode, pointerNode } from './value-scalar.js';

/** What a pointer to a function of the type `prototype` is to be called, `value` being what it holds (below 2^32). */
export type FunctionPointer = (prototype: number, value: number) => string | undefined;

/** How values are to be printed. */
export interface ValueStyle {
  readonly btf: Btf;
  /** The form of plain dumps rather than JSON. */
  readonly plain: boolean;
  /** The level that the outermost value stands on; undefined puts all on one line. */
  readonly depth: number | undefined;
  /** Nothing that can have a longer text is compiled. */
  readonly most: number;
  readonly functionPointer?: FunctionPointer | undefined;
}

/** A compiled type. */
export interface ValueNode {
  /** Prints the value at `offset`; that `extent` bytes are there has been checked. */
  readonly print: (view: DataView, offset: number, out: TextBuffer) => void;
  /** How many bytes from the offset are read. */
  readonly extent: number;
  /** No text of it is longer. */
  readonly length: number;
}

/** The kernel's own limit is 32. A type that contains itself has no end. */
const MAX_NESTING = 64;

/** Compiles a type and all that it is made of. @throws ParseError when it is malformed */
export function compileNode(style: ValueStyle, typeId: number): ValueNode {
  return new Compiler(style).node(typeId, 0, 0);
}

class Compiler {
  /** By type, bit offset and nesting: a struct that is used in many places is compiled once on each level. */
  readonly #nodes = new Map<number, ValueNode>();

  constructor(readonly style: ValueStyle) {}

  node(id: number, bitOffset: number, nesting: number): ValueNode {
    if (nesting > MAX_NESTING) this.style.btf.fail(id, 'types nest too deep');
    const key = (id * (MAX_NESTING + 1) + nesting) * 8 + bitOffset;
    const known = this.#nodes.get(key);
    if (known) return known;
    const node = this.#compile(skipTypedefs(this.style.btf, id), bitOffset, nesting);
    if (node.length > this.style.most) this.style.btf.fail(id, 'is too large to print');
    this.#nodes.set(key, node);
    return node;
  }

  #compile(id: number, bitOffset: number, nesting: number): ValueNode {
    const type = this.style.btf.type(id);
    switch (type.kind) {
      case 'INT':
        return intNode(this.style, type, bitOffset);
      case 'PTR':
        return pointerNode(this.style, type.type);
      case 'ENUM':
      case 'ENUM64':
        return enumNode(this.style, type);
      case 'FLOAT':
        return floatNode(this.style, type);
      case 'STRUCT':
      case 'UNION':
        return this.#composite(type, nesting);
      case 'ARRAY':
        return this.#array(id, type, nesting);
      case 'VAR':
        return this.#variable(type, bitOffset, nesting);
      case 'DATASEC':
        return this.#datasec(type, nesting);
      case 'VOID':
        return fixedNode(this.style, '(unknown)');
      case 'FWD':
        return fixedNode(this.style, '(fwd-kind-invalid)');
      default:
        return fixedNode(this.style, '(unsupported-kind)');
    }
  }

  #composite(type: BtfComposite, nesting: number): ValueNode {
    const parts = type.members.map(({ name, type: id, bitOffset, bitfieldSize }) => {
      const within = bitOffset % 8;
      const node = bitfieldSize > 0 ? bitfieldNode(this.style, bitfieldSize, within) : this.node(id, within, nesting + 1);
      return { name, offset: Math.floor(bitOffset / 8), node };
    });
    return this.#object(parts, nesting);
  }

  #variable(type: BtfVar, bitOffset: number, nesting: number): ValueNode {
    return this.#object([{ name: type.name, offset: 0, node: this.node(type.type, bitOffset, nesting + 1) }], nesting);
  }

  /** An object with one field, the array of its variables. */
  #datasec(type: BtfDatasec, nesting: number): ValueNode {
    const parts = type.entries.map(({ type: id, offset }) => ({ text: '', offset, node: this.node(id, 0, nesting + 2) }));
    const variables = sequence(parts, '[', this.#close(parts.length, nesting + 1, ']'));
    return this.#object([{ name: type.name, offset: 0, node: variables }], nesting);
  }

  #object(parts: readonly { name: string; offset: number; node: ValueNode }[], nesting: number): ValueNode {
    const colon = this.style.depth === undefined ? ':' : ': ';
    const before = this.#line(nesting + 1);
    const named = parts.map(({ name, offset, node }) => ({ text: before + quote(name) + colon, offset, node }));
    return sequence(named, '{', this.#close(parts.length, nesting, '}'));
  }

  #array(id: number, type: BtfArray, nesting: number): ValueNode {
    if (type.length === 0) return { print: (_view, _at, out) => out.addText('[]'), extent: 0, length: 2 };
    const size = sizeOf(this.style.btf, type.type);
    // Each would be printed, and no bytes are needed for them.
    if (size === 0 && type.length > 0xffff) this.style.btf.fail(id, 'has too many elements of no size');
    const list = elements(this.node(type.type, 0, nesting + 1), size, type.length, this.#close(1, nesting, ']'));
    return this.#isText(type) ? textOr(list, type.length) : list;
  }

  /** `char`, also a const one, but no typedef of it (is_str_array of bpftool). */
  #isText(array: BtfArray): boolean {
    const element = this.style.btf.type(skipModifiers(this.style.btf, array.type));
    return element.kind === 'INT' && element.size === 1 && (element.encoding === IntEncoding.CHAR || element.name === 'char');
  }

  /** A line break before something on this level, in the pretty forms. */
  #line(nesting: number): string {
    return this.style.depth === undefined ? '' : `\n${'    '.repeat(this.style.depth + nesting)}`;
  }

  #close(count: number, nesting: number, bracket: string): string {
    return count === 0 ? bracket : this.#line(nesting) + bracket;
  }
}

/** Parts with a text before each, and commas between them. */
function sequence(parts: readonly { text: string; offset: number; node: ValueNode }[], open: string, close: string): ValueNode {
  const texts = parts.map(({ text }, i) => bytesOf((i === 0 ? open : ',') + text));
  const offsets = parts.map(({ offset }) => offset);
  const prints = parts.map(({ node }) => node.print);
  const end = bytesOf(parts.length === 0 ? open + close : close);
  return {
    print: (view, at, out) => {
      for (let i = 0; i < prints.length; i++) {
        out.add(texts[i]!);
        prints[i]!(view, at + offsets[i]!, out);
      }
      out.add(end);
    },
    extent: parts.reduce((most, { offset, node }) => Math.max(most, offset + node.extent), 0),
    length: parts.reduce((sum, { node }, i) => sum + texts[i]!.length + node.length, end.length),
  };
}

function elements(node: ValueNode, size: number, count: number, close: string): ValueNode {
  const { print } = node;
  const end = bytesOf(close);
  return {
    print: (view, at, out) => {
      out.addText('[');
      print(view, at, out);
      for (let i = 1; i < count; i++) {
        out.addText(',');
        print(view, at + i * size, out);
      }
      out.add(end);
    },
    extent: size * (count - 1) + node.extent,
    length: count * (node.length + 1) + end.length,
  };
}

/** Characters as a string, if they are printable ASCII up to a NUL byte; all the rest as a list of numbers. */
function textOr(list: ValueNode, count: number): ValueNode {
  return {
    print: (view, at, out) => {
      const length = printableLength(view, at, count);
      if (length < 0) return list.print(view, at, out);
      out.add(QUOTE);
      for (let i = 0; i < length; i++) out.add(PRINTABLE[view.getUint8(at + i)]!);
      out.add(QUOTE);
    },
    extent: Math.max(list.extent, count),
    length: Math.max(list.length, 2 * count + 2),
  };
}

/** How many characters stand before the NUL byte; -1 when there is none, or another that cannot be printed. */
function printableLength(view: DataView, at: number, count: number): number {
  for (let i = 0; i < count; i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0) return i;
    if (byte <= 0x1f || byte >= 0x7f) return -1;
  }
  return -1;
}

const QUOTE = bytesOf('"');
const PRINTABLE = Array.from({ length: 128 }, (_, byte) => bytesOf(quote(String.fromCharCode(byte)).slice(1, -1)));
