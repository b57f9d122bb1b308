import type { Btf } from '../btf/btf.js';
import { encodeBtf } from '../btf/encode.js';
import type { CoreRelo } from '../btf/ext.js';
import type { BtfType } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { describeRelocation } from '../core-relo/describe.js';
import { CoreRelocator } from '../core-relo/relocate.js';
import { renumbered } from './references.js';
import { UsedTypes } from './used-types.js';

/** What an object file wants to know of the kernel's types. */
export interface CoreObject {
  /** Names the object in errors. */
  readonly what: string;
  readonly btf: Btf;
  /** In the order of the file, which is that in which a loader resolves them. */
  readonly relocations: readonly CoreRelo[];
}

/**
 * BTF with those types of `kernel` that the CO-RE relocations of the objects lead to, and of structs only the members that they go through: every
 * relocation has the same answer as with the whole, except that the ids of types in the kernel (`bpf_core_type_id_kernel`) are not those of the kernel.
 *
 * All types that match are kept, also where one would do for the answer: which they are decides on what later relocations mean.
 *
 * @throws ParseError when a relocation is malformed or ambiguous, as in loading
 */
export function minimizeBtf(kernel: Btf, objects: readonly CoreObject[]): Uint8Array {
  const used = new UsedTypes(kernel);
  for (const object of objects) recordUse(used, kernel, object);
  return encodeBtf(keptTypes(kernel, used), { littleEndian: kernel.littleEndian });
}

function recordUse(used: UsedTypes, kernel: Btf, { what, btf, relocations }: CoreObject): void {
  const types = { btf: kernel, modules: () => [] };
  const relocator = new CoreRelocator(
    btf,
    () => types,
    (target, kind) => used.add(target, kind),
  );
  for (const relocation of relocations) {
    relocator.resolve(relocation, (reason) => {
      throw new ParseError(`${what}, relocation ${describeRelocation(btf, relocation)}`, relocation.instruction * 8, reason);
    });
  }
}

/** The types that are kept, with their new ids in what refers to them; what is not kept becomes void. */
function keptTypes(kernel: Btf, used: UsedTypes): BtfType[] {
  const ids = used.ids();
  const newIds = new Map(ids.map((id, index) => [id, index + 1]));
  return ids.map((id) => {
    const type = kernel.type(id);
    const isComposite = type.kind === 'STRUCT' || type.kind === 'UNION';
    // Whether a bitfield is left is found out anew.
    const kept = isComposite ? { ...type, members: type.members.filter((_, index) => used.hasMember(id, index)), kindFlag: false } : type;
    return renumbered(kept, (old) => newIds.get(old) ?? 0);
  });
}
