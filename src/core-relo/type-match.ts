import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfComposite, BtfEnum, BtfType } from '../btf/types.js';
import { IntEncoding } from '../btf/types.js';
import { isEnum, type TypeRef } from './compatible.js';

const MAX_DEPTH = 32;
/** Members that are compared for one relocation: structs that hold each other by value in a hostile file would have no end. */
const MAX_WORK = 1 << 20;

/** The BTF of both sides, and how much may still be done. */
interface Pair {
  readonly local: Btf;
  readonly target: Btf;
  work: number;
}

/**
 * Whether the target has all of the local type: each member by name and matching type, each enum value by name, functions with the same arguments.
 * Behind a pointer only names are looked at (`bpf_core_type_matches`, __bpf_core_types_match of the kernel).
 *
 * @throws ParseError when types loop or nest too deep
 */
export function typesMatch(local: TypeRef, target: TypeRef): boolean {
  return matches({ local: local.btf, target: target.btf, work: MAX_WORK }, local.id, target.id, false, MAX_DEPTH);
}

function matches(pair: Pair, local: number, target: number, behindPointer: boolean, level: number): boolean {
  if (level <= 0 || pair.work-- <= 0) pair.local.fail(local, 'types nest too deep');
  let pointed = behindPointer;
  let [a, b] = [local, target];
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const here = pair.local.type(skipTypedefs(pair.local, a));
    const there = pair.target.type(skipTypedefs(pair.target, b));
    if (!namesMatch(here, there)) return false;
    if (here.kind === 'FUNC_PROTO') {
      if (there.kind !== 'FUNC_PROTO' || here.params.length !== there.params.length) return false;
      if (!here.params.every((param, i) => matches(pair, param.type, there.params[i]!.type, pointed, level - 1))) return false;
      [a, b] = [here.returns, there.returns];
    } else if (here.kind === 'PTR') {
      if (there.kind !== 'PTR') return false;
      pointed = true;
      [a, b] = [here.type, there.type];
    } else if (here.kind === 'ARRAY') {
      if (there.kind !== 'ARRAY' || here.length !== there.length) return false;
      [a, b] = [here.type, there.type];
    } else {
      return endsMatch(pair, here, there, pointed, level);
    }
  }
  return pair.local.fail(local, 'types nest too deep');
}

function nameOf(type: { readonly kind?: string; readonly name?: string } | BtfType): string {
  return ('name' in type && type.name) || '';
}

function namesMatch(here: { readonly name?: string } | BtfType, there: { readonly name?: string } | BtfType): boolean {
  const [name, other] = [nameOf(here), nameOf(there)];
  if (other === '') return name === '';
  return name === other || essentialName(name) === essentialName(other);
}

/** Types that lead no further, except by their members. */
function endsMatch(pair: Pair, here: BtfType, there: BtfType, behindPointer: boolean, level: number): boolean {
  switch (here.kind) {
    case 'VOID':
      return there.kind === 'VOID';
    case 'INT':
      return there.kind === 'INT' && here.size === there.size && ((here.encoding ^ there.encoding) & IntEncoding.SIGNED) === 0;
    case 'ENUM':
    case 'ENUM64':
      return isEnum(there.kind) && enumsMatch(here, there as BtfEnum);
    case 'FWD':
      if (there.kind === 'FWD') return here.union === there.union;
      return behindPointer && there.kind === (here.union ? 'UNION' : 'STRUCT');
    case 'STRUCT':
    case 'UNION':
      if (!behindPointer) return there.kind === here.kind && membersMatch(pair, here, there as BtfComposite, level);
      return there.kind === here.kind || (there.kind === 'FWD' && there.union === (here.kind === 'UNION'));
    default:
      return false;
  }
}

function enumsMatch(here: BtfEnum, there: BtfEnum): boolean {
  if (here.size !== there.size || here.values.length > there.values.length) return false;
  const names = new Set(there.values.map((value) => essentialName(value.name)));
  return here.values.every((value) => names.has(essentialName(value.name)));
}

function membersMatch(pair: Pair, here: BtfComposite, there: BtfComposite, level: number): boolean {
  if (here.members.length > there.members.length) return false;
  return here.members.every((member) =>
    there.members.some((other) => {
      if (pair.work-- <= 0) pair.local.fail(member.type, 'there is too much to compare');
      return namesMatch(member, other) && matches(pair, member.type, other.type, false, level - 1);
    }),
  );
}
