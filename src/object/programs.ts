import { INSN_SIZE } from '../asm/opcode.js';
import type { BtfExt } from '../btf/ext.js';
import type { FuncInfo, LineInfo } from '../btf/info.js';
import { ParseError } from '../bytes/cursor.js';
import { hookForSection } from '../hook/all.js';
import { AttachType, ProgType } from '../kernel/enums.gen.js';
import { type FunctionTable, functionAt, type RawFunction } from './functions.js';
import type { CoreRelocation, FunctionSpec, ProgramSpec, Relocation } from './spec.js';

/** What .BTF.ext says on each function; instructions count from its start. */
export interface FunctionInfo {
  readonly functions: ReadonlyMap<RawFunction, FuncInfo[]>;
  readonly lines: ReadonlyMap<RawFunction, LineInfo[]>;
  readonly coreRelocations: ReadonlyMap<RawFunction, CoreRelocation[]>;
}

/** Gives each record of .BTF.ext to the function it is on; what is on none (a weak function that linking replaced) is left out. */
export function distributeInfo(ext: BtfExt | undefined, table: FunctionTable): FunctionInfo {
  const byName = new Map<string, readonly RawFunction[]>();
  for (const functions of table.bySection.values()) {
    const name = functions[0]?.section.name;
    if (name !== undefined && !byName.has(name)) byName.set(name, functions);
  }
  if (ext?.coreRelos.has('')) throw new ParseError('.BTF.ext', 0, 'there are relocations of a section whose name does not exist');
  let order = 0;
  const numbered = new Map(
    [...(ext?.coreRelos ?? [])].map(([section, relos]) => [section, relos.map((relo) => ({ ...relo, order: order++ }))]),
  );
  return {
    functions: distributeAscending(ext?.functions, byName),
    lines: distributeAscending(ext?.lines, byName),
    coreRelocations: distribute(numbered, byName),
  };
}

function distribute<T extends { readonly instruction: number }>(
  sections: ReadonlyMap<string, readonly T[]> | undefined,
  byName: ReadonlyMap<string, readonly RawFunction[]>,
): Map<RawFunction, T[]> {
  const found = new Map<RawFunction, T[]>();
  for (const [section, records] of sections ?? []) {
    const functions = byName.get(section) ?? [];
    for (const record of records) {
      const fn = functionAt(functions, record.instruction);
      if (!fn) continue;
      const list = found.get(fn) ?? [];
      found.set(fn, list);
      list.push({ ...record, instruction: record.instruction - fn.offset });
    }
  }
  return found;
}

/**
 * The same of records on functions and lines. They ascend in all files that compilers write; what libbpf makes of others is taken over: of the first to the
 * last on a function, and none behind one that lies beyond it.
 */
function distributeAscending<T extends { readonly instruction: number }>(
  sections: ReadonlyMap<string, readonly T[]> | undefined,
  byName: ReadonlyMap<string, readonly RawFunction[]>,
): Map<RawFunction, T[]> {
  const found = distribute(sections, byName);
  for (const [section, records] of sections ?? []) {
    if (records.every((record, i) => i === 0 || records[i - 1]!.instruction <= record.instruction)) continue;
    for (const fn of byName.get(section) ?? []) {
      const own = recordsUpTo(records, fn);
      if (own.length > 0) found.set(fn, own);
      else found.delete(fn);
    }
  }
  return found;
}

function recordsUpTo<T extends { readonly instruction: number }>(records: readonly T[], { offset, instructions }: RawFunction): T[] {
  const beyond = offset + instructions.length / INSN_SIZE;
  const end = records.findIndex(({ instruction }) => instruction >= beyond);
  const before = end < 0 ? records : records.slice(0, end);
  const first = before.findIndex(({ instruction }) => instruction >= offset);
  const last = before.findLastIndex(({ instruction }) => instruction >= offset);
  return first < 0 ? [] : before.slice(first, last + 1).map((record) => ({ ...record, instruction: record.instruction - offset }));
}

/** A function with all that is known of it. */
export function functionSpec(
  fn: RawFunction,
  info: FunctionInfo,
  relocations: ReadonlyMap<RawFunction, readonly Relocation[]>,
): FunctionSpec {
  const { name, section, offset, instructions, global, hidden } = fn;
  return {
    name,
    section: section.name.replace(/^\?/, ''),
    sectionIndex: section.index,
    offset,
    instructions,
    relocations: relocations.get(fn) ?? [],
    coreRelocations: info.coreRelocations.get(fn) ?? [],
    funcInfo: info.functions.get(fn),
    lineInfo: info.lines.get(fn),
    global,
    hidden,
  };
}

/** An entry program: its section says what it is. */
export function programSpec(fn: FunctionSpec, sectionName: string): ProgramSpec {
  const match = hookForSection(sectionName);
  const attach = match?.section.attach;
  return {
    ...fn,
    hook: match?.hook,
    type: match ? ProgType[match.hook.program] : ProgType.UNSPEC,
    attachType: attach ? AttachType[attach] : 0,
    flags: match?.section.flags ?? [],
    autoload: !sectionName.startsWith('?'),
    target: match?.extra ?? textAfterSlash(fn.section),
  };
}

function textAfterSlash(section: string): string | undefined {
  const slash = section.indexOf('/');
  return slash < 0 ? undefined : section.slice(slash + 1);
}
