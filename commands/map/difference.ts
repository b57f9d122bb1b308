// How an element that differs reads.
import type { EntryRecord, EntryRecords } from '../../src/map/entry-records.js';
import type { Difference } from '../../src/map/snapshot.js';
import { recordText } from './record-text.js';

/** A change with its key and values as objects (`{key: 5}`, `{value_hex: "00"}`); of one that was there from the beginning the value is in `after`. */
export interface ShownChange {
  readonly change: Difference['change'] | 'present';
  readonly key: EntryRecord;
  readonly before: EntryRecord | undefined;
  readonly after: EntryRecord | undefined;
}

/** By the types of a map. */
export function shown(records: EntryRecords, { change, key, before, after }: Difference): ShownChange {
  const value = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : records.valueRecord(bytes));
  return { change, key: records.keyRecord(key), before: value(before), after: value(after) };
}

const SIGNS: Readonly<Record<ShownChange['change'], string>> = { present: ' ', added: '+', removed: '-', changed: '~' };

/** `~ 5: {"packets":1} -> {"packets":2}`, without a line feed. */
export function changeText({ change, key, before, after }: ShownChange): string {
  const values = [before, after].filter((value) => value !== undefined).map(recordText);
  return `${SIGNS[change]} ${recordText(key)}: ${values.join(' -> ')}`;
}

/** `{"change":"changed","key":5,"before":{"value":..},"after":{"value":..}}`; of an element that came or went the value stands beside its key. */
export function changeFields({ change, key, before, after }: ShownChange): Record<string, unknown> {
  if (change === 'changed') return { change, ...key, before, after };
  return { change, ...key, ...(before ?? after) };
}
