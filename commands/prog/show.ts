import { Pairs, Written } from '../../src/format/json.js';
import { type ListedProgram, listProgram } from '../../src/program/listing.js';
import type { Metadata, MetadataReader } from '../../src/program/metadata.js';
import { Program } from '../../src/program/program.js';
import { isoTime } from '../../src/system/clock.js';
import { offloadText } from '../../src/system/offload.js';
import { type Column, list, type Options, one, subcommand } from '../command.js';
import { longList } from '../long-list.js';
import { takePrograms } from '../reference/reference.js';
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
import { averageNs, type Measured, type Measurement, measuredFields, measuredText, STATS } from './measured.js';

interface Row extends ListedProgram, Surroundings {
  readonly metadata: readonly Metadata[];
  /** With `--stats`. */
  readonly measured: Measured | undefined;
}

type Around = (id: number) => Surroundings;

/** `prog show|list [PROG]` */
export const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'List programs',
  grammar: '[PROG]',
  options: [OWNERS, ...STATS],
  examples: [
    'bpf-ts prog show',
    'bpf-ts -f prog show name count_packets',
    'bpf-ts -j prog list | jq .[].id',
    'bpf-ts prog show --stats --for 5s',
  ],
  run: async (words, options) => {
    const around = surroundings('program', options);
    if (words.left === 0) return list(rowsOf(Program.all(), around, await measurement(options)));
    using programs = takePrograms(words);
    words.end();
    const rows: Row[] = [];
    for await (const row of rowsOf(programs, around, await measurement(options))) rows.push(row);
    return rows.length === 1 ? one(rows[0]!) : list(rows);
  },
  plain,
  json,
  columns: columns(),
  detail: (row) => [ownersTable(row.holders)],
});

/** What measures is loaded only when that is asked for. */
async function measurement(options: Options): Promise<Measurement | undefined> {
  const { stats, for: time } = options.own;
  return stats === undefined && time === undefined ? undefined : (await import('./stats.js')).measure(options);
}

async function* rowsOf(programs: Iterable<Program>, around: Around, measured?: Measurement): AsyncGenerator<Row> {
  let metadata: MetadataReader | undefined;
  let count = 0;
  for (using program of programs) {
    longList(count++);
    // Programs without maps need none of what reads maps and types.
    const { mapIds } = program.info;
    if (mapIds.length > 0) metadata ??= new (await import('../../src/program/metadata.js')).MetadataReader();
    yield { ...listProgram(program), ...around(program.id), metadata: metadata?.of(mapIds) ?? [], measured: measured?.get(program.id) };
  }
}

/** The line that names a program, as it also stands above the dumps of several. */
export function headerText(row: ListedProgram): string {
  const type = row.typeName === undefined ? `type ${row.type}` : row.typeName;
  return [
    `${row.id}: ${type}  `,
    row.fullName && `name ${row.fullName}  `,
    `tag ${row.tag}`,
    row.device && `  offloaded_to ${offloadText(row.device)}`,
    row.gplCompatible && '  gpl',
    row.runTimeNs && ` run_time_ns ${row.runTimeNs} run_cnt ${row.runCount}`,
    row.recursionMisses && ` recursion_misses ${row.recursionMisses}`,
    '\n',
  ]
    .filter(Boolean)
    .join('');
}

/** The same as the first fields of a JSON object. */
export function headerFields(row: ListedProgram): Record<string, unknown> {
  const ran = row.runTimeNs > 0n;
  return {
    id: row.id,
    type: row.typeName ?? row.type,
    name: row.fullName || undefined,
    tag: row.tag,
    gpl_compatible: row.gplCompatible,
    run_time_ns: ran ? row.runTimeNs : undefined,
    run_cnt: ran ? row.runCount : undefined,
    recursion_misses: row.recursionMisses || undefined,
  };
}

function plain(row: Row): string {
  return [
    headerText(row),
    row.loadedAt !== undefined && `\tloaded_at ${isoTime(row.loadedAt)}  uid ${row.uid}\n`,
    `\txlated ${row.xlatedSize}B`,
    row.jitedSize > 0 ? `  jited ${row.jitedSize}B` : '  not jited',
    row.memlock !== undefined && `  memlock ${row.memlock}B`,
    row.orphaned && '  orphaned',
    row.mapIds.length > 0 && `  map_ids ${row.mapIds.join(',')}`,
    pinnedText(row.pinned),
    row.btfId !== 0 && `\n\tbtf_id ${row.btfId}`,
    pidsText(row.holders),
    '\n',
    measuredText(row.measured),
    row.metadata.length > 0 && `\tmetadata:${row.metadata.map(({ name, json }) => `\n\t\t${name} = ${json()}`).join('')}\n`,
  ]
    .filter(Boolean)
    .join('');
}

function json(row: Row): unknown {
  return {
    ...headerFields(row),
    dev: row.device,
    loaded_at: row.loadedAt,
    uid: row.loadedAt === undefined ? undefined : row.uid,
    orphaned: row.orphaned,
    bytes_xlated: row.xlatedSize,
    jited: row.jitedSize > 0,
    bytes_jited: row.jitedSize || undefined,
    bytes_memlock: row.memlock,
    map_ids: row.mapIds.length > 0 ? row.mapIds : undefined,
    btf_id: row.btfId || undefined,
    ...surroundingFields(row),
    stats: measuredFields(row.measured),
    metadata: row.metadata.length > 0 ? metadataFields(row.metadata) : undefined,
  };
}

function metadataFields(metadata: readonly Metadata[]): Pairs {
  return new Pairs(metadata.map(({ name, json }) => [name, new Written((pretty, depth) => json(pretty ? depth : undefined))]));
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Type', cell: (row) => row.typeName ?? row.type, colour: 'type' },
    { title: 'Name', cell: (row) => row.fullName, colour: 'name' },
    { title: 'Tag', cell: (row) => row.tag, colour: 'dim', minor: 3 },
    { title: 'Xlated', cell: (row) => `${row.xlatedSize}B`, align: 'right', minor: 6 },
    { title: 'Jited', cell: (row) => (row.jitedSize > 0 ? `${row.jitedSize}B` : 'no'), align: 'right', minor: 5 },
    { title: 'Memory', cell: (row) => (row.memlock === undefined ? '' : `${row.memlock}B`), align: 'right', minor: 1 },
    { title: 'Maps', cell: (row) => row.mapIds.join(','), minor: 2 },
    { title: 'BTF', cell: (row) => row.btfId || '', align: 'right', minor: 7 },
    { title: 'Runs', cell: (row) => row.runCount || '', align: 'right' },
    { title: 'Run time', cell: (row) => (row.runTimeNs ? `${row.runTimeNs}ns` : ''), align: 'right' },
    { title: 'Runs now', cell: (row) => row.measured?.runs ?? '', align: 'right' },
    {
      title: 'Average',
      cell: (row) => (row.measured && averageNs(row.measured) !== undefined ? `${averageNs(row.measured)}ns` : ''),
      align: 'right',
    },
    { title: 'Missed', cell: (row) => row.recursionMisses || '', align: 'right' },
    { title: 'Loaded', cell: (row) => (row.loadedAt === undefined ? '' : isoTime(row.loadedAt)), colour: 'dim', minor: 4 },
    { title: 'UID', cell: (row) => row.uid, align: 'right', minor: 8 },
    { title: 'License', cell: (row) => (row.gplCompatible ? 'GPL' : ''), colour: 'dim', minor: 9 },
    { title: 'Device', cell: (row) => row.device && offloadText(row.device) },
    { title: 'State', cell: (row) => (row.orphaned ? 'orphaned' : ''), colour: 'bad' },
    { title: 'Pinned', cell: (row) => row.pinned?.join(' '), colour: 'path', long: true },
    { title: 'Metadata', cell: (row) => row.metadata.map(({ name, json }) => `${name} = ${json()}`).join(', '), long: true, minor: 10 },
    { title: 'Processes', cell: (row) => processesText(row.holders), long: true },
  ];
}
