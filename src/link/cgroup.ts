// What is attached to cgroups.
import { progAttach, progDetach, progGetFdById } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { AttachType } from '../kernel/enums.gen.js';
import type { AttachTypeName } from '../kernel/names.js';
import { Program } from '../program/program.js';
import { btfInfo } from '../system/btf-objects.js';
import { openCgroup, walkCgroups } from '../system/cgroups.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';
import { attempt } from './attempt.js';
import { attachedPrograms } from './query.js';

/** Attach types of cgroups, in the order in which bpftool shows them. */
export const CGROUP_ATTACH_TYPES: readonly AttachTypeName[] = [
  'CGROUP_INET_INGRESS',
  'CGROUP_INET_EGRESS',
  'CGROUP_INET_SOCK_CREATE',
  'CGROUP_INET_SOCK_RELEASE',
  'CGROUP_INET4_BIND',
  'CGROUP_INET6_BIND',
  'CGROUP_INET4_POST_BIND',
  'CGROUP_INET6_POST_BIND',
  'CGROUP_INET4_CONNECT',
  'CGROUP_INET6_CONNECT',
  'CGROUP_UNIX_CONNECT',
  'CGROUP_INET4_GETPEERNAME',
  'CGROUP_INET6_GETPEERNAME',
  'CGROUP_UNIX_GETPEERNAME',
  'CGROUP_INET4_GETSOCKNAME',
  'CGROUP_INET6_GETSOCKNAME',
  'CGROUP_UNIX_GETSOCKNAME',
  'CGROUP_UDP4_SENDMSG',
  'CGROUP_UDP6_SENDMSG',
  'CGROUP_UNIX_SENDMSG',
  'CGROUP_UDP4_RECVMSG',
  'CGROUP_UDP6_RECVMSG',
  'CGROUP_UNIX_RECVMSG',
  'CGROUP_SOCK_OPS',
  'CGROUP_DEVICE',
  'CGROUP_SYSCTL',
  'CGROUP_GETSOCKOPT',
  'CGROUP_SETSOCKOPT',
  'LSM_CGROUP',
];

/** Whether others may attach there too: all of them run (`multi`), or the lower ones take the place of this one (`override`). */
export type CgroupSharing = 'multi' | 'override';
export const BPF_F_ALLOW: Readonly<Record<CgroupSharing, number>> = { override: 1, multi: 2 };

/** Attaches a program to a cgroup without a link: it stays until it is detached. */
export function attachToCgroup(path: string, attach: AttachTypeName, program: Program, sharing: readonly CgroupSharing[]): void {
  using cgroup = openCgroup(path);
  const flags = sharing.reduce((all, one) => all | BPF_F_ALLOW[one], 0);
  const fields = { target_fd: cgroup.number, attach_bpf_fd: program.fd, attach_type: AttachType[attach], attach_flags: flags };
  attempt(`attach program ${program.id} to ${path}`, () => progAttach(fields), {
    EPERM: 'a program is attached to it, or above it, that allows no other',
    EEXIST: 'it is attached there already',
    // Said of the same program twice, among much else.
    get EINVAL() {
      return attachedPrograms({ fd: cgroup.number }, attach)?.some(({ progId }) => progId === program.id)
        ? 'it is attached there already'
        : undefined;
    },
  });
}

/** Detaches a program that was attached without a link. */
export function detachFromCgroup(path: string, attach: AttachTypeName, program: Program): void {
  using cgroup = openCgroup(path);
  const fields = { target_fd: cgroup.number, attach_bpf_fd: program.fd, attach_type: AttachType[attach] };
  attempt(`detach program ${program.id} from ${path}`, () => progDetach(fields), {
    ENOENT: 'it is not attached there, or by a link (link detach)',
  });
}

/** A program at a cgroup. */
export interface CgroupProgram {
  readonly id: number;
  readonly name: string;
  readonly attach: AttachTypeName;
  /** BPF_F_* that it was attached with; undefined where effective programs were asked for. */
  readonly flags: number | undefined;
  /** Of LSM programs: the function it is attached to, by BTF object and type, and its name where that is the kernel's. */
  readonly attachBtfObjectId: number;
  readonly attachBtfId: number;
  readonly attachBtfName: string | undefined;
}

/** A cgroup with programs, and how many levels below the start of the walk it is. */
export interface CgroupWithPrograms {
  readonly path: string;
  readonly level: number;
  readonly programs: readonly CgroupProgram[];
}

/** The programs of a cgroup. `effective`: all that run for its processes, those of its ancestors with them. */
export function cgroupPrograms(path: string, effective = false): CgroupProgram[] {
  using cgroup = openCgroup(path);
  return CGROUP_ATTACH_TYPES.flatMap((attach) =>
    (attachedPrograms({ fd: cgroup.number }, attach, effective) ?? []).flatMap(
      ({ progId, flags }) => describe(progId, attach, effective ? undefined : flags) ?? [],
    ),
  );
}

/** The cgroups from `root` down that have programs. */
export function* cgroupTree(root: string, effective = false): Generator<CgroupWithPrograms> {
  for (const { path, level } of walkCgroups(root)) {
    const programs = unlessGone(() => cgroupPrograms(path, effective), level);
    if (programs && programs.length > 0) yield { path, level, programs };
  }
}

// Cgroups below the one that was named may go away while they are visited.
function unlessGone<T>(look: () => T, level: number): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = ((error as Error).cause ?? error) as { code?: string };
    if (level > 0 && (code === 'ENOENT' || code === 'ENODEV')) return undefined;
    throw error;
  }
}

function describe(id: number, attach: AttachTypeName, flags: number | undefined): CgroupProgram | undefined {
  const fd = open(id);
  if (!fd) return undefined;
  using program = new Program(fd);
  const { attachBtfObjectId, attachBtfId } = program.info;
  const attachBtfName = kernelFunction(attachBtfObjectId, attachBtfId);
  return { id, name: program.name, attach, flags, attachBtfObjectId, attachBtfId, attachBtfName };
}

function open(id: number) {
  try {
    return progGetFdById(id);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function kernelFunction(objectId: number, typeId: number): string | undefined {
  if (objectId === 0 || btfInfo(objectId).name !== 'vmlinux') return undefined;
  return vmlinuxBtf().name(typeId);
}
