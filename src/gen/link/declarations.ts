import type { Btf } from '../../btf/btf.js';
import { skipTypedefs } from '../../btf/resolve.js';
import { type BtfComposite, type BtfFuncProto, type BtfType, Linkage } from '../../btf/types.js';
import { type MapDefinition, readMapDefinition } from '../../object/map-definition.js';

/** A type of one of the objects. */
export interface Declared {
  readonly btf: Btf;
  readonly typeId: number;
}

const MAX_DEPTH = 64;
/** Types compared for one symbol, beyond which a hostile file is at work. */
const MAX_WORK = 1 << 20;

/**
 * Why two declarations of the same variable or function cannot be of one thing, in words; undefined when they can. Structs have to have the same
 * members at the same places; behind pointers only names count, sizes of arrays and names of parameters never.
 *
 * @throws ParseError when types are malformed
 */
export function mismatch(a: Declared, b: Declared): string | undefined {
  const comparison = new Comparison(a.btf, b.btf);
  return comparison.compare(a.typeId, b.typeId, true, 0);
}

/** The same for two declarations of a map. */
export function mapMismatch(name: string, a: Declared, b: Declared): string | undefined {
  return definitionMismatch(a.btf, definitionOf(name, a), b.btf, definitionOf(name, b));
}

function definitionOf(name: string, { btf, typeId }: Declared): MapDefinition {
  const variable = btf.type(typeId);
  const struct = variable.kind === 'VAR' ? skipTypedefs(btf, variable.type) : 0;
  if (btf.kind(struct) !== 'STRUCT') btf.fail(typeId, `map ${name} is declared by no struct`);
  return readMapDefinition(btf, name, struct, true);
}

const MAP_FIELDS = {
  type: 'types',
  keySize: 'sizes of keys',
  valueSize: 'sizes of values',
  maxEntries: 'numbers of entries',
  flags: 'flags',
  numaNode: 'NUMA nodes',
  mapExtra: 'map_extra',
  pinByName: 'pinning',
} as const;

function definitionMismatch(btfA: Btf, a: MapDefinition, btfB: Btf, b: MapDefinition): string | undefined {
  for (const [field, words] of Object.entries(MAP_FIELDS)) {
    const [here, there] = [a[field as keyof typeof MAP_FIELDS], b[field as keyof typeof MAP_FIELDS]];
    if (here !== there) return `its ${words} differ (${here} and ${there})`;
  }
  for (const [field, words] of [
    ['keyTypeId', 'key'],
    ['valueTypeId', 'value'],
  ] as const) {
    if ((a[field] === 0) !== (b[field] === 0)) return `only one declaration gives a type for the ${words}`;
    const reason = a[field] === 0 ? undefined : mismatch({ btf: btfA, typeId: a[field] }, { btf: btfB, typeId: b[field] });
    if (reason) return `of the types of its ${words}, ${reason}`;
  }
  if (!a.inner !== !b.inner) return 'only one declaration has an inner map';
  const inner = a.inner && b.inner ? definitionMismatch(btfA, a.inner, btfB, b.inner) : undefined;
  return inner && `of its inner map, ${inner}`;
}

class Comparison {
  #work = MAX_WORK;

  constructor(
    readonly a: Btf,
    readonly b: Btf,
  ) {}

  /** @param exact false behind pointers */
  compare(idA: number, idB: number, exact: boolean, depth: number): string | undefined {
    if (depth > MAX_DEPTH || this.#work-- <= 0) this.a.fail(idA, 'types nest too deep to be compared');
    const a = this.a.type(skipTypedefs(this.a, idA));
    const b = this.b.type(skipTypedefs(this.b, idB));
    if (!exact && (a.kind === 'FWD') !== (b.kind === 'FWD')) return forwardMismatch(a, b);
    if (a.kind !== b.kind) return `${describe(a)} is not ${describe(b)}`;
    if (hasTag(a) && nameOf(a) !== nameOf(b)) return `${describe(a)} is not ${describe(b)}`;
    const inner = (x: number, y: number, innerExact = exact) => this.compare(x, y, innerExact, depth + 1);
    switch (a.kind) {
      case 'INT':
      case 'FLOAT':
      case 'ENUM':
      case 'ENUM64': {
        const { size } = b as typeof a;
        return a.size === size ? undefined : `${describe(a)} has ${a.size} bytes, ${describe(b)} ${size}`;
      }
      case 'PTR':
        return inner(a.type, (b as typeof a).type, false);
      case 'ARRAY':
        return inner(a.type, (b as typeof a).type);
      case 'VAR':
      case 'FUNC': {
        const { linkage, type } = b as typeof a;
        if ((a.linkage === Linkage.STATIC) !== (linkage === Linkage.STATIC)) return 'one is static';
        return inner(a.type, type);
      }
      case 'STRUCT':
      case 'UNION':
        return exact ? membersMismatch(a, b as BtfComposite, inner) : undefined;
      case 'FUNC_PROTO':
        return prototypeMismatch(a, b as BtfFuncProto, inner);
      case 'VOID':
      case 'FWD':
        return undefined;
      default:
        return `${a.kind} cannot be compared`;
    }
  }
}

type Inner = (a: number, b: number) => string | undefined;

function membersMismatch(a: BtfComposite, b: BtfComposite, inner: Inner): string | undefined {
  if (a.members.length !== b.members.length) return `${describe(a)} has ${a.members.length} members here and ${b.members.length} there`;
  for (const [index, member] of a.members.entries()) {
    const other = b.members[index]!;
    if (member.name !== other.name) return `member ${index} of ${describe(a)} is ${member.name} here and ${other.name} there`;
    if (member.bitOffset !== other.bitOffset || member.bitfieldSize !== other.bitfieldSize)
      return `member ${member.name} of ${describe(a)} is at another place`;
    const reason = inner(member.type, other.type);
    if (reason) return `of member ${member.name} of ${describe(a)}, ${reason}`;
  }
  return undefined;
}

function prototypeMismatch(a: BtfFuncProto, b: BtfFuncProto, inner: Inner): string | undefined {
  if (a.params.length !== b.params.length) return `one takes ${a.params.length} arguments, the other ${b.params.length}`;
  for (const [index, param] of a.params.entries()) {
    const reason = inner(param.type, b.params[index]!.type);
    if (reason) return `of argument ${index + 1}, ${reason}`;
  }
  const reason = inner(a.returns, b.returns);
  return reason && `of what it returns, ${reason}`;
}

/** One side knows the struct only by name. */
function forwardMismatch(a: BtfType, b: BtfType): string | undefined {
  const [forward, whole] = a.kind === 'FWD' ? [a, b] : [b, a];
  const kind = forward.kind === 'FWD' && forward.union ? 'UNION' : 'STRUCT';
  return whole.kind === kind && nameOf(whole) === nameOf(forward) ? undefined : `${describe(forward)} is not ${describe(whole)}`;
}

/** Kinds whose names tell them apart; an integer's does not. */
function hasTag({ kind }: BtfType): boolean {
  return kind !== 'INT' && kind !== 'FLOAT';
}

function nameOf(type: BtfType): string {
  return 'name' in type ? type.name : '';
}

function describe(type: BtfType): string {
  const name = nameOf(type);
  const kind = type.kind === 'FWD' ? (type.union ? 'union' : 'struct') : type.kind.toLowerCase().replace('_', ' ');
  return name ? `${kind} ${name}` : kind === 'void' ? kind : `an anonymous ${kind}`;
}
