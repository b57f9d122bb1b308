import type { Btf } from '../btf/btf.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import type { BtfArray, BtfComposite } from '../btf/types.js';
import { subjectOf } from './kinds.js';

/** Longest path of a relocation (BPF_CORE_SPEC_MAX_LEN of the kernel). */
export const MAX_ACCESS_DEPTH = 64;

/** A step of a path: a named field of the struct `typeId`, or, without a name, element `index` of an array whose elements are `typeId`. */
export interface Accessor {
  readonly typeId: number;
  readonly index: number;
  readonly name: string | undefined;
}

/** A path into the types of one BTF, in steps that mean something: anonymous structs on the way are passed through. */
export interface Access {
  readonly btf: Btf;
  readonly rootId: number;
  readonly steps: readonly Accessor[];
  /** Each single step, those through anonymous structs too. */
  readonly raw: readonly number[];
  readonly bitOffset: number;
}

/**
 * Reads the text of a relocation, such as `0:1:2`, along the types of the object.
 *
 * @throws ParseError when the text is malformed or does not fit the type
 */
export function parseAccess(btf: Btf, rootId: number, kind: number, text: string): Access {
  const subject = subjectOf(kind);
  if (!subject) return btf.fail(rootId, `relocation kind ${kind} is unknown`);
  if (subject === 'type') {
    if (text !== '0') btf.fail(rootId, `a relocation of the type itself goes to '${text}'`);
    return { btf, rootId, steps: [], raw: [], bitOffset: 0 };
  }
  const raw = parseIndexes(btf, rootId, text);
  return subject === 'enumerator' ? enumeratorAccess(btf, rootId, raw) : fieldAccess(btf, rootId, raw);
}

function parseIndexes(btf: Btf, rootId: number, text: string): number[] {
  // Blanks before a number are no matter to libbpf.
  if (!/^\s*\d{1,9}(:\s*\d{1,9})*$/.test(text)) btf.fail(rootId, `'${text}' is no path of a relocation`);
  const raw = text.split(':').map(Number);
  return raw.length <= MAX_ACCESS_DEPTH ? raw : btf.fail(rootId, `a path of ${raw.length} steps is too long`);
}

function enumeratorAccess(btf: Btf, rootId: number, raw: readonly number[]): Access {
  const typeId = skipTypedefs(btf, rootId);
  const type = btf.type(typeId);
  const index = raw[0]!;
  if ((type.kind !== 'ENUM' && type.kind !== 'ENUM64') || raw.length > 1)
    return btf.fail(rootId, 'an enum value is relocated of what is no enum');
  const value = type.values[index] ?? btf.fail(rootId, `the enum has no value ${index}`);
  return { btf, rootId, steps: [{ typeId, index, name: value.name }], raw, bitOffset: 0 };
}

function fieldAccess(btf: Btf, rootId: number, raw: readonly number[]): Access {
  const root = skipTypedefs(btf, rootId);
  const steps: Accessor[] = [{ typeId: root, index: raw[0]!, name: undefined }];
  let bitOffset = raw[0]! * sizeOf(btf, root) * 8;
  let id = root;
  for (const index of raw.slice(1)) {
    const at = skipTypedefs(btf, id);
    const type = btf.type(at);
    if (type.kind === 'STRUCT' || type.kind === 'UNION') {
      const member = type.members[index] ?? btf.fail(at, `there is no member ${index}`);
      if (member.name) steps.push({ typeId: at, index, name: member.name });
      bitOffset += member.bitOffset;
      id = member.type;
    } else if (type.kind === 'ARRAY') {
      checkIndex(btf, at, type, index, steps.at(-1)!);
      id = skipTypedefs(btf, type.type);
      steps.push({ typeId: id, index, name: undefined });
      bitOffset += index * sizeOf(btf, id) * 8;
    } else {
      btf.fail(at, `a path goes into ${type.kind}`);
    }
  }
  return { btf, rootId, steps, raw, bitOffset: bitOffset >>> 0 };
}

function checkIndex(btf: Btf, id: number, array: BtfArray, index: number, before: Accessor): void {
  if (index >= array.length && !isFlexible(btf, before, array)) btf.fail(id, `element ${index} of an array of ${array.length}`);
}

/** Whether an array is the last member of its struct and without a length, so that any index is good. */
export function isFlexible(btf: Btf, before: Accessor, array: BtfArray): boolean {
  if (before.name === undefined || array.length > 0) return false;
  return before.index === (btf.type(before.typeId) as BtfComposite).members.length - 1;
}
