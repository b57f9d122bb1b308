// How what `prog load --dry-run` finds reads.
import type { DryExtern, DryMap, DryProgram, DryRun } from '../../src/load/dry-run.js';

/** As text: a line for each map, program and extern, and lines below it for what it needs. */
export function plainDryRun(row: DryRun): string {
  const lines = [
    `object ${row.object}  license ${row.license || '(none)'}`,
    ...row.maps.map(mapLine),
    ...row.programs.flatMap(programLines),
    ...row.externs.map(externLine),
    ...row.notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function mapLine(map: DryMap): string {
  const data = map.section === undefined ? '' : `  from ${map.section}`;
  const state = map.created ? '' : '  not created';
  const pin = map.pin === undefined ? '' : `  pinned ${map.pin}`;
  return `map ${map.name}: ${map.type}  key ${map.keySize}B  value ${map.valueSize}B  max_entries ${map.maxEntries}  flags 0x${map.flags.toString(16)}${data}${pin}${state}`;
}

function programLines(program: DryProgram): string[] {
  const attach = program.attachType === undefined ? '' : `  attach_type ${program.attachType}`;
  const target = program.target === undefined ? '' : `  target ${program.target}${program.found === false ? ' (not there)' : ''}`;
  const lines = [
    `program ${program.name}: ${program.type}  section ${program.section}${attach}${target}  instructions ${program.instructions}  relocations ${program.coreRelocations}`,
  ];
  if (program.functions.length > 0) lines.push(`\tfunctions ${program.functions.join(', ')}`);
  return [...lines, ...program.unresolved.map((text) => `\tunresolved ${text}`)];
}

function externLine({ name, kind, weak, value }: DryExtern): string {
  return `extern ${name}: ${kind}${weak ? ' (weak)' : ''}  ${value ?? 'not known here'}`;
}

/** As JSON, with the keys of `map show` and `prog show` where they mean the same. */
export function jsonDryRun(row: DryRun): unknown {
  return {
    object: row.object,
    license: row.license,
    maps: row.maps.map((map) => ({
      name: map.name,
      type: map.type,
      flags: map.flags,
      bytes_key: map.keySize,
      bytes_value: map.valueSize,
      max_entries: map.maxEntries,
      created: map.created,
      section: map.section,
      pinned: map.pin,
    })),
    programs: row.programs.map((program) => ({
      name: program.name,
      type: program.type,
      section: program.section,
      attach_type: program.attachType,
      target: program.target,
      target_found: program.found,
      instructions: program.instructions,
      functions: program.functions,
      core_relocations: program.coreRelocations,
      unresolved: program.unresolved,
    })),
    externs: row.externs.map(({ name, kind, weak, value }) => ({ name, kind, weak, value })),
    notes: row.notes,
  };
}
