// An exported map as what its lines say, without a map to tell what that is in bytes.
import { type Literal, parseLiteral } from '../bytes/literal.js';
import { UsageError } from '../errors.js';
import { json } from '../format/json.js';
import type { EntryRecord } from './entry-records.js';
import { checkFormat, exportedLines, onLine } from './import.js';

/** The members of values by those of keys, both as JSON without spaces. */
export type ExportedText = ReadonlyMap<string, string>;

const KEYS = ['key', 'key_hex'];

/** Reads the lines of an export. @throws UsageError with the line of the first thing that is wrong */
export function readExportedText(text: string): ExportedText {
  const { header, lines } = exportedLines(text);
  onLine(header.line, () => checkFormat(parseLiteral(header.text, 'the definition')));
  const elements = new Map<string, string>();
  for (const { line, text: each } of lines) {
    onLine(line, () => {
      const record = Object.entries(plainRecord(parseLiteral(each, 'the element')));
      const part = (isKey: boolean) => json(Object.fromEntries(record.filter(([name]) => KEYS.includes(name) === isKey)));
      if (elements.has(part(true))) throw new UsageError('an element with this key stands further up already');
      elements.set(part(true), part(false));
    });
  }
  return elements;
}

/** Members of {@link ExportedText} as values: whole numbers as bigint. */
export function recordOf(text: string): EntryRecord {
  return plainRecord(parseLiteral(text));
}

function plainRecord(literal: Literal): EntryRecord {
  if (literal.kind !== 'record') throw new UsageError('it is no object');
  return plain(literal) as EntryRecord;
}

function plain(literal: Literal): unknown {
  switch (literal.kind) {
    case 'record':
      return Object.fromEntries([...literal.members].map(([name, value]) => [name, plain(value)]));
    case 'list':
      return literal.items.map(plain);
    case 'word':
      return literal.value === 'true' ? true : literal.value === 'false' ? false : literal.value;
    case 'call':
      throw new UsageError(`${literal.name}(...) is no JSON`);
    default:
      return literal.value;
  }
}
