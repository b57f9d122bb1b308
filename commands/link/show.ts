import { Link } from '../../src/link/link.js';
import { type ListedLink, listLink } from '../../src/link/listing.js';
import { programNameIfAny } from '../../src/program/name.js';
import { cgroupPathBelowRoot } from '../../src/system/cgroups.js';
import { type Column, list, one, subcommand } from '../command.js';
import { takeLink } from '../reference/reference.js';
import {
  OWNERS,
  ownersTable,
  pidsText,
  pinnedText,
  processesText,
  type Surroundings,
  surroundingFields,
  surroundings,
} from '../surroundings.js';
import { kindOf } from './kinds.js';

interface Row extends ListedLink, Surroundings {}

/** `link show|list [LINK]` */
export const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'List links',
  grammar: '[LINK]',
  options: [OWNERS],
  examples: ['bpf-ts link show', 'bpf-ts -f link show id 12', 'bpf-ts -j link list | jq .[].prog_id'],
  run: (words, options) => {
    const around = surroundings('link', options);
    if (words.left === 0) return list(rows(around));
    using link = takeLink(words);
    words.end();
    return one(toRow(link, around));
  },
  plain,
  json: (row) => ({ ...linkFields(row), ...surroundingFields(row) }),
  columns: columns(),
  detail: (row) => [ownersTable(row.holders)],
});

type Around = (id: number) => Surroundings;

function* rows(around: Around): Generator<Row> {
  for (using link of Link.all()) yield toRow(link, around);
}

function toRow(link: Link, around: Around): Row {
  const listed = listLink(link);
  return { ...listed, ...around(listed.id) };
}

function plain(row: Row): string {
  return `${linkText(row)}${pinnedText(row.pinned)}${pidsText(row.holders)}\n`;
}

/** The link itself, without a last line feed. */
export function linkText(link: ListedLink): string {
  const { target } = link;
  const holds = target.type === 'struct_ops' ? `map ${target.mapId}` : `prog ${link.progId}`;
  return `${link.id}: ${link.typeName ?? `type ${link.type}`}  ${holds}  ${targetText(link)}`;
}

/** The same as JSON fields. */
export function linkFields(link: ListedLink): Record<string, unknown> {
  return { id: link.id, type: link.typeName ?? link.type, prog_id: link.progId, ...kindOf(link).json(link.target, link) };
}

function targetText(link: ListedLink): string {
  return kindOf(link).plain(link.target, link);
}

/** The target on one line, without the words that need not be said. */
function placeText(row: Row): string {
  const { target } = row;
  const cgroup = target.type === 'cgroup' ? cgroupPathBelowRoot(target.cgroupId) : undefined;
  const text = targetText(row)
    .trim()
    .replace(/\s*\n\t/g, '; ')
    .replace(/\b(attach_type|ifindex|target_name) /g, '')
    .replace(/ {2,}/g, '  ');
  return cgroup === undefined ? text : `${text.replace(/^cgroup_id \d+ +/, '')}  ${cgroup}`;
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Type', cell: (row) => row.typeName ?? row.type, colour: 'type' },
    { title: 'Program', cell: (row) => row.progId || '', align: 'right', colour: 'id' },
    { title: 'Name', cell: ({ progId }) => (progId === 0 ? '' : programNameIfAny(progId)), colour: 'name', minor: 1 },
    { title: 'Attached to', cell: placeText, long: true },
    { title: 'Pinned', cell: (row) => row.pinned?.join(' '), colour: 'path', long: true },
    { title: 'Processes', cell: (row) => processesText(row.holders), long: true },
  ];
}
