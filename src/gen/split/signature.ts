import type { BtfType } from '../../btf/types.js';

/** Cannot be in a name. */
const END = '\0';

/**
 * What sets a type apart from others by itself. Of structs and unions what they refer to is left out, as it is of typedefs; of enums all but the name, which
 * a declaration of one has in common with it. Types of all other kinds are the same if this is the same.
 */
export function signatureOf(type: BtfType): string {
  switch (type.kind) {
    case 'STRUCT':
    case 'UNION': {
      const members = type.members.map(({ name, bitOffset, bitfieldSize }) => `${bitOffset} ${bitfieldSize} ${name}${END}`);
      return `${type.kind} ${type.size} ${type.kindFlag} ${type.name}${END}${members.join('')}`;
    }
    case 'ENUM':
    case 'ENUM64':
      return `ENUM ${type.name}`;
    case 'TYPEDEF':
      return `TYPEDEF ${type.name}`;
    case 'FUNC_PROTO':
      return `FUNC_PROTO ${type.returns} ${type.params.map((param) => `${param.type} ${param.name}${END}`).join('')}`;
    case 'ARRAY':
      return `ARRAY ${type.type} ${type.index} ${type.length}`;
    case 'INT':
      return `INT ${type.size} ${type.bits} ${type.offset} ${type.encoding} ${type.name}`;
    case 'FWD':
      return `FWD ${type.union} ${type.name}`;
    case 'FLOAT':
      return `FLOAT ${type.size} ${type.name}`;
    case 'FUNC':
      return `FUNC ${type.type} ${type.linkage} ${type.name}`;
    case 'TYPE_TAG':
      return `TYPE_TAG ${type.type} ${type.kindFlag} ${type.name}`;
    case 'DECL_TAG':
      return `DECL_TAG ${type.type} ${type.componentIndex} ${type.kindFlag} ${type.name}`;
    case 'PTR':
    case 'CONST':
    case 'VOLATILE':
    case 'RESTRICT':
      return `${type.kind} ${type.type}`;
    default:
      return type.kind;
  }
}

/** Whether two types are the same but for what they refer to. */
export function looksLike(a: BtfType, b: BtfType): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'ENUM':
    case 'ENUM64':
      return isSameEnum(a, b as typeof a);
    case 'FUNC_PROTO': {
      const { params } = b as typeof a;
      return a.params.length === params.length && a.params.every(({ name }, i) => name === params[i]!.name);
    }
    case 'ARRAY':
      return a.length === (b as typeof a).length;
    case 'PTR':
    case 'CONST':
    case 'VOLATILE':
    case 'RESTRICT':
      return true;
    case 'VAR':
    case 'DATASEC':
      return false;
    case 'FUNC':
    case 'TYPE_TAG':
    case 'DECL_TAG':
      return signatureOf({ ...a, type: 0 }) === signatureOf({ ...(b as typeof a), type: 0 });
    default:
      return signatureOf(a) === signatureOf(b);
  }
}

/** An enum without values is a declaration of the enum of its name, of whatever size. */
export function isDeclaredEnum(type: BtfType): boolean {
  return (type.kind === 'ENUM' || type.kind === 'ENUM64') && type.values.length === 0;
}

type Enum = Extract<BtfType, { kind: 'ENUM' | 'ENUM64' }>;

export function isSameEnum(a: Enum, b: Enum): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    a.size === b.size &&
    a.signed === b.signed &&
    a.values.length === b.values.length &&
    a.values.every(({ name, value }, i) => name === b.values[i]!.name && value === b.values[i]!.value)
  );
}

/** Whether two enums are the same, or one a declaration of the other. */
export function isCompatibleEnum(a: BtfType, b: BtfType): boolean {
  if ((a.kind !== 'ENUM' && a.kind !== 'ENUM64') || (b.kind !== 'ENUM' && b.kind !== 'ENUM64')) return false;
  return isDeclaredEnum(a) || isDeclaredEnum(b) ? a.name === b.name : isSameEnum(a, b);
}
