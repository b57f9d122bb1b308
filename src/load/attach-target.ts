import type { Btf } from '../btf/btf.js';
import type { BtfKind } from '../btf/types.js';
import { UsageError } from '../errors.js';
import { AttachType, ProgType } from '../kernel/enums.gen.js';
import { readProgramInfo } from '../program/info.js';
import { loadedBtf } from '../system/loaded-btf.js';
import type { Kernel, ModuleTypes } from './kernel.js';
import type { LoadOptions } from './options.js';
import type { PlannedProgram } from './plan.js';

/** What a program is loaded against: a type of the kernel, of a module, or of another program. */
export interface AttachTarget {
  readonly btfId: number;
  readonly module?: ModuleTypes | undefined;
  /** The descriptor of another program; the caller keeps it. */
  readonly program?: number | undefined;
}

/** The names that the kernel gives to what programs attach to, by attach type: functions that are only there for it, and typedefs. */
const NAMES: Readonly<Record<number, { prefix: string; kind: BtfKind }>> = {
  [AttachType.TRACE_RAW_TP]: { prefix: 'btf_trace_', kind: 'TYPEDEF' },
  [AttachType.LSM_MAC]: { prefix: 'bpf_lsm_', kind: 'FUNC' },
  [AttachType.LSM_CGROUP]: { prefix: 'bpf_lsm_', kind: 'FUNC' },
  [AttachType.TRACE_ITER]: { prefix: 'bpf_iter_', kind: 'FUNC' },
};

/**
 * Finds what a program's section names by a type id: `[module:]function`.
 *
 * @throws UsageError when the section names nothing, or there is no such thing
 */
export function findAttachTarget(program: PlannedProgram, kernel: Kernel, options: LoadOptions): AttachTarget {
  const { name, target, section } = program.linked.spec;
  if (!target)
    throw new UsageError(`program ${name}: its section ${section} does not say what it attaches to, as ${section}/FUNCTION would`);
  const other = options.attachPrograms?.get(name);
  if (other !== undefined) return { btfId: functionOfProgram(name, target, other), program: other };
  if (program.type === ProgType.EXT)
    throw new UsageError(`program ${name}: it replaces ${target} of another program, which has to be given`);
  const found = findInKernel(target, program.attachType, kernel);
  if (!found) throw new UsageError(`program ${name}: this kernel has no ${target} to attach to`);
  return found;
}

function findInKernel(target: string, attachType: number, kernel: Kernel): AttachTarget | undefined {
  const colon = target.indexOf(':');
  const place = colon < 0 ? undefined : target.slice(0, colon);
  const { prefix, kind } = NAMES[attachType] ?? { prefix: '', kind: 'FUNC' };
  const name = prefix + target.slice(colon + 1);
  if (place === undefined || place === 'vmlinux') {
    const btfId = kernel.types.find(name, kind);
    if (btfId !== undefined) return { btfId };
  }
  for (const module of kernel.modules) {
    const btfId = place === undefined || place === module.name ? findOwn(module.btf, name, kind) : undefined;
    if (btfId !== undefined) return { btfId, module };
  }
  return undefined;
}

function findOwn(btf: Btf, name: string, kind: BtfKind): number | undefined {
  const id = btf.find(name, kind);
  return id !== undefined && id >= btf.startId ? id : undefined;
}

/** The module in which a program of many functions attaches (`fentry.multi/module:pattern`); undefined: in the kernel. */
export function findMultiModule({ name, target }: { name: string; target: string | undefined }, kernel: Kernel): ModuleTypes | undefined {
  const colon = target?.indexOf(':') ?? -1;
  if (colon < 0) return undefined;
  const wanted = target!.slice(0, colon);
  const module = kernel.modules.find((candidate) => candidate.name === wanted);
  if (!module) throw new UsageError(`program ${name}: this kernel has no module ${wanted} with types`);
  return module;
}

function functionOfProgram(name: string, target: string, other: number): number {
  const { btfId } = readProgramInfo(other);
  if (!btfId) throw new UsageError(`program ${name}: the program it attaches to has no BTF`);
  const id = loadedBtf(btfId).find(target, 'FUNC');
  if (id === undefined) throw new UsageError(`program ${name}: the program it attaches to has no function ${target}`);
  return id;
}
