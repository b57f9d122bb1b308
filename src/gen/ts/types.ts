import type { Btf } from '../../btf/btf.js';
import { codecOf } from '../../btf/codec.js';
import { arrayForm } from '../../btf/codec-array.js';
import { skipTypedefs } from '../../btf/resolve.js';
import { type BtfComposite, type BtfEnum, type BtfInt, type BtfMember, IntEncoding } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import { doc, literal, type NameSet, pascalCase, propertyName } from './text.js';

const MAX_DEPTH = 64;
const NUMBER_BITS = 32;

/** BTF types as TypeScript types of the values that {@link codecOf} reads. Structs and enums that have names are declared once. */
export class TypeWriter {
  readonly #names = new Map<number, string>();
  readonly #declarations: string[] = [];

  constructor(
    readonly btf: Btf,
    readonly taken: NameSet,
  ) {}

  /** The declarations of the types that were asked for, and of those that they are made of. */
  get declarations(): readonly string[] {
    return this.#declarations;
  }

  /** The type as it is written where a value of it is; undefined when it has no values. */
  text(id: number): string | undefined {
    try {
      codecOf(this.btf, id);
      return this.#text(id, 0);
    } catch (error) {
      if (error instanceof ParseError) return undefined;
      throw error;
    }
  }

  #text(id: number, depth: number, indent = ''): string {
    const { btf } = this;
    if (depth > MAX_DEPTH) btf.fail(id, 'types nest too deep');
    const at = skipTypedefs(btf, id);
    const type = btf.type(at);
    switch (type.kind) {
      case 'INT':
        return intText(type);
      case 'PTR':
        return 'bigint';
      case 'FLOAT':
        return type.size === 4 || type.size === 8 ? 'number' : 'Uint8Array';
      case 'ENUM':
      case 'ENUM64':
        return this.#named(id, at, type.name, (name, cName) => enumDeclaration(type, name, cName)) ?? enumText(type);
      case 'ARRAY': {
        const form = arrayForm(btf, type);
        if (form !== 'list') return form === 'text' ? 'string' : 'Uint8Array';
        const element = this.#text(type.type, depth + 1, indent);
        return /^\w+(\[\])*$/.test(element) ? `${element}[]` : `(${element})[]`;
      }
      case 'STRUCT':
      case 'UNION': {
        const body = (margin: string) => `{\n${this.#members(type, `${margin}  `, depth + 1)}${margin}}`;
        const declare = (name: string, cName: string) => compositeDeclaration(type, name, cName, body(''));
        return this.#named(id, at, type.name, declare) ?? body(indent);
      }
      case 'VAR':
        return this.#text(type.type, depth + 1);
      default:
        return btf.fail(id, `${type.kind} has no values`);
    }
  }

  /** The name of a type that has one, of its own or by a typedef. It is declared when it comes up first. */
  #named(id: number, at: number, ownName: string, declare: (name: string, cName: string) => string): string | undefined {
    const known = this.#names.get(at);
    if (known) return known;
    const cName = ownName || this.#lastTypedef(id);
    if (!cName) return undefined;
    const name = this.taken.take(pascalCase(cName));
    this.#names.set(at, name);
    const place = this.#declarations.push('') - 1;
    this.#declarations[place] = declare(name, ownName ? `${this.btf.kind(at).toLowerCase().replace('64', '')} ${ownName}` : cName);
    return name;
  }

  #lastTypedef(id: number): string {
    let name = '';
    for (let at = id, depth = 0; depth < MAX_DEPTH; depth++) {
      const type = this.btf.type(at);
      if (type.kind === 'TYPEDEF') name = type.name;
      else if (type.kind !== 'CONST' && type.kind !== 'VOLATILE' && type.kind !== 'RESTRICT' && type.kind !== 'TYPE_TAG') return name;
      at = type.type;
    }
    return name;
  }

  #members(type: BtfComposite, indent: string, depth: number): string {
    return type.members.map((member) => this.#member(member, indent, depth)).join('');
  }

  /** Members of an anonymous struct stand among those of what it is in. */
  #member(member: BtfMember, indent: string, depth: number): string {
    const type = this.btf.type(skipTypedefs(this.btf, member.type));
    if (depth > MAX_DEPTH) this.btf.fail(member.type, 'types nest too deep');
    if (member.name === '') return type.kind === 'STRUCT' || type.kind === 'UNION' ? this.#members(type, indent, depth + 1) : '';
    const text =
      member.bitfieldSize > 0 && type.kind === 'INT' ? intText(type, member.bitfieldSize) : this.#text(member.type, depth, indent);
    return `${indent}${propertyName(member.name)}: ${text};\n`;
  }
}

function intText({ encoding, size }: BtfInt, bits = size * 8): string {
  if ((encoding & IntEncoding.BOOL) !== 0) return 'boolean';
  return bits > NUMBER_BITS ? 'bigint' : 'number';
}

function enumText({ values, size }: BtfEnum): string {
  const number = size * 8 > NUMBER_BITS ? 'bigint' : 'number';
  return [...new Set(values.map(({ name }) => literal(name))), number].join(' | ');
}

/** Type and values have the same name, as in C. */
function enumDeclaration(type: BtfEnum, name: string, cName: string): string {
  const suffix = type.size * 8 > NUMBER_BITS ? 'n' : '';
  const values = type.values.map((each) => `  ${propertyName(each.name)}: ${each.value}${suffix},\n`).join('');
  const head = doc(`${cName}: the name of a value, or a number that has no name.`);
  return `${head}export type ${name} = ${enumText(type)};\nexport const ${name} = {\n${values}} as const;\n`;
}

function compositeDeclaration(type: BtfComposite, name: string, cName: string, body: string): string {
  const what = `${cName}, ${type.size} bytes.`;
  const rule = type.kind === 'UNION' ? ' All members when it is read; one is given when it is written.' : '';
  return `${doc(what + rule)}export interface ${name} ${body}\n`;
}
