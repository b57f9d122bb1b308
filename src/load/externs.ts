import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfFunc, BtfVar } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { typesCompatible } from '../core-relo/compatible.js';
import { UsageError } from '../errors.js';
import { kconfigNumber, kconfigValue } from '../object/kconfig.js';
import type { ExternSpec, KconfigExtern, KsymExtern, ObjectSpec } from '../object/spec.js';
import { KernelConfig } from '../system/kernel-config.js';
import { findKernelType, type Kernel, type KernelType, type ModuleTypes } from './kernel.js';

/** What an extern is in this kernel: the value of a setting, an address, or a type of the kernel. Undefined: a weak one that is not there. */
export type ResolvedExtern =
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  | { readonly kind: 'address'; readonly address: bigint }
  /** `module` goes with it into instructions, calls by its index in `modules`. */
  | { readonly kind: 'type'; readonly id: number; readonly module: ModuleTypes | undefined }
  | undefined;

/** Settings that are not the kernel's but of the loader. */
const VIRTUAL: Readonly<Record<string, (kernel: Kernel) => number>> = {
  LINUX_KERNEL_VERSION: (kernel) => kernel.version,
  LINUX_HAS_BPF_COOKIE: (kernel) => Number(kernel.features.has('cookie')),
  LINUX_HAS_SYSCALL_WRAPPER: (kernel) => Number(kernel.features.has('syscallWrapper')),
};

/**
 * Finds out what the object's externs are in a kernel.
 *
 * @param settings lines `CONFIG_X=y` that come before the kernel's own
 * @throws UsageError when one that is not weak is not there; ParseError when its value or type does not fit
 */
export function resolveExterns(spec: ObjectSpec, kernel: Kernel, settings: string | undefined): ResolvedExtern[] {
  const given = settings === undefined ? undefined : new KernelConfig(settings);
  return spec.externs.map((extern) => {
    const resolved = extern.kind === 'kconfig' ? resolveSetting(extern, kernel, given) : resolveSymbol(extern, spec.btf!, kernel);
    if (!resolved && !extern.weak) throw notFound(extern, kernel);
    return resolved;
  });
}

/** The contents of the `.kconfig` map. */
export function kconfigContents(spec: ObjectSpec, resolved: readonly ResolvedExtern[], size: number): Uint8Array {
  const contents = new Uint8Array(size);
  for (const [index, extern] of spec.externs.entries()) {
    const value = resolved[index];
    if (extern.kind === 'kconfig' && value?.kind === 'value') contents.set(value.bytes, extern.offset);
  }
  return contents;
}

function notFound(extern: ExternSpec, kernel: Kernel): Error {
  if (extern.kind === 'ksym') {
    const what = extern.isFunction ? 'function' : 'variable';
    return new UsageError(`extern ${extern.name}: this kernel has no such ${what}; declared as __weak it may be missing`);
  }
  if (!extern.name.startsWith('CONFIG_')) return new UsageError(`extern ${extern.name}: this is no setting that the loader knows`);
  const where = kernel.config ? 'it is not set in this kernel' : 'neither /boot nor /proc/config.gz has the configuration of this kernel';
  return new UsageError(`extern ${extern.name}: ${where}; declared as __weak it may be missing`);
}

function resolveSetting(extern: KconfigExtern, kernel: Kernel, given: KernelConfig | undefined): ResolvedExtern {
  if (extern.name.startsWith('CONFIG_')) {
    const text = given?.get(extern.name) ?? kernel.config?.get(extern.name);
    return text === undefined ? undefined : { kind: 'value', bytes: kconfigValue(extern, text) };
  }
  const virtual = Object.hasOwn(VIRTUAL, extern.name) ? VIRTUAL[extern.name] : undefined;
  if (virtual) return { kind: 'value', bytes: kconfigNumber(extern, BigInt(virtual(kernel))) };
  // Unknown ones may come to exist later; but a name of another kind is a mistake.
  if (!extern.name.startsWith('LINUX_')) throw new UsageError(`extern ${extern.name}: settings are called CONFIG_... or LINUX_...`);
  return undefined;
}

function resolveSymbol(extern: KsymExtern, local: Btf, kernel: Kernel): ResolvedExtern {
  if (extern.typeId === 0) return resolveAddress(extern, kernel);
  return extern.isFunction ? resolveFunction(extern, local, kernel) : resolveVariable(extern, local, kernel);
}

function resolveAddress({ name }: KsymExtern, kernel: Kernel): ResolvedExtern {
  const addresses = [...new Set(kernel.addresses(name))];
  if (addresses.length > 1) throw new UsageError(`extern ${name}: this kernel has ${addresses.length} symbols of that name`);
  return addresses.length === 0 ? undefined : { kind: 'address', address: addresses[0]! };
}

function resolveVariable(extern: KsymExtern, local: Btf, kernel: Kernel): ResolvedExtern {
  const found = findKernelType(kernel, extern.name, 'VAR');
  if (!found) return undefined;
  const id = skipTypedefs(found.btf, (found.btf.type(found.id) as BtfVar).type);
  if (!typesCompatible({ btf: local, id: extern.typeId }, { btf: found.btf, id })) throw incompatible(extern, local, found.btf, id);
  return typeOf(found);
}

/** A function that is weak may also be one of another type: another version of it, perhaps. */
function resolveFunction(extern: KsymExtern, local: Btf, kernel: Kernel): ResolvedExtern {
  const found = findKernelType(kernel, essentialName(extern.name), 'FUNC');
  if (!found) return undefined;
  const { type: id } = found.btf.type(found.id) as BtfFunc;
  if (typesCompatible({ btf: local, id: extern.typeId }, { btf: found.btf, id })) return typeOf(found);
  if (extern.weak) return undefined;
  throw incompatible(extern, local, found.btf, id);
}

function typeOf({ id, module }: KernelType): ResolvedExtern {
  return { kind: 'type', id, module };
}

function incompatible(extern: KsymExtern, local: Btf, btf: Btf, id: number): ParseError {
  const text = (types: Btf, type: number) => `${types.kind(type).toLowerCase()} ${types.name(type)}`.trimEnd();
  const reason = `the object takes it for ${text(local, extern.typeId)} [${extern.typeId}], in this kernel it is ${text(btf, id)} [${id}]`;
  return new ParseError(`extern ${extern.name}`, 0, extern.isFunction ? `${reason}: number or kinds of its arguments differ` : reason);
}
