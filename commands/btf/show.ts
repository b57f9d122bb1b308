import { HashOrder } from '../../src/format/hash-order.js';
import { rangesText } from '../../src/format/ranges.js';
import { allBtfInfos, type BtfInfo, btfInfo, btfUsers } from '../../src/system/btf-objects.js';
import { list, one, subcommand } from '../command.js';
import { takeBtfId } from '../reference/reference.js';
import { OWNERS, ownersTable, pidFields, pidsText, processesText, type Surroundings, surroundings } from '../surroundings.js';

interface Row extends BtfInfo, Pick<Surroundings, 'holders'> {
  /** Programs and maps that use it, in bpftool's order. */
  readonly programIds: readonly number[];
  readonly mapIds: readonly number[];
}

/** `btf show|list [id N]`, and `btf show NAME [SOURCE]` for one type. */
export const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'List the BTF objects in the kernel, and who uses them; or show one type with offsets, sizes and holes',
  grammar: '[{ id N | [KIND] NAME [{ id N | file FILE | module MODULE | prog PROG | map MAP }] }]',
  terms: [
    'KIND := { struct | union | enum | typedef | func | var | datasec }',
    'NAME := the name of a type, a pattern such as bpf_*_map, or the id of a type',
  ],
  options: [OWNERS],
  examples: ['bpf-ts btf show', 'bpf-ts btf show id 1', 'bpf-ts btf show task_struct', 'bpf-ts btf show struct event file prog.bpf.o'],
  run: async (words, options) => {
    if (words.left > 0 && !words.is('id')) return (await import('./type.js')).showType(words, options);
    const id = words.left === 0 ? undefined : takeBtfId(words);
    words.end();
    const programs = usersOf('program');
    const maps = usersOf('map');
    const around = surroundings('btf', { ...options, bpffs: false });
    const row = (info: BtfInfo): Row => ({
      ...info,
      programIds: programs.get(info.id) ?? [],
      mapIds: maps.get(info.id) ?? [],
      holders: around(info.id).holders,
    });
    return id === undefined ? list(mapped(allBtfInfos(), row)) : one(row(btfInfo(id)));
  },
  plain: (row) => {
    const name = row.kernel ? `[${row.name}]` : row.name || '<anon>';
    return `${row.id}: name ${name}  size ${row.size}B${idsText('prog_ids', row.programIds)}${idsText('map_ids', row.mapIds)}${pidsText(row.holders)}\n`;
  },
  json: (row) => ({
    id: row.id,
    size: row.size,
    prog_ids: row.programIds,
    map_ids: row.mapIds,
    pids: pidFields(row.holders),
    kernel: row.kernel,
    name: row.name || undefined,
  }),
  columns: [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Name', cell: (row) => (row.kernel ? `[${row.name}]` : row.name), colour: 'name' },
    { title: 'Size', cell: (row) => `${row.size}B`, align: 'right' },
    { title: 'Programs', cell: (row) => row.programIds.join(','), terminal: (row) => rangesText(row.programIds), long: true },
    { title: 'Maps', cell: (row) => row.mapIds.join(','), terminal: (row) => rangesText(row.mapIds), long: true },
    { title: 'Processes', cell: (row) => processesText(row.holders), long: true },
  ],
  detail: (row) => [ownersTable(row.holders)],
});

/** The ids of objects by the BTF object they were loaded with. */
function usersOf(kind: 'program' | 'map') {
  const order = new HashOrder<number>();
  for (const { id, btfId } of btfUsers(kind)) order.add(btfId, id);
  return order.lists();
}

function* mapped<T, R>(items: Iterable<T>, change: (item: T) => R): Generator<R> {
  for (const item of items) yield change(item);
}

function idsText(title: string, ids: readonly number[]): string {
  return ids.length === 0 ? '' : `  ${title} ${ids.join(',')}`;
}
