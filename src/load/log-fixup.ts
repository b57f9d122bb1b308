import { POISON } from '../core-relo/patch.js';
import type { LinkedProgram } from '../object/link.js';
import { MISSING_KFUNC, MISSING_MAP } from './fill-in.js';
import type { LoadPlan } from './plan.js';

/** How many lines from the end of a log the reason is looked for in. */
const LAST_LINES = 10;

/**
 * A verifier's log in which instructions that the loader made invalid, for want of what they refer to, say so. The verifier sees only the call of a
 * helper that does not exist.
 */
export function improveLog(log: string, program: LinkedProgram, { spec, maps }: LoadPlan): string {
  const lines = log.split('\n');
  for (let i = lines.length - 1; i > 0 && i > lines.length - 1 - LAST_LINES; i--) {
    const helper = Number(/^invalid func unknown#(\d+)$/.exec(lines[i]!)?.[1]);
    const instruction = Number(/^(\d+): \(\d+\) call unknown#\d+/.exec(lines[i - 1]!)?.[1]);
    if (Number.isNaN(helper) || Number.isNaN(instruction)) continue;
    const missing = describe(helper, instruction);
    if (!missing) continue;
    lines.splice(i - 1, 2, `${instruction}: <invalid ${missing.what}>`, missing.reason);
    return lines.join('\n');
  }
  return log;

  function describe(helper: number, instruction: number): { what: string; reason: string } | undefined {
    if (helper === POISON) {
      const relocation = program.unresolved.get(instruction);
      return relocation === undefined
        ? undefined
        : { what: 'CO-RE relocation', reason: `failed to resolve CO-RE relocation ${relocation}` };
    }
    const extern = spec.externs[helper - MISSING_KFUNC];
    if (extern) return { what: 'kfunc call', reason: `kfunc '${extern.name}' is referenced but wasn't resolved` };
    const map = maps[helper - MISSING_MAP];
    return map && { what: 'BPF map reference', reason: `BPF map '${map.spec.name}' is referenced but wasn't created` };
  }
}
