import { hex } from '../../src/bytes/text.js';
import { json } from '../../src/format/json.js';
import type { EntryRecord } from '../../src/map/entry-records.js';

/** Typed values as JSON on one line, others as bytes. */
export function recordText(record: EntryRecord): string {
  const [[name = '', value]] = Object.entries(record) as [[string, unknown]];
  if (name === 'values_hex') return `[${(value as string[]).map(spaced).join(', ')}]`;
  return name.endsWith('_hex') ? spaced(value as string) : json(value);
}

function spaced(digits: string): string {
  return hex(Buffer.from(digits, 'hex'), ' ');
}
