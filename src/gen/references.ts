import type { BtfType } from '../btf/types.js';

/** The ids of the types that a type refers to, in the order of its record. */
export function references(type: BtfType): readonly number[] {
  switch (type.kind) {
    case 'ARRAY':
      return [type.type, type.index];
    case 'STRUCT':
    case 'UNION':
      return type.members.map((member) => member.type);
    case 'FUNC_PROTO':
      return [type.returns, ...type.params.map((param) => param.type)];
    case 'DATASEC':
      return type.entries.map((entry) => entry.type);
    default:
      return 'type' in type ? [type.type] : [];
  }
}

/** The type with other ids in what it refers to. */
export function renumbered(type: BtfType, newId: (id: number) => number): BtfType {
  const moved = <T extends { readonly type: number }>(part: T): T => ({ ...part, type: newId(part.type) });
  switch (type.kind) {
    case 'ARRAY':
      return { ...type, type: newId(type.type), index: newId(type.index) };
    case 'STRUCT':
    case 'UNION':
      return { ...type, members: type.members.map(moved) };
    case 'FUNC_PROTO':
      return { ...type, returns: newId(type.returns), params: type.params.map(moved) };
    case 'DATASEC':
      return { ...type, entries: type.entries.map(moved) };
    default:
      return 'type' in type ? moved(type) : type;
  }
}
