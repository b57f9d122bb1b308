import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { kindsAgree, type TypeRef } from './compatible.js';

/** The types that relocations are resolved against. */
export interface KernelTypes {
  readonly btf: Btf;
  /** Types of modules, split from `btf`; asked for only what `btf` itself has not. */
  modules(): readonly Btf[];
}

/**
 * The kernel's types that have the name of a local type, flavors (`___x`) on both sides aside, and its kind. Those of modules count only when the kernel
 * itself has none.
 */
export function findCandidates(local: Btf, localId: number, kernel: KernelTypes): TypeRef[] {
  const name = essentialName(local.name(localId));
  const kind = local.kind(localId);
  const inBtf = (btf: Btf, from: number): TypeRef[] =>
    btf
      .findEssential(name)
      .filter((id) => id >= from && kindsAgree(btf.kind(id), kind))
      .map((id) => ({ btf, id }));
  const own = inBtf(kernel.btf, 1);
  return own.length > 0 ? own : kernel.modules().flatMap((module) => inBtf(module, module.startId));
}
