import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import type { BtfComposite } from '../btf/types.js';
import { type Access, type Accessor, isFlexible, MAX_ACCESS_DEPTH } from './access.js';
import { fieldsCompatible, isEnum, typesCompatible } from './compatible.js';
import { CoreKind, subjectOf } from './kinds.js';
import { typesMatch } from './type-match.js';

/** Members looked at for one relocation: anonymous structs that hold each other in a hostile file would have no end. */
const MAX_WORK = 1 << 20;

/**
 * Follows a path of the object's types in a type of the target: fields by their names, wherever they are there, array elements by index.
 * Undefined when the target has no such field, or one of an incompatible type.
 *
 * @throws ParseError when a path gets too long
 */
export function matchAccess(local: Access, kind: number, target: Btf, targetId: number): Access | undefined {
  switch (subjectOf(kind)) {
    case 'type':
      return matchType(local, kind, target, targetId);
    case 'enumerator':
      return matchEnumerator(local, target, targetId);
    default:
      return new FieldMatch(local, target, targetId).run();
  }
}

function matchType(local: Access, kind: number, target: Btf, targetId: number): Access | undefined {
  const agree = kind === CoreKind.TYPE_MATCHES ? typesMatch : typesCompatible;
  if (!agree({ btf: local.btf, id: local.rootId }, { btf: target, id: targetId })) return undefined;
  return { btf: target, rootId: targetId, steps: [], raw: [], bitOffset: 0 };
}

function matchEnumerator(local: Access, target: Btf, targetId: number): Access | undefined {
  const typeId = skipTypedefs(target, targetId);
  const type = target.type(typeId);
  if (type.kind !== 'ENUM' && type.kind !== 'ENUM64') return undefined;
  const wanted = essentialName(local.steps[0]!.name!);
  const index = type.values.findIndex((value) => essentialName(value.name) === wanted);
  if (index < 0 || !isEnum(type.kind)) return undefined;
  return { btf: target, rootId: targetId, steps: [{ typeId, index, name: type.values[index]!.name }], raw: [index], bitOffset: 0 };
}

/** The path in the target, as far as it has been found. */
class FieldMatch {
  readonly #steps: Accessor[] = [];
  readonly #raw: number[] = [];
  #bitOffset = 0;
  #at: number;
  #work = MAX_WORK;

  constructor(
    readonly local: Access,
    readonly target: Btf,
    readonly rootId: number,
  ) {
    this.#at = rootId;
  }

  run(): Access | undefined {
    for (const step of this.local.steps) {
      this.#at = skipTypedefs(this.target, this.#at);
      if (!(step.name === undefined ? this.#element(step) : this.#member(step, this.#at))) return undefined;
    }
    return { btf: this.target, rootId: this.rootId, steps: this.#steps, raw: this.#raw, bitOffset: this.#bitOffset >>> 0 };
  }

  /** Steps to element `index`; the first step of all is over an array of the root type, which is there without saying. */
  #element({ index }: Accessor): boolean {
    if (this.#steps.length > 0) {
      const array = this.target.type(this.#at);
      if (array.kind !== 'ARRAY') return false;
      if (index >= array.length && !isFlexible(this.target, this.#steps.at(-1)!, array)) return false;
      this.#at = skipTypedefs(this.target, array.type);
    }
    this.#push(index);
    this.#steps.push({ typeId: this.#at, index, name: undefined });
    this.#bitOffset += index * sizeOf(this.target, this.#at) * 8;
    return true;
  }

  /** Looks for the member in a struct, then in anonymous structs in their order, and goes there. False: not found, or not compatible. */
  #member(step: Accessor, id: number): boolean | undefined {
    const typeId = skipTypedefs(this.target, id);
    const type = this.target.type(typeId);
    if (type.kind !== 'STRUCT' && type.kind !== 'UNION') return undefined;
    for (const [index, member] of type.members.entries()) {
      if (this.#work-- <= 0) this.target.fail(id, 'there is too much to compare');
      if (member.name !== '' && member.name !== step.name) continue;
      this.#push(index);
      this.#bitOffset += member.bitOffset;
      const found = member.name === '' ? this.#member(step, member.type) : this.#arrive(step, typeId, index, member.type);
      if (found !== undefined) return found;
      this.#bitOffset -= member.bitOffset;
      this.#raw.pop();
    }
    return undefined;
  }

  #arrive(step: Accessor, typeId: number, index: number, memberType: number): boolean {
    const here = (this.local.btf.type(step.typeId) as BtfComposite).members[step.index]!.type;
    if (!fieldsCompatible({ btf: this.local.btf, id: here }, { btf: this.target, id: memberType })) return false;
    this.#steps.push({ typeId, index, name: step.name });
    this.#at = memberType;
    return true;
  }

  #push(index: number): void {
    if (this.#raw.length === MAX_ACCESS_DEPTH) this.target.fail(this.rootId, `a path of more than ${MAX_ACCESS_DEPTH} steps`);
    this.#raw.push(index);
  }
}
