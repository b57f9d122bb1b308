import { btfGetFdById, objGetInfo } from '../../native/bpf.js';
import { BTF_INFO } from '../../native/uapi.js';
import { Btf } from '../btf/btf.js';

let last: { readonly id: number; readonly base: Btf | undefined; readonly btf: Btf } | undefined;

/**
 * The BTF that the kernel holds under this id, as a program, a map or a module brought it. Needs CAP_SYS_ADMIN.
 *
 * The last one is kept: programs and maps of one object follow each other in listings, and the kernel does not give an id a second time.
 *
 * @param base what it was split from: the kernel's own BTF, for a module's
 * @throws {SyscallError} ENOENT when there is no such id
 */
export function loadedBtf(id: number, base?: Btf): Btf {
  if (last?.id === id && last.base === base) return last.btf;
  using fd = btfGetFdById(id);
  const size = objGetInfo(fd.number, BTF_INFO).btf_size;
  const bytes = new Uint8Array(size);
  objGetInfo(fd.number, BTF_INFO, { btf: bytes, btf_size: size });
  const btf = Btf.parse(bytes, { what: `BTF ${id}`, ...(base && { base }) });
  last = { id, base, btf };
  return btf;
}
