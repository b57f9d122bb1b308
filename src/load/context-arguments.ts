import type { FuncInfo } from '../btf/info.js';
import type { Kernel } from './kernel.js';
import type { LoadedBtf } from './object-btf.js';
import type { LoadPlan, PlannedProgram } from './plan.js';

export function fixContextArguments(
  _plan: LoadPlan,
  _program: PlannedProgram,
  functions: readonly FuncInfo[],
  _btf: LoadedBtf,
  _kernel: Kernel,
): readonly FuncInfo[] {
  return functions;
}
