import type { Btf } from '../btf/btf.js';
import { compileFormatter, type ValueFormatter } from '../btf/value.js';
import { btfInfo } from '../system/btf-objects.js';
import { VMLINUX_BTF, vmlinuxBtf } from '../system/kernel-btf.js';
import { loadedBtf } from '../system/loaded-btf.js';
import type { BpfMap } from './map.js';

/** How keys and values of a map are written by their types. */
export interface EntryFormats {
  readonly key?: ValueFormatter;
  readonly value: ValueFormatter;
}

/** The types of a map's keys (0 for none) and values, and the BTF that they are in. */
export interface EntryTypes {
  readonly btf: Btf;
  readonly key: number;
  readonly value: number;
}

/**
 * The types of a map whose BTF describes its values; undefined for others. Also undefined when the BTF cannot be had, as without CAP_SYS_ADMIN: bytes
 * are shown then.
 */
export function typesOf(map: BpfMap): EntryTypes | undefined {
  const { btfKeyTypeId, btfValueTypeId, btfVmlinuxValueTypeId } = map.info;
  const value = btfVmlinuxValueTypeId || btfValueTypeId;
  const btf = value === 0 ? undefined : btfOf(map);
  return btf && { btf, key: btfKeyTypeId, value };
}

/** The formats of a map whose types are known; undefined for others. */
export function formatsOf(map: BpfMap): EntryFormats | undefined {
  const types = typesOf(map);
  if (!types) return undefined;
  const { btf, key, value } = types;
  return { ...(key !== 0 && { key: compileFormatter(btf, key) }), value: compileFormatter(btf, value) };
}

function btfOf({ info }: BpfMap): Btf | undefined {
  try {
    return info.btfVmlinuxValueTypeId === 0 ? loadedBtf(info.btfId) : kernelsOwn(info.btfVmlinuxId);
  } catch {
    return undefined;
  }
}

const VMLINUX = VMLINUX_BTF.slice(VMLINUX_BTF.lastIndexOf('/') + 1);

/** The kernel's BTF, or that of the module whose struct a struct_ops map holds, by its id (told since 6.9, 0 before). */
export function kernelsOwn(id: number): Btf {
  const ofModule = id !== 0 && btfInfo(id).name !== VMLINUX;
  return ofModule ? loadedBtf(id, vmlinuxBtf()) : vmlinuxBtf();
}
