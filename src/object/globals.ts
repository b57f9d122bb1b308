import type { Btf } from '../btf/btf.js';
import { codecOf } from '../btf/codec.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import { IntEncoding } from '../btf/types.js';
import { UsageError } from '../errors.js';
import type { MapSpec, ObjectSpec } from './spec.js';

/** A global variable of an object, or a part of one. */
export interface GlobalVariable {
  readonly name: string;
  /** The map it is in, by index in the spec, and where, in bytes. */
  readonly map: number;
  readonly offset: number;
  /** In the object's BTF. */
  readonly typeId: number;
}

const SETTABLE: ReadonlySet<MapSpec['kind']> = new Set(['data', 'rodata', 'bss']);

/** The global variables of an object, constants included, in the order of their maps and places. */
export function globalVariables({ maps, btf }: ObjectSpec): GlobalVariable[] {
  return maps.flatMap((map, index) => {
    const section = btf && SETTABLE.has(map.kind) ? btf.type(map.valueTypeId) : undefined;
    if (section?.kind !== 'DATASEC') return [];
    return section.entries.map(({ type, offset }) => ({ name: btf!.name(type), map: index, offset, typeId: type }));
  });
}

/**
 * Gives global variables their first values, `const volatile` ones included: programs are verified with them.
 *
 * @param values by name; parts of a variable are named as in C: `config.port`, `limits[3]`. Values are as {@link codecOf} takes them
 * @returns a spec with new contents of its data maps
 * @throws UsageError when there is no such variable, or a value does not fit its type
 */
export function setGlobals(spec: ObjectSpec, values: Iterable<readonly [name: string, value: unknown]>): ObjectSpec {
  const contents = new Map<number, Uint8Array>();
  for (const [name, value] of values) {
    const variable = findGlobal(spec, name);
    const bytes = codecOf(spec.btf!, variable.typeId, name).encode(value as never);
    contentsOf(spec, contents, variable.map).set(bytes, variable.offset);
  }
  return { ...spec, maps: spec.maps.map((map, index) => ({ ...map, contents: contents.get(index) ?? map.contents })) };
}

/** The same with values as text, such as a command line has them. @throws UsageError as {@link setGlobals} */
export function setGlobalTexts(spec: ObjectSpec, texts: Iterable<readonly [name: string, text: string]>): ObjectSpec {
  const values = [...texts].map(([name, text]) => [name, valueFromText(spec.btf!, findGlobal(spec, name).typeId, name, text)] as const);
  return setGlobals(spec, values);
}

function contentsOf(spec: ObjectSpec, changed: Map<number, Uint8Array>, index: number): Uint8Array {
  const map = spec.maps[index]!;
  const contents = changed.get(index) ?? (map.contents ? new Uint8Array(map.contents) : new Uint8Array(map.valueSize));
  changed.set(index, contents);
  return contents;
}

/** @throws UsageError when there is none */
export function findGlobal(spec: ObjectSpec, path: string): GlobalVariable {
  const [name, ...steps] = path.split(/(?=[.[])/);
  const all = globalVariables(spec);
  let place = all.find((variable) => variable.name === name);
  if (!place) {
    const known = all.map((variable) => variable.name).filter((other) => !other.includes('.'));
    throw new UsageError(`there is no global variable ${name}${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`);
  }
  for (const step of steps) place = stepInto(spec.btf!, place, step, path);
  const size = spec.maps[place.map]!.valueSize;
  if (place.offset + sizeOf(spec.btf!, place.typeId) > size) throw new UsageError(`${path} is not within its section`);
  return { ...place, name: path };
}

function stepInto(btf: Btf, place: GlobalVariable, step: string, path: string): GlobalVariable {
  const outer = btf.type(place.typeId);
  const type = btf.type(skipTypedefs(btf, outer.kind === 'VAR' ? outer.type : place.typeId));
  const index = /^\[(\d+)\]$/.exec(step)?.[1];
  if (index !== undefined && type.kind === 'ARRAY' && Number(index) < type.length) {
    return { ...place, offset: place.offset + Number(index) * sizeOf(btf, type.type), typeId: type.type };
  }
  const member =
    step.startsWith('.') && (type.kind === 'STRUCT' || type.kind === 'UNION')
      ? type.members.find(({ name }) => name === step.slice(1))
      : undefined;
  if (!member) throw new UsageError(`${path}: there is no ${step} in ${describe(btf, place.typeId)}`);
  if (member.bitfieldSize > 0) throw new UsageError(`${path}: bitfields cannot be set alone`);
  return { ...place, offset: place.offset + member.bitOffset / 8, typeId: member.type };
}

function describe(btf: Btf, id: number): string {
  const outer = btf.type(id);
  const type = btf.type(skipTypedefs(btf, outer.kind === 'VAR' ? outer.type : id));
  return `${type.kind.toLowerCase()}${'name' in type && type.name ? ` ${type.name}` : ''}`;
}

const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/** Text becomes what the type takes: the number, the name of an enum's value, the text itself for `char[]`, JSON for arrays and structs. */
function valueFromText(btf: Btf, id: number, name: string, text: string): unknown {
  const outer = btf.type(id);
  const type = btf.type(skipTypedefs(btf, outer.kind === 'VAR' ? outer.type : id));
  const refuse = (what: string): never => {
    throw new UsageError(`${name}: '${text}' is no ${what}`);
  };
  switch (type.kind) {
    case 'INT':
      if (type.encoding & IntEncoding.BOOL) return WORDS[text] ?? refuse('bool (true or false)');
      if (type.size === 1 && /^'.'$/su.test(text)) return text.codePointAt(1);
      return wholeNumber(text, type.size) ?? refuse(`number for ${type.name}`);
    case 'PTR':
      return wholeNumber(text, 8) ?? refuse('address');
    case 'ENUM':
    case 'ENUM64':
      return wholeNumber(text, type.size) ?? text;
    case 'FLOAT':
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || /^[-+]?(Infinity|NaN)$/.test(text) ? Number(text) : refuse(type.name);
    case 'ARRAY':
      return isText(btf, type.type) ? text : fromJson(text, refuse);
    default:
      return fromJson(text, refuse);
  }
}

function wholeNumber(text: string, size: number): number | bigint | undefined {
  const match = /^([-+]?)(0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+)$/i.exec(text);
  if (!match) return undefined;
  const value = match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!);
  return size > 4 || value > 0xffffffffn || value < -0xffffffffn ? value : Number(value);
}

function isText(btf: Btf, element: number): boolean {
  const type = btf.type(skipTypedefs(btf, element));
  return type.kind === 'INT' && type.size === 1 && type.name === 'char';
}

function fromJson(text: string, refuse: (what: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('array or struct: write it as JSON');
  }
}
