// Asks what is attached to a cgroup, an interface or a network namespace (BPF_PROG_QUERY).
import { progQuery } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { AttachType } from '../kernel/enums.gen.js';
import type { AttachTypeName } from '../kernel/names.js';

/** Where programs are attached: the descriptor of a cgroup or network namespace, or the index of an interface. */
export type QueryTarget = { readonly fd: number } | { readonly ifindex: number };

/** A program in the list of a hook. */
export interface AttachedProgram {
  readonly progId: number;
  /** BPF_F_* that it was attached with. */
  readonly flags: number;
  /** The link that holds it, 0 for none. Known of tcx and netkit only. */
  readonly linkId: number;
  readonly linkFlags: number;
}

const BPF_F_QUERY_EFFECTIVE = 1;

/**
 * The programs of a hook, in the order in which they run. `effective`: all that run for a cgroup, those of its ancestors with it, without their flags.
 * Undefined when the kernel does not know the hook, or the target has none of that kind.
 */
export function attachedPrograms(target: QueryTarget, attach: AttachTypeName, effective = false): AttachedProgram[] | undefined {
  const where = {
    ...('fd' in target ? { target_fd: target.fd } : { target_ifindex: target.ifindex }),
    attach_type: AttachType[attach],
    query_flags: effective ? BPF_F_QUERY_EFFECTIVE : 0,
  };
  try {
    const { prog_cnt: count } = progQuery(where);
    return count === 0 ? [] : read(where, count, 'ifindex' in target, effective);
  } catch (error) {
    // ENXIO: netkit is asked for on an interface of another kind.
    if (isErrno(error, 'EINVAL', 'EOPNOTSUPP', 'ENODEV', 'ENXIO')) return undefined;
    throw new Error('ask what is attached', { cause: error });
  }
}

type Where = Parameters<typeof progQuery>[0];

// Programs may come while this asks: there is some room for them, and when that is not enough it asks again.
function read(where: Where, count: number, hasLinks: boolean, effective: boolean): AttachedProgram[] {
  const room = count + 16;
  const lists = {
    ids: new Uint32Array(room),
    flags: new Uint32Array(room),
    links: new Uint32Array(room),
    linkFlags: new Uint32Array(room),
  };
  const links = hasLinks ? { link_ids: bytes(lists.links), link_attach_flags: bytes(lists.linkFlags) } : {};
  const request = { ...where, prog_ids: bytes(lists.ids), prog_cnt: room };
  try {
    const answer = query(request, effective ? {} : { prog_attach_flags: bytes(lists.flags) }, links);
    return Array.from({ length: answer.prog_cnt }, (_, i) => ({
      progId: lists.ids[i]!,
      flags: lists.flags[i]! || answer.attach_flags,
      linkId: lists.links[i]!,
      linkFlags: lists.linkFlags[i]!,
    }));
  } catch (error) {
    if (isErrno(error, 'ENOSPC')) return read(where, room * 2, hasLinks, effective);
    throw error;
  }
}

// Kernels before 6.0 know no flags of single programs, and refuse to be asked.
function query(request: Where, flags: Where, links: Where) {
  try {
    return progQuery({ ...request, ...flags, ...links });
  } catch (error) {
    if (!isErrno(error, 'EINVAL')) throw error;
    return progQuery(request);
  }
}

function bytes(list: Uint32Array): Uint8Array {
  return new Uint8Array(list.buffer);
}
