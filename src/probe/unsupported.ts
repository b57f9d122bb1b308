import { isErrno } from '../../native/error.js';
import { NotSupportedError } from '../errors.js';
import { Flag, MapType } from '../kernel/enums.gen.js';
import { mapType } from '../kernel/map-types.js';
import { PROG_TYPES } from '../kernel/prog-types.js';
import { isOlderThan, kernelRelease } from '../system/kernel-version.js';
import { raiseMemlockWhereCounted } from '../system/memlock.js';
import { probeMapType } from './map-types.js';
import { ProgTypeProbe } from './prog-types.js';

/** Something that not every kernel has. */
export interface KernelFeature {
  /** What was tried, as an error is to name it: `attach tcx to eth0`. */
  readonly name: string;
  /** The first kernel that has it, such as `6.6`. */
  readonly since: string;
  /** Asks the running kernel. Without it the version has to do, which says nothing of what a distribution took over into an older kernel. */
  readonly have?: () => boolean;
}

/** What kernels answer to something they do not know; other refusals have reasons of their own. */
export const UNKNOWN = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUPP', 'ENOSYS', 'E2BIG'];

/** The kernel from which on struct_ops maps can be held by links. */
export const STRUCT_OPS_LINK = '6.4';

/**
 * The error to throw for a call that was refused: a {@link NotSupportedError}, with `error` as its cause, when this kernel lacks the feature,
 * otherwise `error` itself. To be asked after the call, never before it.
 */
export function explainUnsupported(feature: KernelFeature, error: unknown): unknown {
  if (!isErrno(error, ...UNKNOWN)) return error;
  const have = feature.have ? feature.have() : !isOlderThan(feature.since);
  if (have) return error;
  // A kernel that is new enough and lacks it was built without it.
  const since = isOlderThan(feature.since) ? feature.since : undefined;
  return new NotSupportedError(feature.name, since, kernelRelease(), { cause: error });
}

/** The error for a call that was refused: one that says that the kernel lacks the feature, or `otherwise` with the refusal as its cause. */
export function refusedBy(feature: KernelFeature, error: unknown, otherwise: string): Error {
  const explained = explainUnsupported(feature, error);
  return explained instanceof NotSupportedError ? explained : new Error(otherwise, { cause: error });
}

/** A type of map, by its number in enum bpf_map_type, and what the flags it is made with ask for. */
export function mapTypeFeature(type: number, name = `map type ${mapType(type).name}`, flags = 0): KernelFeature {
  if (type === MapType.STRUCT_OPS && (flags & Flag.BPF_F_LINK) !== 0) return { name, since: STRUCT_OPS_LINK };
  const row = mapType(type);
  return { name, since: row.since, have: () => asked(() => probeMapType(row).available) };
}

/** A type of program, by its number in enum bpf_prog_type. */
export function progTypeFeature(type: number, name?: string): KernelFeature {
  const row = PROG_TYPES[type];
  return {
    name: name ?? `program type ${row?.name ?? type}`,
    since: row?.since ?? '',
    have: () => asked(() => row !== undefined && new ProgTypeProbe().ask(row).available),
  };
}

/** What is asked for may need memory that old kernels count: without this they refuse for the want of it. */
function asked(probe: () => boolean): boolean {
  raiseMemlockWhereCounted();
  return probe();
}
