import { countElements } from '../../src/map/count.js';
import { BpfMap } from '../../src/map/map.js';
import { MapChangesError } from '../../src/map/walk.js';
import { type Column, list, one, subcommand } from '../command.js';
import { takeMaps } from '../reference/reference.js';

interface Row {
  readonly map: { readonly id: number; readonly type: string; readonly name: string; readonly maxEntries: number };
  /** Undefined where the kernel does not tell. */
  readonly elements: number | undefined;
  /** It is the only one, which was asked for: the number says all. */
  readonly alone: boolean;
}

/** `map count [MAP]` */
export const count = subcommand<Row>({
  name: 'count',
  summary: 'Say how many elements a map has, or each of all maps',
  grammar: '[MAP]',
  examples: ['bpf-ts map count name flows', 'bpf-ts -j map count | jq .[].elements'],
  run: async (words) => {
    if (words.left === 0) return list(rowsOf(BpfMap.all('read')));
    const maps = takeMaps(words, 'read');
    try {
      words.end();
    } catch (error) {
      maps[Symbol.dispose]();
      throw error;
    }
    if (maps.length > 1) return list(rowsOf(maps));
    using map = maps.first;
    const elements = await countElements(map);
    if (elements === undefined) throw new Error(`${map.title} is of type ${map.row.name}: ${whyNot(map)}`);
    return one({ map: definition(map), elements, alone: true });
  },
  plain: ({ map, elements, alone }) =>
    alone ? `${elements}\n` : `${map.id}: ${map.type}  name ${map.name}  elements ${elements ?? '-'} of ${map.maxEntries}\n`,
  json: ({ map, elements }) => ({ id: map.id, type: map.type, name: map.name, elements: elements ?? null, max_entries: map.maxEntries }),
  columns: columns(),
});

function whyNot({ row }: BpfMap): string {
  return row.walk === 'never' ? `it ${row.instead}` : 'the kernel does not tell which of its elements are there';
}

function definition({ id, row, name, info }: BpfMap): Row['map'] {
  return { id, type: row.name, name, maxEntries: info.maxEntries };
}

async function* rowsOf(maps: Iterable<BpfMap>): AsyncGenerator<Row> {
  for (const each of maps) {
    using map = each;
    yield { map: definition(map), elements: await countOrNone(map), alone: false };
  }
}

/** A map that changes too fast must not end the list of the others. */
async function countOrNone(map: BpfMap): Promise<number | undefined> {
  try {
    return await countElements(map);
  } catch (error) {
    if (error instanceof MapChangesError) return undefined;
    throw error;
  }
}

function columns(): Column<Row>[] {
  return [
    { title: 'ID', cell: ({ map }) => map.id, align: 'right', colour: 'id' },
    { title: 'Type', cell: ({ map }) => map.type, colour: 'type' },
    { title: 'Name', cell: ({ map }) => map.name, colour: 'name' },
    { title: 'Elements', cell: ({ elements }) => elements ?? '-', align: 'right' },
    { title: 'Of', cell: ({ map }) => map.maxEntries, align: 'right' },
  ];
}
