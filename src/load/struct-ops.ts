import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import type { BtfComposite, BtfMember } from '../btf/types.js';
import { NotSupportedError, UsageError } from '../errors.js';
import type { MapSpec } from '../object/spec.js';
import { kernelRelease } from '../system/kernel-version.js';
import { findKernelType, type Kernel, type ModuleTypes } from './kernel.js';

const VALUE_PREFIX = 'bpf_struct_ops_';

/** A struct_ops map as this kernel lays its struct out. */
export interface StructOpsLayout {
  readonly module: ModuleTypes | undefined;
  /** The value's type in the kernel's (or module's) BTF, `struct bpf_struct_ops_X`. */
  readonly valueTypeId: number;
  /** The struct's own type. */
  readonly typeId: number;
  /** The value with all but the functions filled in. */
  readonly value: Uint8Array;
  /** Functions: the program (index in the spec), where in `value` its descriptor goes, and the number of the kernel's member. */
  readonly functions: readonly { readonly program: number; readonly offset: number; readonly member: number }[];
}

/**
 * Lays out the struct of a struct_ops map for a kernel: members go by their names.
 *
 * @throws UsageError when it sets something that the kernel's struct has not, or has otherwise; NotSupportedError when the kernel has no such struct
 */
export function layOutStructOps(map: MapSpec, local: Btf, kernel: Kernel): StructOpsLayout {
  const { typeId, programs } = map.structOps!;
  const struct = local.type(typeId) as BtfComposite;
  const target = findTarget(map, essentialName(struct.name), kernel);
  const value = new Uint8Array(target.size);
  const functions: StructOpsLayout['functions'][number][] = [];
  for (const [index, member] of struct.members.entries()) {
    const place = new MemberPlace(map, local, member, target, value, programs[index]);
    const fn = place.fill();
    if (fn) functions.push(fn);
  }
  return { module: target.module, valueTypeId: target.valueTypeId, typeId: target.typeId, value, functions };
}

interface Target {
  readonly btf: Btf;
  readonly module: ModuleTypes | undefined;
  readonly valueTypeId: number;
  readonly typeId: number;
  readonly struct: BtfComposite;
  /** Of the whole value, and where the struct is in it, in bytes. */
  readonly size: number;
  readonly offset: number;
}

function findTarget(map: MapSpec, name: string, kernel: Kernel): Target {
  const found = findKernelType(kernel, VALUE_PREFIX + name, 'STRUCT');
  const typeId = found?.btf.find(name, 'STRUCT');
  if (!found || typeId === undefined) throw new NotSupportedError(`map ${map.name}: struct_ops ${name}`, undefined, kernelRelease());
  const { btf, id, module } = found;
  const value = btf.type(id) as BtfComposite;
  const data = value.members.find(({ type }) => type === typeId);
  if (!data) throw new UsageError(`map ${map.name}: the kernel's struct ${value.name} holds no struct ${name}`);
  return {
    btf,
    module,
    valueTypeId: id,
    typeId,
    struct: btf.type(typeId) as BtfComposite,
    size: value.size,
    offset: Math.floor(data.bitOffset / 8),
  };
}

/** One member, in the object's struct and in the kernel's. */
class MemberPlace {
  constructor(
    readonly map: MapSpec,
    readonly local: Btf,
    readonly member: BtfMember,
    readonly target: Target,
    readonly value: Uint8Array,
    readonly program: number | undefined,
  ) {}

  /** Copies a value, or says where the descriptor of a program is to go. */
  fill(): StructOpsLayout['functions'][number] | undefined {
    const { local, member, target } = this;
    const bytes = this.#bytes();
    const index = target.struct.members.findIndex(({ name }) => name === member.name);
    if (index < 0) return this.#missing(bytes);
    const there = target.struct.members[index]!;
    if (member.bitfieldSize > 0 || there.bitfieldSize > 0) this.#refuse('bitfields cannot be set');
    const hereKind = local.kind(skipTypedefs(local, member.type));
    const thereId = skipTypedefs(target.btf, there.type);
    if (hereKind !== target.btf.kind(thereId)) this.#refuse(`the kernel has ${target.btf.kind(thereId)} for it, not ${hereKind}`);
    const offset = target.offset + Math.floor(there.bitOffset / 8);
    if (hereKind === 'PTR') return this.#function(bytes, index, offset);
    const size = sizeOf(target.btf, thereId);
    if (size !== bytes.length) this.#refuse(`the kernel's has ${size} bytes, not ${bytes.length}`);
    this.value.set(bytes, offset);
    return undefined;
  }

  #bytes(): Uint8Array {
    const at = Math.floor(this.member.bitOffset / 8);
    return this.map.contents!.subarray(at, at + sizeOf(this.local, this.member.type));
  }

  /** What is left zero may be missing in the kernel: it is of another version. */
  #missing(bytes: Uint8Array): undefined {
    if (this.program !== undefined || bytes.some((byte) => byte !== 0)) this.#refuse('this kernel has no such member');
  }

  #function(bytes: Uint8Array, member: number, offset: number): StructOpsLayout['functions'][number] | undefined {
    const { btf, struct } = this.target;
    if (this.program === undefined) {
      if (bytes.some((byte) => byte !== 0)) this.#refuse('it points to what is no program');
      return undefined;
    }
    const pointer = btf.type(skipTypedefs(btf, struct.members[member]!.type)) as { type: number };
    if (btf.kind(skipTypedefs(btf, pointer.type)) !== 'FUNC_PROTO') this.#refuse("the kernel's is no function");
    return { program: this.program, offset, member };
  }

  #refuse(reason: string): never {
    throw new UsageError(`map ${this.map.name}, member ${this.member.name}: ${reason}`);
  }
}
