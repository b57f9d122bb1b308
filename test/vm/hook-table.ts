// docs/hooks.md: which hook runs on which kernel, from what the tests told in virtual machines.
import { HOOKS } from '../../src/hook/all.js';
import type { HookNote, Way } from '../support/hook-notes.js';

/** What one kernel's tests told. */
export interface Column {
  /** The kernel's release. */
  readonly release: string;
  readonly notes: readonly HookNote[];
}

/** The words for each way, in the order of the table. */
const WAYS: Readonly<Record<Way, string>> = {
  library: '`attach()`',
  'link attach': '`link attach`',
  run: '`run`',
  use: 'used, not attached',
};

/** What more there is to say of a reason. */
const MORE: Readonly<Record<string, string>> = {
  'built without CONFIG_BPF_LIRC_MODE2':
    ', which needs CONFIG_RC_CORE=y (drivers/media/rc/Kconfig): all of these kernels have CONFIG_LIRC=y and rc-loopback, but CONFIG_RC_CORE=m, so it cannot be chosen there',
};

interface Row {
  readonly section: string;
  readonly since: string;
  readonly cells: readonly string[];
  readonly ways: string;
}

/** The page, for these kernels from old to new. `date` is when the tests ran. */
export function hookPage(columns: readonly Column[], date: string): string {
  const reasons: string[] = [];
  const rows = HOOKS.flatMap((hook) =>
    hook.sections.map(({ name, since }) => rowOf(name.replace(/\+$/, ''), since ?? hook.since, hook.use, columns, reasons)),
  );
  const heads = ['section', 'since', ...columns.map(({ release }) => short(release)), 'ways in which it ran'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map((row) => line([`\`${row.section}\``, row.since, ...row.cells, row.ways])),
  ];
  const fired = rows.filter(({ cells }) => cells.includes('yes')).length;
  return [
    '# Hooks by kernel',
    '',
    `Made by \`npm run test:vm -- --hooks docs/hooks.md\` on ${date}: each of the ${rows.length} sections was to be attached and to run on`,
    `${listed(columns.map(({ release }) => `${release}`))}. ${fired} of them ran on at least one.`,
    '',
    '- **yes**: the program ran, in each of the ways named in the last column.',
    '- **no**: bpf-ts said `not supported by this kernel (needs X, this is Y)`; with a number, the kernel is new enough, but built without what is named there.',
    '- **fails**: a test failed there.',
    '- A number alone: not tested, for the reason below.',
    '',
    ...table,
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}${MORE[reason] ?? ''}`),
    '',
  ].join('\n');
}

function rowOf(section: string, since: string, use: string | undefined, columns: readonly Column[], reasons: string[]): Row {
  const ofSection = columns.map(({ notes }) => notes.filter((note) => note.section === section));
  const expected = new Set(ofSection.flat().map(({ way }) => way));
  const cells = ofSection.map((notes) => cellOf(notes, expected, (reason) => numberOf(reason, reasons)));
  const ran = (Object.keys(WAYS) as Way[]).filter((way) => ofSection.flat().some((note) => note.way === way && note.outcome === 'fires'));
  const without = ofSection.flat().find(({ way, outcome, reason }) => outcome === 'not tested' && reason && !ran.includes(way));
  // Why there is no way to attach it, or why not all of them.
  const why = without?.reason ?? use;
  const note = why && ran.length > 0 ? ` ${numberOf(why, reasons)}` : '';
  return { section, since, cells, ways: ran.map((way) => WAYS[way]).join(', ') + note };
}

function cellOf(notes: readonly HookNote[], expected: ReadonlySet<Way>, number: (reason: string) => string): string {
  if (expected.size === 0 || notes.length < expected.size) return 'fails';
  if (notes.some(({ outcome }) => outcome === 'fires')) return notes.some(({ outcome }) => outcome === 'not supported') ? 'fails' : 'yes';
  const { outcome, reason } = notes[0]!;
  if (outcome === 'not supported') return reason ? `no ${number(reason)}` : 'no';
  return number(reason ?? 'not tested');
}

function numberOf(reason: string, reasons: string[]): string {
  if (!reasons.includes(reason)) reasons.push(reason);
  return `(${reasons.indexOf(reason) + 1})`;
}

/** `6.12.117+deb13-amd64` as `6.12`. */
function short(release: string): string {
  return release.split('.', 2).join('.');
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
