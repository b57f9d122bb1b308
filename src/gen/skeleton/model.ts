import type { Btf } from '../../btf/btf.js';
import { type BtfDatasec, type BtfVar, Linkage } from '../../btf/types.js';
import { Flag, MapType } from '../../kernel/enums.gen.js';
import { internalMapName } from '../../object/data-maps.js';
import type { MapSpec, ObjectSpec } from '../../object/spec.js';
import { dataMapIdentifier, identifier, sectionIdentifier } from './identifiers.js';

/** A map as a skeleton has it. */
export interface SkeletonMap {
  readonly spec: MapSpec;
  /** By which libbpf finds it. */
  readonly name: string;
  /** By which C code does. */
  readonly ident: string;
  /** The section whose variables are mapped into the process: `data`, `arena`. Undefined for other maps. */
  readonly section: string | undefined;
  /** The type of the section, with its variables; undefined when the compiler alone put something into it. */
  readonly datasec: BtfDatasec | undefined;
}

/** A variable that C code sees. */
export interface SkeletonVariable {
  readonly name: string;
  readonly typeId: number;
  readonly offset: number;
  readonly size: number;
}

/** What is in an object that a skeleton is made from. */
export interface SkeletonModel {
  readonly name: string;
  readonly btf: Btf | undefined;
  readonly maps: readonly SkeletonMap[];
  readonly programs: readonly { readonly name: string; readonly ident: string }[];
}

/** @param object the object's name as far as it goes into the names of data maps */
export function skeletonModel(spec: ObjectSpec, name: string, object: string): SkeletonModel {
  const maps = spec.maps.flatMap((map) => skeletonMap(map, spec.btf, object) ?? []);
  return { name, btf: spec.btf, maps, programs: spec.programs.map((program) => ({ name: program.name, ident: identifier(program.name) })) };
}

/** The variables of a mapped section that are not static. */
export function variablesOf(btf: Btf, { datasec }: SkeletonMap): SkeletonVariable[] {
  return (datasec?.entries ?? []).flatMap(({ type, offset, size }) => {
    const variable = btf.type(type) as BtfVar;
    if (variable.kind !== 'VAR' || variable.linkage === Linkage.STATIC) return [];
    return [{ name: variable.name, typeId: variable.type, offset, size }];
  });
}

export function isStructOps({ spec }: SkeletonMap): boolean {
  return spec.type === MapType.STRUCT_OPS;
}

function skeletonMap(spec: MapSpec, btf: Btf | undefined, object: string): SkeletonMap | undefined {
  const isArena = spec.type === MapType.ARENA;
  const isData = !isArena && spec.kind !== undefined && spec.kind !== 'struct_ops';
  const name = isData ? dataMapName(object, spec) : spec.name;
  const ident = isData ? dataMapIdentifier(name) : identifier(name);
  if (ident === undefined) return undefined;
  const section = isArena ? spec.contents && 'arena' : isData && (spec.flags & Flag.BPF_F_MMAPABLE) !== 0 ? ident : undefined;
  return { spec, name, ident, section, datasec: section && btf ? datasecOf(btf, section) : undefined };
}

/** Of data that is in a section of its own the name is that of the section, whatever its length; the kernel gets a shorter one. */
function dataMapName(object: string, { kind, section }: MapSpec): string {
  const isOwn = (kind === 'data' || kind === 'rodata') && section !== `.${kind}`;
  return isOwn ? section : internalMapName(object, section);
}

function datasecOf(btf: Btf, section: string): BtfDatasec | undefined {
  for (const id of btf.ids('DATASEC')) {
    if (sectionIdentifier(btf.name(id)) === section) return btf.type(id) as BtfDatasec;
  }
  return undefined;
}
