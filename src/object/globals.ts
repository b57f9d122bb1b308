import type { Btf } from '../btf/btf.js';
import { codecOf } from '../btf/codec.js';
import { arrayForm } from '../btf/codec-array.js';
import { encodeLiteral } from '../btf/literal-value.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import { parseLiteral } from '../bytes/literal.js';
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
  return setBytes(spec, values, ({ name, typeId }, value) => codecOf(spec.btf!, typeId, name).encode(value as never));
}

function setBytes<V>(
  spec: ObjectSpec,
  values: Iterable<readonly [name: string, value: V]>,
  encode: (variable: GlobalVariable, value: V) => Uint8Array,
): ObjectSpec {
  const contents = new Map<number, Uint8Array>();
  for (const [name, value] of values) {
    const variable = findGlobal(spec, name);
    const bytes = encode(variable, value);
    contentsOf(spec, contents, variable.map).set(bytes, variable.offset);
  }
  return { ...spec, maps: spec.maps.map((map, index) => ({ ...map, contents: contents.get(index) ?? map.contents })) };
}

/**
 * The same with values as text, such as a command line has them: of `char[]` the text itself, of all else what {@link encodeLiteral} takes.
 *
 * @throws UsageError as {@link setGlobals}
 */
export function setGlobalTexts(spec: ObjectSpec, texts: Iterable<readonly [name: string, text: string]>): ObjectSpec {
  return setBytes(spec, texts, (variable, text) => bytesFromText(spec.btf!, variable, text));
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

function bytesFromText(btf: Btf, { name, typeId }: GlobalVariable, text: string): Uint8Array {
  const outer = btf.type(typeId);
  const type = btf.type(skipTypedefs(btf, outer.kind === 'VAR' ? outer.type : typeId));
  if (type.kind === 'ARRAY' && arrayForm(btf, type) === 'text') return codecOf<string>(btf, typeId, name).encode(text);
  return encodeLiteral(btf, typeId, parseLiteral(text, name), name);
}
