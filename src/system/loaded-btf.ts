import { btfGetFdById, objGetInfo } from '../../native/bpf.js';
import { BTF_INFO } from '../../native/uapi.js';
import { Btf } from '../btf/btf.js';

/**
 * The BTF that the kernel holds under this id, as a program, a map or a module brought it. Needs CAP_SYS_ADMIN.
 *
 * @param base what it was split from: the kernel's own BTF, for a module's
 * @throws {SyscallError} ENOENT when there is no such id
 */
export function loadedBtf(id: number, base?: Btf): Btf {
  using fd = btfGetFdById(id);
  const size = objGetInfo(fd.number, BTF_INFO).btf_size;
  const bytes = new Uint8Array(size);
  objGetInfo(fd.number, BTF_INFO, { btf: bytes, btf_size: size });
  return Btf.parse(bytes, { what: `BTF ${id}`, ...(base && { base }) });
}
