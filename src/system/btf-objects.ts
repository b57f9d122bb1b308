import { btfGetFdById, btfGetNextId, mapGetFdById, mapGetNextId, objInfo, progGetFdById, progGetNextId } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { Arena } from '../../native/memory.js';
import { BTF_INFO, MAP_INFO, PROG_INFO } from '../../native/uapi.js';
import { cString } from '../bytes/text.js';
import { unlessGone } from './gone.js';

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
// BPF_F_RDONLY: what is only asked about need not be given for writing.
const READ_ONLY = 1 << 3;
let nameRoom: Arena | undefined;

/** What the kernel says on the BTF object with this id. Needs CAP_SYS_ADMIN. */
export function btfInfo(id: number): BtfInfo {
  using fd = openBtf(id);
  const { btf_size: size, kernel_btf: kernel, name_len: length } = objInfo(fd.number, BTF_INFO);
  return { id, size, name: length > 0 ? nameOf(fd.number) : '', kernel: kernel !== 0 };
}

// A kernel that knows no names refuses a request for one.
function nameOf(fd: number): string {
  nameRoom ??= new Arena(NAME_SIZE);
  nameRoom.bytes.fill(0);
  objInfo(fd, BTF_INFO, { name: nameRoom.address, name_len: NAME_SIZE });
  return cString(nameRoom.bytes);
}

const USERS = {
  program: { next: progGetNextId, open: progGetFdById, layout: PROG_INFO },
  map: { next: mapGetNextId, open: (id: number) => mapGetFdById(id, READ_ONLY), layout: MAP_INFO },
} as const;

/** The ids of all programs or maps that have BTF, with the ids of that, in ascending order. Needs CAP_SYS_ADMIN. */
export function* btfUsers(kind: 'program' | 'map'): Generator<{ readonly id: number; readonly btfId: number }> {
  const { next, open, layout } = USERS[kind];
  for (let id = next(0); id !== undefined; id = next(id)) {
    const btfId = btfOf(id, open, layout);
    if (btfId !== 0) yield { id, btfId };
  }
}

function btfOf(id: number, open: (id: number) => Fd, layout: typeof PROG_INFO | typeof MAP_INFO): number {
  using fd = unlessGone(() => open(id));
  return fd ? objInfo(fd.number, layout).btf_id : 0;
}

/** All BTF objects, in ascending order of ids. One that goes away meanwhile is passed over. */
export function* allBtfInfos(): Generator<BtfInfo> {
  for (let id = btfGetNextId(0); id !== undefined; id = btfGetNextId(id)) {
    const info = infoUnlessGone(id);
    if (info) yield info;
  }
}

function infoUnlessGone(id: number): BtfInfo | undefined {
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
