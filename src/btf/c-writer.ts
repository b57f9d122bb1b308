import type { CLimits } from './c-limits.js';
import type { Names } from './c-names.js';
import { padding } from './c-padding.js';
import { CSizes } from './c-sizes.js';
import { CSpellings } from './c-spellings.js';
import { CText, numbered } from './c-text.js';
import type { FlatTypes } from './flat.js';
import {
  ARRAY,
  CONST,
  DATASEC,
  DECL_TAG,
  ENUM,
  ENUM64,
  FLOAT,
  FUNC,
  FUNC_PROTO,
  FWD,
  INT,
  PTR,
  RESTRICT,
  STRUCT,
  TYPE_TAG,
  TYPEDEF,
  UNION,
  VAR,
  VOID,
  VOLATILE,
} from './kind-numbers.js';

/** A name: the offset of a string, or text. */
export type Name = number | string;

const BLANK = 0x20;
const SEMICOLON = 0x3b;
const MEMBER_WORDS = 3;
const PARAM_WORDS = 2;

/**
 * Writes single definitions and declarations in C, byte for byte as libbpf's btf_dump does. The text gathers in `out`.
 *
 * BTF has a declaration from the name inwards (array of pointer to const int), C from the middle outwards: so the chain of ids is put on a stack,
 * and then written from its end. All chains share one stack; each is what lies above its `base`.
 */
export class CWriter extends CText {
  readonly sizes: CSizes;
  /** Leaves out const, volatile, restrict and type tags, within anonymous structs too. */
  plain = false;
  readonly #stack: number[] = [];
  readonly #spellings: CSpellings | undefined;

  /** @param options.spellings whether to keep how types are written, which pays when there are many */
  constructor(flat: FlatTypes, names: Names, limits: CLimits, { spellings = false }: { readonly spellings?: boolean } = {}) {
    super(flat, names, limits);
    this.sizes = new CSizes(flat);
    this.#spellings = spellings ? new CSpellings(flat.count) : undefined;
  }

  /** `struct name` or `union name`. */
  compositeName(id: number): void {
    this.out.addText(this.flat.kind(id) === STRUCT ? 'struct' : 'union');
    this.tag(id);
  }

  forward(id: number): void {
    this.out.addText(this.flat.kindFlag(id) ? 'union' : 'struct');
    this.tag(id);
  }

  typedef(id: number): void {
    const { flat } = this;
    const times = this.names.typedef(id);
    // Old versions of GCC refer to void here, which cannot be compiled.
    if (flat.target(id) === VOID && flat.text(id) === '__gnuc_va_list') return this.out.addText('typedef __builtin_va_list __gnuc_va_list');
    this.out.addText('typedef ');
    this.declaration(flat.target(id), times === 1 ? flat.name(id) : numbered(flat.text(id), times), 0);
  }

  /** A type with a name in its middle, which may be empty. */
  declaration(id: number, name: Name, level: number, depth = 0): void {
    const spelled = this.plain ? 0 : (this.#spellings?.add(id, this.out) ?? 0);
    if (spelled === 0) return this.#spell(id, name, level, depth);
    this.limits.text(spelled);
    this.#declared(name, this.flat.kinds[id] === PTR);
  }

  #spell(id: number, name: Name, level: number, depth: number): void {
    const base = this.#stack.length;
    const { kinds } = this.flat;
    let last = id;
    let isAround = false;
    for (let steps = 0; ; steps++) {
      const kind = kinds[last]!;
      this.limits.step(last, steps);
      if (!this.plain || !isModifier(kind)) this.#stack.push(last);
      if (!leadsOn(kind)) break;
      if (kind === ARRAY || kind === FUNC_PROTO) isAround = true;
      last = this.flat.target(last);
    }
    if (isAround || this.plain || !this.#isWord(last)) this.#chain(base, name, level, depth);
    else {
      const start = this.out.length;
      this.#chain(base, '', level, depth);
      this.#spellings?.keep(id, this.out, start);
      this.#declared(name, kinds[id] === PTR);
    }
    this.#stack.length = base;
  }

  /** Whether a type that no other one follows is written as the same words wherever it is used. */
  #isWord(id: number): boolean {
    switch (this.flat.kinds[id]) {
      case STRUCT:
      case UNION:
      case ENUM:
      case ENUM64:
        return this.flat.name(id) !== 0;
      case FUNC:
      case VAR:
      case DATASEC:
      case DECL_TAG:
        return false;
      default:
        return true;
    }
  }

  composite(id: number, level: number, depth = 0): void {
    const { flat, out, sizes } = this;
    const { words } = flat;
    const isStruct = flat.kind(id) === STRUCT;
    const packed = isStruct && sizes.isPacked(id);
    const hasBits = flat.kindFlag(id);
    const first = flat.tail(id);
    const last = first + flat.vlen(id) * MEMBER_WORDS;
    this.compositeName(id);
    out.addText(' {');
    let end = 0;
    let afterBitfield = false;
    for (let at = first; at < last; at += MEMBER_WORDS) {
      const type = words[at + 1]!;
      const place = words[at + 2]!;
      const bits = hasBits ? place >>> 24 : 0;
      const offset = hasBits ? place & 0xffffff : place;
      if (end < offset) this.#pad(end, offset, packed ? 1 : sizes.alignOf(type), afterBitfield && bits > 0, level + 1);
      this.line(level + 1);
      this.declaration(type, words[at]!, level + 1, depth + 1);
      if (bits > 0) this.bits(bits);
      out.addByte(SEMICOLON);
      afterBitfield = bits > 0;
      end = offset + (bits || sizes.sizeOf(type) * 8);
    }
    if (isStruct && end < flat.size(id) * 8) this.#pad(end, flat.size(id) * 8, sizes.alignOf(id), false, level + 1);
    if (first < last || flat.size(id) > 0) this.line(level);
    out.addText(packed ? '} __attribute__((packed))' : '}');
  }

  /** Writes the chain above `base` from its end, and takes it off the stack. */
  #chain(base: number, name: Name, level: number, depth: number): void {
    const { flat, out } = this;
    this.limits.step(0, depth);
    let afterPointer = true;
    while (this.#stack.length > base) {
      const id = this.#stack.pop()!;
      const kind = flat.kinds[id]!;
      switch (kind) {
        case PTR:
          out.addText(afterPointer ? '*' : ' *');
          break;
        case VOLATILE:
        case CONST:
        case RESTRICT:
          out.addText(kind === CONST ? ' const' : kind === VOLATILE ? ' volatile' : ' restrict');
          break;
        case ARRAY:
          return this.#array(id, base, name, level, depth, afterPointer);
        case FUNC_PROTO:
          return this.#prototype(id, base, name, level, depth, afterPointer);
        case FUNC:
        case VAR:
        case DATASEC:
        case DECL_TAG:
          // No declaration can have these.
          return;
        default:
          // On other types than pointers modifiers stand to the left.
          this.#modifiers(base);
          this.#terminal(id, kind, level, depth);
      }
      afterPointer = kind === PTR;
    }
    this.#declared(name, afterPointer);
  }

  #terminal(id: number, kind: number, level: number, depth: number): void {
    const { flat, out } = this;
    switch (kind) {
      case VOID:
        return out.addText('void');
      case INT:
      case FLOAT:
        return this.name(flat.name(id));
      case STRUCT:
      case UNION:
        return flat.name(id) === 0 ? this.composite(id, level, depth + 1) : this.compositeName(id);
      case ENUM:
      case ENUM64:
        if (flat.name(id) === 0) return this.enumeration(id, level);
        out.addText('enum');
        return this.tag(id);
      case FWD:
        return this.forward(id);
      case TYPEDEF: {
        const times = this.names.typedef(id);
        return times === 1 ? this.name(flat.name(id)) : out.addText(numbered(flat.text(id), times));
      }
      case TYPE_TAG:
        out.addText(flat.kindFlag(id) ? ' __attribute__((' : ' __attribute__((btf_type_tag("');
        this.name(flat.name(id));
        return out.addText(flat.kindFlag(id) ? '))' : '")))');
    }
  }

  #array(id: number, base: number, name: Name, level: number, depth: number, afterPointer: boolean): void {
    const { flat, out } = this;
    this.#dropModifiers(base);
    if (this.#stack.length === base) {
      this.#declared(name, afterPointer);
    } else {
      const needsBrackets = flat.kind(this.#stack.at(-1)!) !== ARRAY;
      if (isNamed(name) && !afterPointer) out.addText(' ');
      if (needsBrackets) out.addText('(');
      this.#chain(base, name, level, depth + 1);
      if (needsBrackets) out.addText(')');
    }
    out.addText('[');
    out.addNumber(flat.length(id));
    out.addText(']');
  }

  #prototype(id: number, base: number, name: Name, level: number, depth: number, afterPointer: boolean): void {
    const { flat, out } = this;
    this.#dropModifiers(base);
    if (this.#stack.length > base) {
      out.addText(' (');
      this.#chain(base, name, level, depth + 1);
      out.addText(')');
    } else this.#declared(name, afterPointer);
    const count = flat.vlen(id);
    const first = flat.tail(id);
    if (count === 0 || (count === 1 && flat.words[first + 1] === VOID)) return out.addText('(void)');
    out.addText('(');
    for (let i = 0; i < count; i++) {
      const at = first + i * PARAM_WORDS;
      if (i > 0) out.addText(', ');
      if (flat.words[at + 1] === VOID && i === count - 1) out.addText('...');
      else this.declaration(flat.words[at + 1]!, flat.words[at]!, level, depth + 1);
    }
    out.addText(')');
  }

  #declared(name: Name, afterPointer: boolean): void {
    if (name === 0 || name === '') return;
    if (!afterPointer) this.out.addByte(BLANK);
    if (typeof name === 'number') this.name(name);
    else this.out.addText(name);
  }

  #modifiers(base: number): void {
    while (this.#stack.length > base) {
      const kind = this.flat.kind(this.#stack.at(-1)!);
      if (kind !== VOLATILE && kind !== CONST && kind !== RESTRICT) return;
      this.out.addText(kind === CONST ? 'const ' : kind === VOLATILE ? 'volatile ' : 'restrict ');
      this.#stack.pop();
    }
  }

  /** GCC gives arrays and functions modifiers that belong to their elements, or to nothing. */
  #dropModifiers(base: number): void {
    while (this.#stack.length > base && isModifier(this.flat.kind(this.#stack.at(-1)!))) this.#stack.pop();
  }

  #pad(from: number, to: number, align: number, inBitfield: boolean, level: number): void {
    if (from >= to) return;
    padding(from, to, align, inBitfield, (hole) => {
      this.limits.text(hole.length);
      this.line(level);
      this.out.addText(hole);
      this.out.addByte(SEMICOLON);
    });
  }
}

function isModifier(kind: number): boolean {
  return kind === CONST || kind === VOLATILE || kind === RESTRICT || kind === TYPE_TAG;
}

/** Whether a declaration goes on behind a type of this kind. */
function leadsOn(kind: number): boolean {
  return kind === PTR || kind === ARRAY || kind === FUNC_PROTO || isModifier(kind);
}

function isNamed(name: Name): boolean {
  return name !== 0 && name !== '';
}
