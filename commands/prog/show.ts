import { Pairs, Written } from '../../src/format/json.js';
import { rangesText } from '../../src/format/ranges.js';
import { BpfMap } from '../../src/map/map.js';
import { type ListedProgram, listProgram } from '../../src/program/listing.js';
import type { Metadata, MetadataReader } from '../../src/program/metadata.js';
import { Program } from '../../src/program/program.js';
import { isoTime } from '../../src/system/clock.js';
import { memlockIn } from '../../src/system/fdinfo.js';
import { offloadText } from '../../src/system/offload.js';
import { type Column, list, type Options, one, subcommand } from '../command.js';
import { longList } from '../long-list.js';
import { takePrograms } from '../reference/reference.js';
import { OWNERS, ownersTable, pidFields, pidsText, pinnedText, processesText, type Surroundings, surroundings } from '../surroundings.js';
import { averageNs, type Measured, type Measurement, measuredFields, measuredText, STATS } from './measured.js';

interface Row extends ListedProgram, Surroundings {
  readonly metadata: readonly Metadata[];
  /** With `--stats`. */
  readonly measured: Measured | undefined;
}

/** Where rows get what is not of the program itself. */
interface Beside {
  readonly around: (id: number) => Surroundings<bigint | undefined>;
  readonly measured: Measurement | undefined;
  readonly metadata: MetadataReader | undefined;
}

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
    const around = surroundings('program', options, memlockIn);
    using programs = words.left > 0 ? takePrograms(words) : undefined;
    words.end();
    const beside = { around, measured: await measurement(options), metadata: await metadataReader() };
    if (!programs) return list(rowsOf(Program.all(), beside));
    const rows = [...rowsOf(programs, beside)];
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

/** What reads maps and types is loaded only where a program may need it: where there are maps, or nobody may know. */
async function metadataReader(): Promise<MetadataReader | undefined> {
  return anyMap() ? new (await import('../../src/program/metadata.js')).MetadataReader() : undefined;
}

function anyMap(): boolean {
  try {
    return !BpfMap.ids().next().done;
  } catch {
    return true;
  }
}

const NO_METADATA: readonly Metadata[] = [];

/** Not by `using`, and without a second object for each row: lists are long. */
function* rowsOf(programs: Iterable<Program>, { around, measured, metadata }: Beside): Generator<Row> {
  let count = 0;
  for (const program of programs) {
    try {
      longList(count++);
      const { pinned, holders, told } = around(program.id);
      const row = listProgram(program, told) as { -readonly [Name in keyof Row]: Row[Name] };
      row.pinned = pinned;
      row.holders = holders;
      row.metadata = metadata?.of(row.mapIds) ?? NO_METADATA;
      row.measured = measured?.get(row.id);
      yield row;
    } finally {
      program[Symbol.dispose]();
    }
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
  const { id, type, name, tag, gpl_compatible, run_time_ns, run_cnt, recursion_misses } = headerFields(row);
  return {
    id,
    type,
    name,
    tag,
    gpl_compatible,
    run_time_ns,
    run_cnt,
    recursion_misses,
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
    pinned: row.pinned,
    pids: pidFields(row.holders),
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
    { title: 'Maps', cell: (row) => row.mapIds.join(','), terminal: (row) => rangesText(row.mapIds), minor: 2 },
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
