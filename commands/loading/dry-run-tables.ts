// What `prog load --dry-run` finds, as tables for a person at a terminal.
import type { DryExtern, DryMap, DryProgram, DryRun } from '../../src/load/dry-run.js';
import { type Column, type TitledTable, titledTable } from '../command.js';

export function dryRunTables({ object, license, maps, programs, externs, notes }: DryRun): readonly TitledTable[] {
  return [
    titledTable('Object', OBJECT, [{ name: object, license: license || '(none)' }]),
    titledTable('Maps', MAPS, maps),
    titledTable('Programs', PROGRAMS, programs),
    titledTable('Externs', EXTERNS, externs),
    titledTable('Passed over', NOTES, notes),
  ];
}

const OBJECT: readonly Column<{ name: string; license: string }>[] = [
  { title: 'Name', cell: ({ name }) => name, colour: 'name' },
  { title: 'License', cell: ({ license }) => license },
];

const MAPS: readonly Column<DryMap>[] = [
  { title: 'Name', cell: ({ name }) => name, colour: 'name' },
  { title: 'Type', cell: ({ type }) => type, colour: 'type' },
  { title: 'Key', cell: ({ keySize }) => keySize, align: 'right' },
  { title: 'Value', cell: ({ valueSize }) => valueSize, align: 'right' },
  { title: 'Entries', cell: ({ maxEntries }) => maxEntries, align: 'right' },
  { title: 'Flags', cell: ({ flags }) => (flags === 0 ? '' : `0x${flags.toString(16)}`), align: 'right', colour: 'dim' },
  { title: 'From', cell: ({ section }) => section, colour: 'dim' },
  { title: 'State', cell: ({ created }) => (created ? '' : 'not created') },
  { title: 'Pinned', cell: ({ pin }) => pin, colour: 'path', long: true },
];

const PROGRAMS: readonly Column<DryProgram>[] = [
  { title: 'Name', cell: ({ name }) => name, colour: 'name' },
  { title: 'Type', cell: ({ type }) => type, colour: 'type' },
  { title: 'Section', cell: ({ section }) => section },
  { title: 'Target', cell: ({ target, found }) => target && `${target}${found === false ? ' (not there)' : ''}`, long: true },
  { title: 'Instructions', cell: ({ instructions }) => instructions, align: 'right' },
  { title: 'Relocations', cell: ({ coreRelocations }) => coreRelocations || '', align: 'right' },
  { title: 'Attach type', cell: ({ attachType }) => attachType, colour: 'dim', minor: 1 },
  { title: 'Functions', cell: ({ functions }) => functions.join(', '), colour: 'dim', long: true },
  { title: 'Unresolved', cell: ({ unresolved }) => unresolved.join('; '), colour: 'bad', long: true },
];

const EXTERNS: readonly Column<DryExtern>[] = [
  { title: 'Name', cell: ({ name }) => name, colour: 'name' },
  { title: 'Kind', cell: ({ kind, weak }) => `${kind}${weak ? ' (weak)' : ''}`, colour: 'type' },
  { title: 'Value', cell: ({ value }) => value ?? 'not known here' },
];

const NOTES: readonly Column<string>[] = [{ title: 'Note', cell: (note) => note }];
