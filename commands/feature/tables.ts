// The report for a person at a terminal: with the kernel that each feature came with, and why this one lacks it.
import { helperName, helperSince } from '../../src/kernel/helpers.js';
import { type Answer, whyNot } from '../../src/probe/answer.js';
import { mapTypeConfig } from '../../src/probe/map-types.js';
import { progTypeConfig } from '../../src/probe/prog-types.js';
import type { FeatureReport, ProgTypeHelpers } from '../../src/probe/report.js';
import type { SystemConfig } from '../../src/probe/system-config.js';
import { type Column, type TitledTable, titledTable } from '../command.js';
import { sysctlSentence } from './text.js';

export function featureTables(report: FeatureReport): readonly TitledTable[] {
  const programTypes = answerColumns('Program type', ({ name }) => name, progTypeConfig);
  const mapTypes = answerColumns('Map type', ({ name }) => name, mapTypeConfig);
  const misc = answerColumns<Answer & { title: string }>(
    'Feature',
    ({ title }) => title,
    () => [],
  );
  return [
    titledTable('Settings', SETTINGS, report.system ? settings(report.system) : []),
    titledTable('System calls', CALLS, [{ name: 'bpf', available: report.syscall }]),
    titledTable('Program types', programTypes, report.programTypes),
    titledTable('Map types', mapTypes, report.mapTypes),
    titledTable('Helpers', HELPERS, helperRows(report.helpers)),
    titledTable('Other features', misc, report.misc),
  ];
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

const SETTINGS: readonly Column<Setting>[] = [
  { title: 'Setting', cell: ({ name }) => name, colour: 'name' },
  { title: 'Value', cell: ({ value }) => value },
  { title: 'Meaning', cell: ({ meaning }) => meaning, colour: 'dim' },
];

function settings({ sysctls, options }: SystemConfig): Setting[] {
  return [
    ...sysctls.map(([name, value]) => ({ name, value: value === undefined ? '?' : String(value), meaning: sysctlSentence(name, value) })),
    ...options.map(([name, value]) => ({ name, value: value ?? 'not set', meaning: '' })),
  ];
}

const CALLS: readonly Column<{ name: string; available: boolean }>[] = [
  { title: 'System call', cell: ({ name }) => name, colour: 'name' },
  { title: 'Available', cell: ({ available }) => (available ? 'yes' : 'no'), colour: 'good' },
];

function answerColumns<A extends Answer>(
  title: string,
  name: (answer: A) => string,
  config: (name: string) => readonly string[],
): Column<A>[] {
  return [
    { title, cell: name, colour: 'name' },
    { title: 'Since', cell: ({ since }) => since },
    { title: 'Available', cell: ({ available }) => (available ? 'yes' : undefined), colour: 'good' },
    {
      title: 'Why not',
      cell: (answer) => (answer.available ? undefined : whyNot(answer, config(answer.name))),
      colour: 'bad',
    },
  ];
}

interface HelperRow {
  readonly name: string;
  readonly since: string;
  readonly programTypes: string;
}

const HELPERS: readonly Column<HelperRow>[] = [
  { title: 'Helper', cell: ({ name }) => name, colour: 'name' },
  { title: 'Since', cell: ({ since }) => since },
  { title: 'May be called by', cell: ({ programTypes }) => programTypes },
];

/** A row for each helper that was asked for, with the types of programs that may call it. */
function helperRows(helpers: readonly ProgTypeHelpers[]): HelperRow[] {
  const asked = helpers.filter(({ answers }) => answers.includes(true));
  const rows: HelperRow[] = [];
  for (const [id, answer] of (helpers[0]?.answers ?? []).entries()) {
    if (answer === undefined) continue;
    rows.push({ name: helperName(id)!, since: helperSince(id), programTypes: callers(asked, id) });
  }
  return rows;
}

function callers(asked: readonly ProgTypeHelpers[], id: number): string {
  const names = (may: boolean) => asked.filter(({ answers }) => answers[id] === may).map(({ programType }) => programType);
  const [able, unable] = [names(true), names(false)];
  if (able.length === 0) return 'none';
  if (unable.length === 0) return 'all';
  return able.length > unable.length ? `all but ${unable.join(', ')}` : able.join(', ');
}
