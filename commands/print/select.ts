// `--filter`, `--sort` and `--columns` of every list, from the records' JSON and columns: no command knows of them.
import { UsageError } from '../../src/errors.js';
import { json, Pairs } from '../../src/format/json.js';
import { safeWord } from '../../src/format/safe-text.js';
import { itemsOf, propertiesOf } from '../../src/format/schema.js';
import type { Column, Options, Output, Part, Subcommand } from '../command.js';
import { type Condition, parseCondition, toNumber } from '../line/conditions.js';
import { columnKey, fieldAt, fieldNames, type Keyed, keyed, valuesOf } from './row-keys.js';

/** A record and what it gave, as they are to be printed. */
export interface Selected {
  readonly record: Subcommand;
  readonly output: Output<unknown>;
}

interface SortKey {
  readonly key: string;
  readonly descending: boolean;
}

/** What is asked for, read before anything is looked at. */
interface Choice {
  readonly conditions: readonly Condition[];
  readonly order: readonly SortKey[];
  readonly columns: readonly string[];
}

/** The key by which the part is told that an item is in. */
const SECTION = 'section';

type AnyPart = Part<unknown, unknown>;

/** Reads what is asked for, before anything is opened. Throws a UsageError for what is no condition. */
export function readSelection(own: Options['own']): (name: string, record: Subcommand, output: Output<unknown>) => Promise<Selected> {
  const choice = readChoice(own);
  const none = choice.conditions.length > 0 ? `nothing matches ${filtersOf(own).join(' and ')}` : undefined;
  return async (name, record, output) => {
    if (output.kind !== 'one' && output.kind !== 'list')
      throw new UsageError(`--filter, --sort and --columns are for lists, which ${name} does not give with these words`);
    const rows: unknown[] = [];
    if (output.kind === 'one') rows.push(output.row);
    else for await (const row of output.rows) rows.push(row);
    const selection = new Selection(name, record, choice, await fieldsOf(name, record));
    return selection.of(rows, output.kind === 'one', none);
  };
}

function filtersOf(own: Options['own']): string[] {
  return (own.filter ?? []) as string[];
}

function readChoice(own: Options['own']): Choice {
  const words = (text: unknown) => (typeof text === 'string' ? text.split(',').map((word) => word.trim()) : []);
  const order = words(own.sort).map((word) => {
    const [, minus, key = '', way] = /^(-?)(.*?)(?::(asc|desc))?$/s.exec(word)!;
    return { key, descending: (minus === '-') !== (way === 'desc') };
  });
  return { conditions: filtersOf(own).map(parseCondition), order, columns: words(own.columns) };
}

class Selection {
  readonly #columns: readonly Column<unknown>[];
  readonly #parts: readonly AnyPart[] | undefined;

  constructor(
    readonly name: string,
    readonly record: Subcommand,
    readonly choice: Choice,
    /** The fields that rows may have, where that is written down. */
    readonly fields: readonly string[],
  ) {
    this.#columns = (record.columns ?? []) as readonly Column<unknown>[];
    this.#parts = record.parts as readonly AnyPart[] | undefined;
  }

  of(rows: readonly unknown[], single: boolean, none: string | undefined): Selected {
    if (this.#parts) return this.#ofParts(rows, this.#parts, none);
    const all = rows.map((row) => keyed(row, this.record.json));
    this.#check(all);
    return this.#shown(this.#chosen(all), single, none);
  }

  /** Items of a list of several kinds; with `--columns` they become one list. */
  #ofParts(rows: readonly unknown[], parts: readonly AnyPart[], none: string | undefined): Selected {
    const items = (row: unknown) =>
      parts.map((part) => ({ part, items: part.items(row).map((item) => keyed(item, (each) => itemFields(part, each))) }));
    const all = rows.map(items);
    const everything = all.flat().flatMap((each) => each.items);
    this.#check(everything);
    if (this.choice.columns.length > 0) return this.#shown(this.#chosen(everything), false, none);
    const left = all.map((sections) => sections.map((each) => ({ ...each, items: this.#chosen(each.items) })));
    const some = left.flat().some((each) => each.items.length > 0);
    const changed = left.map((sections, i) =>
      sections.reduce(
        (row, each) =>
          each.part.withItems(
            row,
            each.items.map((item) => item.row),
          ),
        rows[i],
      ),
    );
    const { tables } = this.record;
    const record = some || none === undefined || !tables ? this.record : { ...this.record, tables: () => [] };
    return { record, output: { kind: 'list', rows: changed, ...(!some && none !== undefined && { none }) } };
  }

  #chosen(rows: readonly Keyed[]): Keyed[] {
    const { conditions, order } = this.choice;
    const left = rows.filter((row) => conditions.every(({ key, holds }) => holds(valuesOf(row, key, this.#columns))));
    return order.length === 0 ? left : sorted(left, order, (row, key) => valuesOf(row, key, this.#columns)[0]);
  }

  #shown(rows: readonly Keyed[], single: boolean, none: string | undefined): Selected {
    const chosen = this.choice.columns.length > 0;
    const record = chosen ? this.#withColumns(rows) : this.#keepingNamed();
    const given = rows.map((each) => (chosen ? each : each.row));
    if (single && given.length === 1) return { record, output: { kind: 'one', row: given[0] } };
    return { record, output: { kind: 'list', rows: given, ...(none !== undefined && { none }) } };
  }

  /** A column that the rows are chosen or ordered by is not left out. */
  #keepingNamed(): Subcommand {
    const { conditions, order } = this.choice;
    const named = new Set([...conditions, ...order].map(({ key }) => key));
    const columns = this.#columns.map((column) => (named.has(columnKey(column.title)) ? kept(column) : column));
    return columns.length === 0 ? this.record : ({ ...this.record, columns } as unknown as Subcommand);
  }

  /** The record with these columns only, for rows with their keys. */
  #withColumns(rows: readonly Keyed[]): Subcommand {
    const columns = this.choice.columns.map((key) => this.#column(key, rows));
    return {
      ...this.record,
      plain: (row: Keyed) => `${columns.map(({ cell }) => safeWord(String(cell(row) ?? ''))).join('\t')}\n`,
      json: (row: Keyed) => new Pairs(this.choice.columns.map((key) => [key, this.#value(row, key)])),
      columns,
      heading: undefined,
      tables: undefined,
      detail: undefined,
    } as unknown as Subcommand;
  }

  #column(key: string, rows: readonly Keyed[]): Column<Keyed> {
    const known = this.#columns.find(({ title }) => columnKey(title) === key);
    const { terminal } = known ?? {};
    if (known) return { ...kept(known), cell: ({ row }) => known.cell(row), ...(terminal && { terminal: ({ row }) => terminal(row) }) };
    const values = rows.map(({ fields }) => fieldAt(fields, key)).filter((value) => value !== undefined);
    const numbers = values.length > 0 && values.every((value) => toNumber(value) !== undefined);
    return { title: key, cell: ({ fields }) => cellOf(fieldAt(fields, key)), align: numbers ? 'right' : 'left' };
  }

  #value(row: Keyed, key: string): unknown {
    return fieldAt(row.fields, key) ?? this.#columns.find(({ title }) => columnKey(title) === key)?.cell(row.row);
  }

  #check(rows: readonly Keyed[]): void {
    const fields = new Set([...this.fields, ...rows.flatMap((row) => fieldNames(row.fields))]);
    // Which fields there are shows in the rows only.
    if (fields.size === 0) return;
    const columns = this.#columns.map(({ title }) => columnKey(title));
    const known = [...new Set([...fields, ...columns])];
    const { conditions, order, columns: shown } = this.choice;
    for (const key of [...conditions.map((each) => each.key), ...order.map((each) => each.key), ...shown]) {
      if (known.includes(key) || known.includes(key.split('.', 1)[0]!)) continue;
      throw new UsageError(`${this.name} has no key '${key}'; it has ${known.join(', ')}`);
    }
  }
}

/** What the schema of a list says that its rows, or their items, may have. */
async function fieldsOf(name: string, { parts }: Subcommand): Promise<readonly string[]> {
  const { outputOf } = await import('../schemas/all.js');
  const output = await outputOf(name);
  if (!output || !('row' in output)) return [];
  if (!parts) return propertiesOf(output.row);
  return [SECTION, ...parts.flatMap((part) => propertiesOf(itemsOf(output.row, part.name)))];
}

function itemFields({ name, json: fields }: AnyPart, item: unknown): unknown {
  return { [SECTION]: name, ...(fields(item) as object) };
}

/** A column that is asked for: never left out. */
function kept<Row>({ minor: _, ...column }: Column<Row>): Column<Row> {
  return column;
}

function cellOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return value.join(',');
  return typeof value === 'string' ? value : json(value);
}

/** Numbers as numbers and before text; what has no value comes last, whichever way. */
function sorted(rows: Keyed[], order: readonly SortKey[], first: (row: Keyed, key: string) => unknown): Keyed[] {
  const withValues = rows.map((row) => ({ row, values: order.map(({ key }) => sortable(first(row, key))) }));
  withValues.sort((a, b) => {
    for (const [i, { descending }] of order.entries()) {
      const [left, right] = [a.values[i]!, b.values[i]!];
      const difference = left.group - right.group || (left.value < right.value ? -1 : left.value > right.value ? 1 : 0);
      if (difference !== 0) return descending && left.group < EMPTY && right.group < EMPTY ? -difference : difference;
    }
    return 0;
  });
  return withValues.map(({ row }) => row);
}

const EMPTY = 2;

function sortable(value: unknown): { group: number; value: bigint | number | string } {
  if (value === undefined || value === null || value === '') return { group: EMPTY, value: '' };
  const number = toNumber(value);
  return number === undefined ? { group: 1, value: String(value) } : { group: 0, value: number };
}
