import type { Btf } from '../btf/btf.js';
import { skipTypedefs } from '../btf/resolve.js';
import { type BtfComposite, type BtfDatasec, type BtfVar, Linkage } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { MapType } from '../kernel/enums.gen.js';
import { type MapDefinition, readMapDefinition } from './map-definition.js';
import type { PlacedMap } from './relocations.js';
import { MAPS_SECTION, type Sections } from './sections.js';
import type { MapSpec } from './spec.js';

/** A declared map, and its struct. */
export interface DeclaredMap extends PlacedMap {
  /** Bytes of the declaration. */
  readonly size: number;
  /** The struct's type in the BTF. */
  readonly structId: number;
}

/**
 * Reads the maps that are declared in `.maps`, in the order of their places.
 *
 * @param strict whether members that no map has are refused
 * @throws ParseError when a declaration makes no sense
 */
export function declaredMaps(sections: Sections, btf: Btf | undefined, strict: boolean): DeclaredMap[] {
  const { maps, arena } = sections;
  const declared = maps ? readDeclarations(maps.index, maps.size, btf, strict) : [];
  const arenas = declared.filter(({ spec }) => spec.type === MapType.ARENA);
  if (arenas.length > 1) refuse(arenas[1]!.spec.name, `an object has one arena, and there is ${arenas[0]!.spec.name} already`);
  if (!arena) return declared;
  if (arenas.length === 0) arena.reader.fail(arena.offset, 'there are variables in an arena, but no map is declared for it');
  return declared.map((map) => (map === arenas[0] ? { ...map, spec: { ...map.spec, kind: 'arena', contents: arena.bytes } } : map));
}

function readDeclarations(sectionIndex: number, size: number, btf: Btf | undefined, strict: boolean): DeclaredMap[] {
  const id = btf && [...btf.ids('DATASEC')].find((candidate) => btf.name(candidate) === MAPS_SECTION);
  if (!btf || id === undefined) throw new ParseError(MAPS_SECTION, 0, 'there is no BTF that says what maps are declared');
  return (btf.type(id) as BtfDatasec).entries.map((entry) => {
    const variable = btf.type(entry.type);
    if (variable.kind !== 'VAR' || variable.name === '') return btf.fail(entry.type, `a map is declared as ${variable.kind}`);
    if (entry.offset + entry.size > size) refuse(variable.name, 'its declaration reaches beyond the section');
    const structId = structOf(btf, variable, entry.size);
    const definition = readMapDefinition(btf, variable.name, structId, strict);
    return { spec: specOf(variable.name, definition), sectionIndex, offset: entry.offset, size: entry.size, structId };
  });
}

function structOf(btf: Btf, variable: BtfVar, size: number): number {
  if (variable.linkage !== Linkage.GLOBAL) refuse(variable.name, 'static maps are not possible');
  const structId = skipTypedefs(btf, variable.type);
  if (btf.kind(structId) !== 'STRUCT') refuse(variable.name, `it is declared as ${btf.kind(structId)}, not as a struct`);
  if ((btf.type(structId) as BtfComposite).size > size) refuse(variable.name, 'its struct is larger than its declaration');
  return structId;
}

function refuse(map: string, reason: string): never {
  throw new ParseError(`map ${map}`, 0, reason);
}

function specOf(name: string, definition: MapDefinition): MapSpec {
  const { inner, ...rest } = definition;
  return {
    ...rest,
    name,
    kind: undefined,
    section: MAPS_SECTION,
    inner: inner && specOf(`${name}.inner`, inner),
    slots: [],
    contents: undefined,
    structOps: undefined,
    autocreate: true,
  };
}
