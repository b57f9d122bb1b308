import { Link } from '../src/link/link.js';
import { type ListedLink, listLink } from '../src/link/listing.js';
import { type Column, list, one, subcommand } from './command.js';
import { kindOf } from './link-kinds.js';
import { takeLink } from './reference.js';
import { holdersText, pidsText, pinnedText, type Surroundings, surroundingFields, surroundings } from './surroundings.js';

interface Row extends ListedLink, Surroundings {}

/** `link show|list [LINK]` */
export const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'List links',
  grammar: '[LINK]',
  examples: ['bpf-ts link show', 'bpf-ts -f link show id 12', 'bpf-ts -j link list | jq .[].prog_id'],
  run: (words, options) => {
    const around = surroundings('link', options);
    if (words.left === 0) return list(rows(around));
    using link = takeLink(words);
    words.end();
    return one(toRow(link, around));
  },
  plain,
  json: (row) => ({
    id: row.id,
    type: row.typeName ?? row.type,
    prog_id: row.progId,
    ...kindOf(row).json(row.target, row),
    ...surroundingFields(row),
  }),
  columns: columns(),
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
  const { target } = row;
  const holds = target.type === 'struct_ops' ? `map ${target.mapId}` : `prog ${row.progId}`;
  return `${row.id}: ${row.typeName ?? `type ${row.type}`}  ${holds}  ${text(row)}${pinnedText(row.pinned)}${pidsText(row.holders)}\n`;
}

function text(row: Row): string {
  return kindOf(row).plain(row.target, row);
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Type', cell: (row) => row.typeName ?? row.type, colour: 'type' },
    { title: 'Program', cell: (row) => row.progId || '', align: 'right', colour: 'id' },
    {
      title: 'Attached to',
      cell: (row) =>
        text(row)
          .trim()
          .replace(/\s*\n\t/g, '; ')
          .replace(/ {2,}/g, '  '),
    },
    { title: 'Pinned', cell: (row) => row.pinned?.join(' '), colour: 'path' },
    { title: 'Processes', cell: (row) => holdersText(row.holders) },
  ];
}
