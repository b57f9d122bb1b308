import { MapType } from '../../src/kernel/enums.gen.js';
import { progTypes } from '../../src/kernel/names.js';
import type { MapState } from '../../src/map/info.js';
import { mapStateFrom } from '../../src/map/info.js';
import { type ListedMap, listMap } from '../../src/map/listing.js';
import { BpfMap } from '../../src/map/map.js';
import { offloadText } from '../../src/system/offload.js';
import { type Column, list, one, subcommand } from '../command.js';
import { longList } from '../long-list.js';
import { last, takeMaps } from '../reference/reference.js';
import { OWNERS, ownersTable, pidFields, pidsText, pinnedText, processesText, type Surroundings, surroundings } from '../surroundings.js';
import { headerFields, headerText } from './header.js';

interface Row extends ListedMap, Surroundings {}

/** `map show|list [MAP]` */
export const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'List maps',
  grammar: '[MAP]',
  options: [OWNERS],
  examples: ['bpf-ts map show', 'bpf-ts -f map show name counts', 'bpf-ts -j map list | jq .[].id'],
  run: (words, options) => {
    const around = surroundings('map', options, mapStateFrom);
    if (words.left === 0) return list(rowsOf(BpfMap.all(), around));
    const maps = last(words, takeMaps(words, 'read'));
    return maps.length === 1 ? one([...rowsOf(maps, around)][0]!) : list(rowsOf(maps, around));
  },
  plain,
  json,
  columns: columns(),
  detail: (row) => [ownersTable(row.holders)],
});

function* rowsOf(maps: Iterable<BpfMap>, around: (id: number) => Surroundings<MapState>): Generator<Row> {
  let count = 0;
  for (using map of maps) {
    longList(count++);
    const { pinned, holders, told } = around(map.id);
    yield Object.assign(listMap(map, told), { pinned, holders });
  }
}

function plain(row: Row): string {
  return [
    headerText(row),
    `\tkey ${row.keySize}B  value ${row.valueSize}B  max_entries ${row.maxEntries}`,
    row.memlock !== undefined && `  memlock ${row.memlock}B`,
    ownerLine(row),
    pinnedText(row.pinned),
    lastLine(row),
    pidsText(row.holders),
    '\n',
  ]
    .filter(Boolean)
    .join('');
}

// The kernel also names the owner of maps of devices and CPUs, which bpftool does not show.
const showsOwner = ({ type }: Row) => type === MapType.PROG_ARRAY;

function ownerLine(row: Row): string {
  const { ownerProgType, ownerJited } = row;
  if (!showsOwner(row) || (ownerProgType === undefined && ownerJited === undefined)) return '';
  const type = ownerProgType === undefined ? '' : `owner_prog_type ${progTypes.textOf(ownerProgType)}  `;
  return `\n\t${type}${ownerJited === undefined ? '' : `owner${ownerJited ? '' : ' not'} jited`}`;
}

function lastLine({ btfId, frozen }: Row): string {
  const words = [btfId !== 0 && `btf_id ${btfId}`, frozen && 'frozen'].filter(Boolean);
  return words.length === 0 ? '' : `\n\t${words.join('  ')}`;
}

function json(row: Row): unknown {
  const owner = showsOwner(row) ? row.ownerProgType : undefined;
  const { id, type, name, flags } = headerFields(row);
  return {
    id,
    type,
    name,
    flags,
    dev: row.device,
    bytes_key: row.keySize,
    bytes_value: row.valueSize,
    max_entries: row.maxEntries,
    bytes_memlock: row.memlock,
    owner_prog_type: owner === undefined ? undefined : (progTypes.nameOf(owner) ?? owner),
    owner_jited: showsOwner(row) ? row.ownerJited : undefined,
    frozen: row.frozen ? 1 : 0,
    btf_id: row.btfId || undefined,
    pinned: row.pinned,
    pids: pidFields(row.holders),
  };
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Type', cell: (row) => row.typeName ?? row.type, colour: 'type' },
    { title: 'Name', cell: (row) => row.name, colour: 'name' },
    { title: 'Key', cell: (row) => row.keySize, align: 'right' },
    { title: 'Value', cell: (row) => row.valueSize, align: 'right' },
    { title: 'Entries', cell: (row) => row.maxEntries, align: 'right' },
    { title: 'Memory', cell: (row) => (row.memlock === undefined ? '' : `${row.memlock}B`), align: 'right', minor: 1 },
    { title: 'Flags', cell: (row) => (row.flags === 0 ? '' : `0x${row.flags.toString(16)}`), align: 'right', colour: 'dim', minor: 2 },
    { title: 'BTF', cell: (row) => row.btfId || '', align: 'right', minor: 3 },
    { title: 'Owner', cell: (row) => (row.ownerProgType === undefined ? '' : progTypes.textOf(row.ownerProgType)), minor: 4 },
    { title: 'Device', cell: (row) => row.device && offloadText(row.device) },
    { title: 'State', cell: (row) => (row.frozen ? 'frozen' : '') },
    { title: 'Pinned', cell: (row) => row.pinned?.join(' '), colour: 'path', long: true },
    { title: 'Processes', cell: (row) => processesText(row.holders), long: true },
  ];
}
