import { readFileSync } from 'node:fs';
import { Btf } from '../btf/btf.js';

export const VMLINUX_BTF = '/sys/kernel/btf/vmlinux';

let vmlinux: Btf | undefined;

/** The types of the running kernel, read once. @throws Error when the kernel has none (CONFIG_DEBUG_INFO_BTF) */
export function vmlinuxBtf(): Btf {
  vmlinux ??= Btf.parse(readVmlinux(), { what: 'BTF of the kernel' });
  return vmlinux;
}

function readVmlinux(): Uint8Array {
  try {
    return readFileSync(VMLINUX_BTF);
  } catch (error) {
    throw new Error(`read the kernel's types from ${VMLINUX_BTF} (built with CONFIG_DEBUG_INFO_BTF?)`, { cause: error });
  }
}

/** The types of a module, on top of the kernel's. */
export function moduleBtf(name: string): Btf {
  return Btf.parse(readFileSync(`/sys/kernel/btf/${name}`), { what: `BTF of module ${name}`, base: vmlinuxBtf() });
}
