import { btfGetFdById, btfGetNextId, objGetInfo } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { BTF_INFO } from '../../native/uapi.js';
import { cString } from '../bytes/text.js';

/** What the kernel says on a BTF object (struct bpf_btf_info). */
export interface BtfInfo {
  readonly id: number;
  /** Of the blob, in bytes. */
  readonly size: number;
  /** `vmlinux`, a module's name, or empty. Kernels before 5.11 give none. */
  readonly name: string;
  /** Whether it describes the kernel or a module. */
  readonly kernel: boolean;
}

const NAME_SIZE = 64;

/** What the kernel says on the BTF object with this id. Needs CAP_SYS_ADMIN. */
export function btfInfo(id: number): BtfInfo {
  using fd = openBtf(id);
  const info = objGetInfo(fd.number, BTF_INFO);
  // A kernel that knows no names refuses a request for one.
  const name = new Uint8Array(NAME_SIZE);
  if (info.name_len > 0) objGetInfo(fd.number, BTF_INFO, { name, name_len: name.length });
  return { id: info.id, size: info.btf_size, name: cString(name), kernel: info.kernel_btf !== 0 };
}

/** All BTF objects, in ascending order of ids. One that goes away meanwhile is passed over. */
export function* allBtfInfos(): Generator<BtfInfo> {
  for (let id = btfGetNextId(0); id !== undefined; id = btfGetNextId(id)) {
    const info = unlessGone(id);
    if (info) yield info;
  }
}

function unlessGone(id: number): BtfInfo | undefined {
  try {
    return btfInfo(id);
  } catch (error) {
    if (error instanceof Error && isErrno(error.cause, 'ENOENT')) return undefined;
    throw error;
  }
}

function openBtf(id: number) {
  try {
    return btfGetFdById(id);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw new Error(`there is no BTF object with id ${id}`, { cause: error });
    throw new Error(`open BTF object ${id}`, { cause: error });
  }
}
