// The elements of a map by their types, as a table with a column for each member: for a terminal.

import { type Field, type LiteralText, literalText } from '../../src/btf/literal-text.js';
import { batches } from '../../src/map/batches.js';
import { type EntryTypes, typesOf } from '../../src/map/formats.js';
import type { BpfMap } from '../../src/map/map.js';
import { prefixText } from '../../src/map/prefix-text.js';
import { reasonText } from '../../src/map/reasons.js';
import { rowsOf as elementsOf, isBatch } from '../../src/map/rows.js';
import { type Column, done, list, type Output, subcommand } from '../command.js';
import type { Printer } from '../print/printer.js';

/** The cells of an element, or of one CPU's value of it, in the order of the columns. */
type Row = readonly string[];

/** So many rows are laid out together: a map may have millions. */
const BLOCK = 500;

/** The columns that keys, or values, become. */
interface Side {
  readonly columns: readonly Omit<Column<Row>, 'cell'>[];
  cells(bytes: Uint8Array): readonly string[];
}

/** `map dump` of one map as a table, which closes the map; undefined for a map whose elements have no types that can be written. */
export function typedTable(map: BpfMap): Output<never> | undefined {
  const { value } = map.row;
  const types = value === 'plain' || value === 'per-cpu' ? typesOf(map) : undefined;
  const rows = types && rowsOf(map, types);
  return rows && { kind: 'commands', run: (printer) => print(map, rows, printer) };
}

interface Rows {
  readonly columns: Side['columns'];
  of(key: Uint8Array, value: Uint8Array): Row[];
  /** An element that is not to be read. */
  failed(key: Uint8Array, reason: string): Row;
}

function rowsOf(map: BpfMap, { btf, key, value }: EntryTypes): Rows | undefined {
  const valueText = literalText(btf, value, map.info.valueSize);
  if (!valueText) return undefined;
  if (btf.kind(value) === 'DATASEC') return variables(valueText.fields()!);
  const keys = map.row.key === 'lpm' ? prefixes : keySide(map, literalText(btf, key, map.info.keySize));
  return keys && (map.row.value === 'per-cpu' ? perCpu(map, keys, sideOf('Value', valueText)) : plain(keys, sideOf('Value', valueText)));
}

const prefixes: Side = { columns: [{ title: 'Key', colour: 'id' }], cells: (bytes) => [prefixText(bytes)] };

function keySide({ info, row }: BpfMap, text: LiteralText | undefined): Side | undefined {
  if (text) return sideOf('Key', text, 'id');
  if (row.key !== 'index' || info.keySize !== 4) return undefined;
  const index = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { columns: [{ title: 'Key', align: 'right', colour: 'id' }], cells: (bytes) => [String(index(bytes))] };
}

function sideOf(title: string, text: LiteralText, colour?: Column<Row>['colour']): Side {
  const fields: readonly Field[] = text.fields() ?? [{ name: title, isNumber: text.isNumber, text: (bytes) => text.alone(bytes) }];
  return {
    columns: fields.map(({ name, isNumber }) => ({
      title: name,
      align: isNumber ? 'right' : 'left',
      ...(colour ? { colour } : !isNumber && { long: true }),
    })),
    cells: (bytes) => fields.map((field) => field.text(bytes)),
  };
}

function plain(keys: Side, values: Side): Rows {
  return {
    columns: [...keys.columns, ...values.columns],
    of: (key, value) => [[...keys.cells(key), ...values.cells(value)]],
    failed: (key, reason) => [...keys.cells(key), reason],
  };
}

/** A row for each CPU; the key stands in the first of them. */
function perCpu(map: BpfMap, keys: Side, values: Side): Rows {
  return {
    columns: [...keys.columns, { title: 'CPU', align: 'right', colour: 'dim' }, ...values.columns],
    of: (key, value) => {
      const first = keys.cells(key);
      const others = first.map(() => '');
      return map.perCpu(value).map((place, cpu) => [...(cpu === 0 ? first : others), String(cpu), ...values.cells(place)]);
    },
    failed: (key, reason) => [...keys.cells(key), '', reason],
  };
}

/** A data section has one element, and a row for each variable. */
function variables(fields: readonly Field[]): Rows {
  return {
    columns: [{ title: 'Variable', colour: 'name' }, { title: 'Value' }],
    of: (_key, value) => fields.map((field) => [field.name, field.text(value)]),
    failed: (_key, reason) => ['', reason],
  };
}

async function print(map: BpfMap, rows: Rows, printer: Printer): Promise<number> {
  using open = map;
  const columns = rows.columns.map((column, i): Column<Row> => ({ ...column, cell: (row) => row[i] }));
  const record = subcommand<Row>({ name: 'dump', summary: '', run: () => done, columns });
  let [count, block]: [number, Row[]] = [0, []];
  for await (const part of batches(open)) {
    if (!isBatch(part)) block.push(rows.failed(part.key, reasonText(open.row.name, part.error, true)));
    else {
      for (const { key, value } of elementsOf(open, part)) {
        block.push(...rows.of(key, value));
        if (block.length < BLOCK) continue;
        await printer.print(record, list(block));
        block = [];
      }
    }
    count += isBatch(part) ? part.count : 1;
  }
  if (block.length > 0) await printer.print(record, list(block));
  printer.streams.out.write(`Found ${count} element${count === 1 ? '' : 's'}\n`);
  return 0;
}
