// What `--filter`, `--sort` and `--columns` call the parts of a row: by the fields of its JSON, and by the titles of its columns.
import { Pairs, Written } from '../../src/format/json.js';
import type { Column, Subcommand } from '../command.js';

/** A row with its JSON, made once. */
export interface Keyed {
  readonly row: unknown;
  readonly fields: unknown;
}

/** The row's JSON as plain values. */
export function keyed(row: unknown, json: Subcommand['json']): Keyed {
  return { row, fields: settled(json ? (json as (row: unknown) => unknown)(row) : row) };
}

/** What a column is called on the command line: `Run time` is `run_time`. */
export function columnKey(title: string): string {
  return title.toLowerCase().replace(/\W+/g, '_');
}

/** The names of the fields that a JSON value has. */
export function fieldNames(fields: unknown): string[] {
  return isObject(fields) ? Object.keys(fields).filter((name) => fields[name] !== undefined) : [];
}

/** A field of a JSON value, by names between dots; in a list, that of all elements. */
export function fieldAt(fields: unknown, key: string): unknown {
  let value: unknown = fields;
  for (const name of isObject(fields) && key in fields ? [key] : key.split('.')) {
    if (Array.isArray(value)) value = value.map((each) => (isObject(each) ? each[name] : undefined)).filter((each) => each !== undefined);
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** All that can be compared in a value: what stands in lists and objects, one by one. */
export function leavesOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isObject(value) ? Object.values(value).flatMap(leavesOf) : [value];
}

/** The values of a row under a key: of the field of that name, and else of the column. */
export function valuesOf({ row, fields }: Keyed, key: string, columns: readonly Column<unknown>[]): unknown[] {
  const value = fieldAt(fields, key);
  if (value !== undefined) return leavesOf(value);
  const cell = columns.find(({ title }) => columnKey(title) === key)?.cell(row);
  return cell === undefined || cell === '' ? [] : [cell];
}

/** Values that write their own JSON, or whose keys may repeat, as those that can be looked into. */
function settled(value: unknown): unknown {
  if (value instanceof Written) return JSON.parse(value.write(false, 0));
  if (value instanceof Pairs) return Object.fromEntries(value.entries.map(([key, each]) => [key, settled(each)]));
  if (Array.isArray(value)) return value.map(settled);
  if (value instanceof Uint8Array) return [...value];
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, settled(each)])) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
