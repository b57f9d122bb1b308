import { Dump, type DumpSource } from '../../src/map/dump.js';
import { formatsOf } from '../../src/map/formats.js';
import { innerMaps } from '../../src/map/inner-maps.js';
import { listMap } from '../../src/map/listing.js';
import type { BpfMap } from '../../src/map/map.js';
import { type Column, done, list, type Output, subcommand } from '../command.js';
import { Handles, last, takeMaps } from '../reference/reference.js';
import { headerFields, headerText } from './header.js';
import { gainsByReading, type ReadableRow, readableRows } from './readable.js';

/** `map dump MAP` */
export const dump = subcommand<ReadableRow>({
  name: 'dump',
  summary: 'Print all elements of a map, by its BTF where it has one',
  grammar: 'MAP',
  options: [
    { flags: '--recursive', summary: 'of a map of maps also the elements of these' },
    {
      flags: '--readable',
      summary: 'an element a line: prefixes, names of programs and maps, symbols of stacks (a terminal gets these without asking)',
    },
  ],
  examples: [
    'bpf-ts map dump name counts',
    'bpf-ts -j map dump id 7 | jq .[].formatted',
    'bpf-ts map dump name outer --recursive',
    'bpf-ts map dump name routes --readable',
  ],
  run: (words, { own }) => {
    const named = last(words, takeMaps(words, 'read'));
    const maps = own.recursive === true ? withInner(named) : named;
    if (own.readable === true) return readable(maps);
    let failed = false;
    return {
      kind: 'stream',
      chunks: (form, depth) => dumpAll(maps, { form, depth, explain: sentenceOf }, () => (failed = true)),
      exitCode: () => (failed ? 255 : 0),
      terminal: () => onTerminal(maps),
    };
  },
  plain,
  json,
  columns: columns(),
});

/** The same for values of many lines, which no column holds. */
const stacks = subcommand<ReadableRow>({ name: 'dump', summary: '', run: () => done, plain, json });

type Style = ConstructorParameters<typeof Dump>[1];

async function* dumpAll(maps: Handles<BpfMap>, style: Style, onFailure: () => void): AsyncGenerator<Uint8Array> {
  using open = maps;
  const whole = new Dump([...open].map(source), style);
  yield* whole.chunks();
  if (whole.failed) onFailure();
}

function source(map: BpfMap): DumpSource {
  const row = listMap(map);
  const formats = formatsOf(map);
  return { map, header: { plain: headerText(row), fields: headerFields(row) }, ...(formats && { formats }) };
}

/** The maps, and behind each those that it holds. */
function withInner(maps: Handles<BpfMap>): Handles<BpfMap> {
  const all: BpfMap[] = [];
  try {
    for (const map of maps) all.push(map, ...innerMaps(map));
    return new Handles(all);
  } catch (error) {
    new Handles([...new Set([...maps, ...all])])[Symbol.dispose]();
    throw error;
  }
}

/** Tables for a person, where types or the kind of map say what the bytes mean. */
async function onTerminal(maps: Handles<BpfMap>): Promise<Output<ReadableRow> | undefined> {
  const readsBetter = [...maps].every(gainsByReading);
  if (maps.length === 1 && (!readsBetter || maps.first.row.key === 'lpm')) {
    const { typedTable } = await import('./table.js');
    const table = typedTable(maps.first);
    if (table) return table;
  }
  return readsBetter ? readable(maps) : undefined;
}

function readable(maps: Handles<BpfMap>): Output<ReadableRow> {
  const rows = list(rowsOf(maps));
  if (![...maps].some(({ row }) => row.name === 'stack_trace')) return rows;
  return { kind: 'commands', run: (printer) => printer.print(stacks, rows) };
}

async function* rowsOf(maps: Handles<BpfMap>): AsyncGenerator<ReadableRow> {
  using open = maps;
  for (const map of open) yield* readableRows(map, open.length > 1);
}

function plain({ map, key, value }: ReadableRow): string {
  const lines = value.includes('\n') ? `\n\t${value.replaceAll('\n', '\n\t')}` : value;
  return `${map === undefined ? '' : `${map}  `}${key}: ${lines}\n`;
}

function json({ map, key, value }: ReadableRow): unknown {
  return { map, key, value: value.includes('\n') ? value.split('\n') : value };
}

function columns(): Column<ReadableRow>[] {
  return [
    { title: 'Map', cell: ({ map }) => map, colour: 'name' },
    { title: 'Key', cell: ({ key }) => key, colour: 'id' },
    { title: 'Value', cell: ({ value }) => value },
  ];
}

/** Loaded only when there is something to explain. */
async function sentenceOf(error: unknown): Promise<string> {
  const { explain } = await import('../print/explain.js');
  return explain(error).sentence;
}
