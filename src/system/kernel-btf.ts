import { fstatSync, openSync } from 'node:fs';
import { SyscallError } from '../../native/error.js';
import { mapFile } from '../../native/mapping.js';
import { close } from '../../native/system.js';
import { Btf } from '../btf/btf.js';
import { readBytes } from './read-file.js';

export const VMLINUX_BTF = '/sys/kernel/btf/vmlinux';

let vmlinux: Btf | undefined;

/** The types of the running kernel, read once. @throws Error when the kernel has none (CONFIG_DEBUG_INFO_BTF) */
export function vmlinuxBtf(): Btf {
  // The kernel's build takes pahole, which writes each name as a string of its own.
  vmlinux ??= Btf.parse(readVmlinux(), { what: 'BTF of the kernel', wholeNames: true });
  return vmlinux;
}

function readVmlinux(): Uint8Array {
  try {
    return mapWhole(VMLINUX_BTF) ?? readBytes(VMLINUX_BTF);
  } catch (error) {
    throw new Error(`read the kernel's types from ${VMLINUX_BTF} (built with CONFIG_DEBUG_INFO_BTF?)`, { cause: error });
  }
}

/** Reading gives a page at a time, 1,300 times; since 6.16 the file can be mapped instead. */
function mapWhole(path: string): Uint8Array | undefined {
  const fd = openSync(path, 'r');
  try {
    return mapFile(fd, fstatSync(fd).size);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  } finally {
    close(fd);
  }
}

/** The types of a module, on top of the kernel's. */
export function moduleBtf(name: string): Btf {
  return Btf.parse(readBytes(`/sys/kernel/btf/${name}`), { what: `BTF of module ${name}`, base: vmlinuxBtf() });
}
