import { progBindMap } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { cText } from '../../native/memory.js';
import type { Instructions } from '../asm/instructions.js';
import { encodeFuncInfo, encodeLineInfo, FUNC_INFO_SIZE, LINE_INFO_SIZE } from '../btf/info.js';
import { UsageError } from '../errors.js';
import { hookForSection } from '../hook/all.js';
import type { SectionFlag } from '../hook/hook.js';
import { AttachType, Flag, ProgType } from '../kernel/enums.gen.js';
import { type AttachTarget, findAttachTarget, findMultiModule } from './attach-target.js';
import type { LoadContext } from './context.js';
import { fillIn } from './fill-in.js';
import { improveLog } from './log-fixup.js';
import type { MapInKernel } from './maps.js';
import type { LoadOptions } from './options.js';
import type { LoadPlan, PlannedProgram } from './plan.js';
import { loadVerified } from './verifier-log.js';

// Of include/uapi/linux/bpf.h, where they are no enumerators.
const BPF_F_SLEEPABLE = 1 << 4;
const BPF_F_XDP_HAS_FRAGS = 1 << 5;
const BPF_F_XDP_DEV_BOUND_ONLY = 1 << 6;

/** The kernel from which on programs may read what a device tells of packets. */
const DEVICE_METADATA = '6.3';

const NAME_BYTES = 15;
const MULTI: ReadonlySet<number> = new Set([AttachType.TRACE_FENTRY_MULTI, AttachType.TRACE_FEXIT_MULTI, AttachType.TRACE_FSESSION_MULTI]);

/** Loads a program of the plan. @throws VerifierError when the verifier refuses it; UsageError, Error that say what else is wrong */
export function loadProgram(
  context: LoadContext,
  plan: LoadPlan,
  program: PlannedProgram,
  maps: readonly (MapInKernel | undefined)[],
  options: LoadOptions,
): Fd {
  const { linked } = program;
  const { name } = linked.spec;
  check(program);
  fillIn(linked, plan, maps, (fd) => context.keep(fd));
  useKnownHelpers(linked.instructions, context);
  const target = targetOf(program, context, options);
  const verified = loadVerified(
    name,
    attributesOf(context, plan, program, target),
    options.logLevel ?? 0,
    (log) => improveLog(log, linked, plan),
    neededBy(program, context),
  );
  if (options.logLevel) options.onLog?.(name, verified.log);
  bindReadOnlyData(context, plan, verified.fd, maps, name);
  return verified.fd;
}

function check({ type, linked, structOps }: PlannedProgram): void {
  const { name, section } = linked.spec;
  if (!/^[A-Za-z0-9_.]*$/.test(name.slice(0, NAME_BYTES)))
    throw new UsageError(`program ${name}: the kernel takes names of letters, digits, _ and . only`);
  if (type === ProgType.UNSPEC)
    throw new UsageError(`program ${name}: its section ${section} is none that says what kind of program it is`);
  if (type === ProgType.STRUCT_OPS && !structOps) throw new UsageError(`program ${name}: it stands in no struct_ops map that is created`);
}

/** What the section asks for, unless the program's type was changed. */
function flagsOf({ retyped, linked }: PlannedProgram): readonly SectionFlag[] {
  return retyped ? [] : linked.spec.flags;
}

/** The first kernel that has what the section is for, and the option; undefined where the section does not tell what the program is. */
function neededBy({ retyped, linked, type }: PlannedProgram, { device }: LoadContext) {
  if (device?.use === 'metadata' && type === ProgType.XDP) return { since: DEVICE_METADATA, config: undefined };
  const match = retyped ? undefined : hookForSection(linked.spec.section);
  return match && { since: match.section.since ?? match.hook.since, config: match.hook.config };
}

function targetOf(program: PlannedProgram, context: LoadContext, options: LoadOptions): AttachTarget | undefined {
  const { structOps, linked } = program;
  if (structOps) return { btfId: structOps.typeId, module: structOps.module };
  if (flagsOf(program).includes('ATTACH_BTF')) return findAttachTarget(program, context.kernel, options);
  if (!MULTI.has(program.attachType)) return undefined;
  const module = findMultiModule(linked.spec, context.kernel);
  return module && { btfId: 0, module };
}

function attributesOf(context: LoadContext, plan: LoadPlan, program: PlannedProgram, target: AttachTarget | undefined) {
  const { linked, type } = program;
  const { instructions, spec } = linked;
  const { token, device } = context;
  return {
    prog_type: type,
    expected_attach_type: expectedAttachType(program, context),
    insns: instructions.bytes,
    insn_cnt: instructions.length,
    license: cText(plan.spec.license),
    kern_version: plan.spec.kernelVersion ?? context.kernel.version,
    prog_name: spec.name.slice(0, NAME_BYTES),
    prog_flags: programFlags(program, context),
    prog_ifindex: device && (device.use === 'offload' || type === ProgType.XDP) ? device.ifindex : undefined,
    prog_token_fd: token || undefined,
    attach_btf_id: target?.btfId,
    ...(target?.program !== undefined ? { attach_prog_fd: target.program } : { attach_btf_obj_fd: target?.module?.fd.number }),
    fd_array: moduleDescriptors(plan),
    ...infoOf(context, program),
  };
}

/** What the kernel is told, which is not always what the section says. */
export function expectedAttachType(program: PlannedProgram, { kernel }: Pick<LoadContext, 'kernel'>): number {
  const flags = flagsOf(program);
  if (flags.includes('USDT') && kernel.features.has('uprobeMultiLink')) return AttachType.TRACE_UPROBE_MULTI;
  // Before 4.17 the kernel knew no such field, and for these types it says nothing new.
  if (program.attachType !== 0 && flags.includes('ATTACHABLE_OPT') && !kernel.features.has('expectedAttachType')) return 0;
  return program.attachType;
}

function programFlags(program: PlannedProgram, { token, device }: LoadContext): number {
  const flags = flagsOf(program);
  return (
    (flags.includes('SLEEPABLE') ? BPF_F_SLEEPABLE : 0) |
    (flags.includes('XDP_FRAGS') && program.type === ProgType.XDP ? BPF_F_XDP_HAS_FRAGS : 0) |
    (device?.use === 'metadata' && program.type === ProgType.XDP ? BPF_F_XDP_DEV_BOUND_ONLY : 0) |
    (token ? Flag.BPF_F_TOKEN_FD : 0)
  );
}

/** Calls of functions of modules refer to this; its first element means the kernel itself. */
function moduleDescriptors({ modules }: LoadPlan): Uint8Array | undefined {
  return modules.length === 0 ? undefined : new Uint8Array(Int32Array.of(0, ...modules.map(({ fd }) => fd.number)).buffer);
}

function infoOf({ btf }: LoadContext, program: PlannedProgram) {
  if (!btf?.takesInfo) return undefined;
  const { funcInfo: functions } = program;
  const { lineInfo: lines } = program.linked;
  const func_info = functions && encodeFuncInfo(functions);
  const line_info = lines && encodeLineInfo(lines);
  return {
    prog_btf_fd: btf.fd.number,
    ...(func_info && { func_info, func_info_cnt: functions.length, func_info_rec_size: FUNC_INFO_SIZE }),
    ...(line_info && { line_info, line_info_cnt: lines.length, line_info_rec_size: LINE_INFO_SIZE }),
  };
}

const HELPER = {
  probe_read: 4,
  probe_read_str: 45,
  probe_read_user: 112,
  probe_read_kernel: 113,
  probe_read_user_str: 114,
  probe_read_kernel_str: 115,
};

/** Before 5.5 one helper read both the kernel's and a user's memory. */
const OLDER_HELPERS = new Map([
  [HELPER.probe_read_kernel, HELPER.probe_read],
  [HELPER.probe_read_user, HELPER.probe_read],
  [HELPER.probe_read_kernel_str, HELPER.probe_read_str],
  [HELPER.probe_read_user_str, HELPER.probe_read_str],
]);

function useKnownHelpers(code: Instructions, { kernel }: LoadContext): void {
  for (let index = 0; index < code.length; index++) {
    if (!code.isHelperCall(index) || code.dst(index) !== 0) continue;
    const older = OLDER_HELPERS.get(code.imm(index));
    if (older !== undefined && !kernel.features.has('probeReadKernel')) code.setImm(index, older);
  }
}

/** Constants go with the programs of their object, also with those that do not use them: bpftool keeps metadata there. Since 5.10. */
function bindReadOnlyData(
  context: LoadContext,
  { maps: planned }: LoadPlan,
  program: Fd,
  maps: readonly (MapInKernel | undefined)[],
  name: string,
): void {
  for (const [index, { spec }] of planned.entries()) {
    const map = maps[index];
    if (spec.kind !== 'rodata' || !map) continue;
    try {
      progBindMap(program.number, map.fd.number);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (context.kernel.features.has('progBindMap'))
        context.note(`program ${name}: map ${spec.name} is not bound to it (${error.reason})`);
    }
  }
}
