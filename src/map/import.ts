// What an exported map says, checked as a whole before anything is written.
import { type Literal, parseLiteral } from '../bytes/literal.js';
import { UsageError } from '../errors.js';
import { type EntryBytes, EntryRecords } from './entry-records.js';
import { EXPORT_FORMAT, EXPORT_VERSION, exportHeader } from './export.js';
import { KeySet } from './key-set.js';
import type { BpfMap } from './map.js';

/** An element of a file, and the line it stands on, counted from 1. */
export interface ImportedEntry extends EntryBytes {
  readonly line: number;
}

/** A file that was read for a map. */
export interface Imported {
  readonly entries: readonly ImportedEntry[];
  /** The keys of all of them. */
  readonly keys: KeySet;
}

/**
 * Reads what {@link exportLines} wrote for a map of the same type and sizes, whose types say what the members of keys and values are.
 *
 * @throws UsageError with the line and member of the first thing that is wrong
 */
export function readImport(map: BpfMap, text: string): Imported {
  const { header, lines } = exportedLines(text);
  onLine(header.line, () => checkHeader(map, parseLiteral(header.text, 'the definition')));
  const records = new EntryRecords(map);
  const keys = new KeySet(map.info.keySize);
  const entries = lines.map(({ line, text }) =>
    onLine(line, () => {
      const entry = records.read(parseLiteral(text, 'the element'));
      checkIndex(map, entry.key);
      if (!keys.add(entry.key)) throw new UsageError('an element with this key stands further up already');
      return { ...entry, line };
    }),
  );
  checkRoom(map, entries.length);
  return { entries, keys };
}

/** A line and where it stands, counted from 1. */
interface Line {
  readonly line: number;
  readonly text: string;
}

/** The lines that are not empty, the first apart. @throws UsageError when there is none */
export function exportedLines(text: string): { header: Line; lines: Line[] } {
  const [header, ...lines] = text
    .split('\n')
    .map((each, index) => ({ line: index + 1, text: each }))
    .filter((each) => each.text.trim() !== '');
  if (!header) throw new UsageError('it is empty: the first line of an exported map says its definition');
  return { header, lines };
}

/** Says on which line something was wrong. */
export function onLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`line ${line}: ${error.message}`);
    throw error;
  }
}

type Fields = ReadonlyMap<string, Literal>;

/** Gives the fields of a definition. @throws UsageError when it is none, or of a version that is not known */
export function checkFormat(literal: Literal): Fields {
  const fields: Fields = literal.kind === 'record' ? literal.members : new Map();
  if (fieldOf(fields, 'format') !== EXPORT_FORMAT) throw new UsageError(`it is no exported map: its format is not '${EXPORT_FORMAT}'`);
  const version = fieldOf(fields, 'version');
  if (version !== EXPORT_VERSION) throw new UsageError(`its version is ${version}, this release reads ${EXPORT_VERSION}`);
  return fields;
}

function checkHeader(map: BpfMap, literal: Literal): void {
  const fields = checkFormat(literal);
  const own = exportHeader(map);
  for (const name of ['type', 'key_size', 'value_size', 'cpus'] as const) {
    const [theirs, ours] = [fieldOf(fields, name), own[name]];
    if (theirs !== ours) throw new UsageError(`${name} is ${theirs ?? 'not said'}, ${map.title} has ${ours ?? 'none'}`);
  }
}

function fieldOf(fields: Fields, name: string): string | number | undefined {
  const literal = fields.get(name);
  if (literal?.kind === 'whole') return Number(literal.value);
  return literal?.kind === 'text' ? literal.value : undefined;
}

function checkIndex(map: BpfMap, key: Uint8Array): void {
  if (map.row.key !== 'index') return;
  const index = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
  if (index >= map.info.maxEntries) throw new UsageError(`key: there is no index ${index}, ${map.title} has ${map.info.maxEntries}`);
}

function checkRoom(map: BpfMap, count: number): void {
  const { maxEntries } = map.info;
  if (maxEntries > 0 && count > maxEntries) throw new UsageError(`it has ${count} elements, ${map.title} takes ${maxEntries}`);
}
