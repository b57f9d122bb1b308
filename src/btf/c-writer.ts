import type { Btf } from './btf.js';
import type { CLimits } from './c-limits.js';
import type { Names } from './c-names.js';
import { padding } from './c-padding.js';
import { alignOf, sizeOf } from './resolve.js';
import type { BtfArray, BtfComposite, BtfEnum, BtfFuncProto, BtfType } from './types.js';

const MAX_TABS = 13;
const MODIFIER_WORDS: Partial<Record<BtfType['kind'], string>> = { VOLATILE: 'volatile', CONST: 'const', RESTRICT: 'restrict' };

/**
 * Writes single definitions and declarations in C, byte for byte as libbpf's btf_dump does. The text gathers in `text`.
 *
 * BTF has a declaration from the name inwards (array of pointer to const int), C from the middle outwards: so the chain of ids is put on a stack,
 * and then written from its end.
 */
export class CWriter {
  text = '';
  /** Leaves out const, volatile, restrict and type tags, within anonymous structs too. */
  plain = false;

  constructor(
    readonly btf: Btf,
    readonly names: Names,
    readonly limits: CLimits,
  ) {}

  write(text: string): void {
    this.limits.text(text.length);
    this.text += text;
  }

  /** All that was written since the last call. */
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  /** `struct name` or `union name`. */
  compositeName(id: number, type: BtfComposite): void {
    this.write(type.kind.toLowerCase() + prefixed(this.names.tag(id)));
  }

  forward(id: number, type: Extract<BtfType, { kind: 'FWD' }>): void {
    this.write(`${type.union ? 'union' : 'struct'} ${this.names.tag(id)}`);
  }

  typedef(id: number, target: number): void {
    const name = this.names.typedef(id);
    // Old versions of GCC refer to void here, which cannot be compiled.
    if (target === 0 && name === '__gnuc_va_list') return this.write('typedef __builtin_va_list __gnuc_va_list');
    this.write('typedef ');
    this.declaration(target, name, 0);
  }

  /** A type with a name in its middle, which may be empty. */
  declaration(id: number, name: string, level: number, depth = 0): void {
    const chain: number[] = [];
    for (let at: number | undefined = id, steps = 0; at !== undefined; steps++) {
      const type: BtfType = this.btf.type(at);
      if (!this.plain || !isModifier(type.kind)) chain.push(at);
      this.limits.step(id, steps);
      at = inner(type);
    }
    this.#chain(chain, name, level, depth);
  }

  composite(id: number, type: BtfComposite, level: number, depth = 0): void {
    const align = alignOf(this.btf, id);
    const packed = type.kind === 'STRUCT' && this.#isPacked(type);
    this.compositeName(id, type);
    this.write(' {');
    let end = 0;
    let afterBitfield = false;
    for (const { name, type: memberType, bitOffset, bitfieldSize } of type.members) {
      const memberAlign = packed ? 1 : alignOf(this.btf, memberType);
      this.#pad(end, bitOffset, memberAlign, afterBitfield && bitfieldSize > 0, level + 1);
      this.write(`\n${tabs(level + 1)}`);
      this.declaration(memberType, name, level + 1, depth + 1);
      afterBitfield = bitfieldSize > 0;
      end = bitOffset + (bitfieldSize || this.#bits(memberType));
      this.write(bitfieldSize > 0 ? `: ${bitfieldSize};` : ';');
    }
    if (type.kind === 'STRUCT') this.#pad(end, type.size * 8, align, false, level + 1);
    this.write(type.members.length > 0 || type.size > 0 ? `\n${tabs(level)}}` : '}');
    if (packed) this.write(' __attribute__((packed))');
  }

  enumeration(id: number, type: BtfEnum, level: number): void {
    this.write(`enum${prefixed(this.names.tag(id))}`);
    if (type.values.length === 0) return;
    this.write(' {');
    const suffix = type.kind === 'ENUM' ? '' : type.signed ? 'LL' : 'ULL';
    for (const { name, value } of type.values) this.write(`\n${tabs(level + 1)}${this.names.enumerator(name)} = ${value}${suffix},`);
    this.write(`\n${tabs(level)}}`);
    if (type.size === 1) this.write(' __attribute__((mode(byte)))');
    if (type.size === 8 && !type.values.some(needsMoreThan32Bits)) this.write(' __attribute__((mode(word)))');
  }

  /** Writes a chain of ids from its end, and takes off it what is written. */
  #chain(chain: number[], name: string, level: number, depth: number): void {
    this.limits.step(chain[0] ?? 0, depth);
    let afterPointer = true;
    for (let id = chain.pop(); id !== undefined; id = chain.pop()) {
      const type = this.btf.type(id);
      if (type.kind === 'ARRAY') return this.#array(type, chain, name, level, depth, afterPointer);
      if (type.kind === 'FUNC_PROTO') return this.#prototype(type, chain, name, level, depth, afterPointer);
      if (!this.#link(id, type, chain, level, depth, afterPointer)) return;
      afterPointer = type.kind === 'PTR';
    }
    this.#name(name, afterPointer);
  }

  /** One link of a chain that needs no brackets. False for what no declaration can have. */
  #link(id: number, type: BtfType, chain: number[], level: number, depth: number, afterPointer: boolean): boolean {
    switch (type.kind) {
      case 'PTR':
        this.write(afterPointer ? '*' : ' *');
        return true;
      case 'VOLATILE':
      case 'CONST':
      case 'RESTRICT':
        this.write(` ${MODIFIER_WORDS[type.kind]}`);
        return true;
      case 'FUNC':
      case 'VAR':
      case 'DATASEC':
      case 'DECL_TAG':
        return false;
      default:
        // On other types than pointers modifiers stand to the left.
        this.#modifiers(chain);
        this.#terminal(id, type, level, depth);
        return true;
    }
  }

  #terminal(id: number, type: BtfType, level: number, depth: number): void {
    switch (type.kind) {
      case 'VOID':
        return this.write('void');
      case 'INT':
      case 'FLOAT':
        return this.write(type.name);
      case 'STRUCT':
      case 'UNION':
        return type.name === '' ? this.composite(id, type, level, depth + 1) : this.compositeName(id, type);
      case 'ENUM':
      case 'ENUM64':
        return type.name === '' ? this.enumeration(id, type, level) : this.write(`enum ${this.names.tag(id)}`);
      case 'FWD':
        return this.forward(id, type);
      case 'TYPEDEF':
        return this.write(this.names.typedef(id));
      case 'TYPE_TAG':
        return this.write(type.kindFlag ? ` __attribute__((${type.name}))` : ` __attribute__((btf_type_tag("${type.name}")))`);
    }
  }

  #array(type: BtfArray, chain: number[], name: string, level: number, depth: number, afterPointer: boolean): void {
    this.#dropModifiers(chain);
    const next = chain.at(-1);
    if (next === undefined) {
      this.#name(name, afterPointer);
    } else {
      const brackets = this.btf.kind(next) === 'ARRAY' ? ['', ''] : ['(', ')'];
      if (name !== '' && !afterPointer) this.write(' ');
      this.write(brackets[0]!);
      this.#chain(chain, name, level, depth + 1);
      this.write(brackets[1]!);
    }
    this.write(`[${type.length}]`);
  }

  #prototype(type: BtfFuncProto, chain: number[], name: string, level: number, depth: number, afterPointer: boolean): void {
    this.#dropModifiers(chain);
    if (chain.length > 0) {
      this.write(' (');
      this.#chain(chain, name, level, depth + 1);
      this.write(')');
    } else this.#name(name, afterPointer);
    this.write('(');
    const { params } = type;
    if (params.length === 0 || (params.length === 1 && params[0]!.type === 0)) return this.write('void)');
    params.forEach((param, i) => {
      if (i > 0) this.write(', ');
      if (param.type === 0 && i === params.length - 1) this.write('...');
      else this.declaration(param.type, param.name, level, depth + 1);
    });
    this.write(')');
  }

  #name(name: string, afterPointer: boolean): void {
    this.write(name !== '' && !afterPointer ? ` ${name}` : name);
  }

  #modifiers(chain: number[]): void {
    for (let word = this.#topWord(chain); word; word = this.#topWord(chain)) {
      this.write(`${word} `);
      chain.pop();
    }
  }

  #topWord(chain: readonly number[]): string | undefined {
    return chain.length > 0 ? MODIFIER_WORDS[this.btf.kind(chain.at(-1)!)] : undefined;
  }

  /** GCC gives arrays and functions modifiers that belong to their elements, or to nothing. */
  #dropModifiers(chain: number[]): void {
    while (chain.length > 0 && isModifier(this.btf.kind(chain.at(-1)!))) chain.pop();
  }

  #pad(from: number, to: number, align: number, inBitfield: boolean, level: number): void {
    for (const hole of padding(from, to, align, inBitfield)) this.write(`\n${tabs(level)}${hole};`);
  }

  /** Whether members stand where, or the size is what, only a packed struct has. */
  #isPacked({ members, size }: BtfComposite): boolean {
    let most = 1;
    for (const { type, bitOffset, bitfieldSize } of members) {
      const align = alignOf(this.btf, type);
      if (align > 0 && bitfieldSize === 0 && bitOffset % (8 * align) !== 0) return true;
      most = Math.max(most, align);
    }
    return size % most !== 0;
  }

  #bits(id: number): number {
    return sizeOf(this.btf, id) * 8;
  }
}

function inner(type: BtfType): number | undefined {
  switch (type.kind) {
    case 'PTR':
    case 'VOLATILE':
    case 'CONST':
    case 'RESTRICT':
    case 'TYPE_TAG':
    case 'ARRAY':
      return type.type;
    case 'FUNC_PROTO':
      return type.returns;
    default:
      return undefined;
  }
}

function isModifier(kind: BtfType['kind']): boolean {
  return kind in MODIFIER_WORDS || kind === 'TYPE_TAG';
}

function needsMoreThan32Bits({ value }: { value: bigint }): boolean {
  return BigInt.asUintN(64, value) >> 32n !== 0n;
}

function prefixed(name: string): string {
  return name === '' ? '' : ` ${name}`;
}

function tabs(level: number): string {
  return '\t'.repeat(Math.min(level, MAX_TABS));
}
