// How an element that differs reads.
import { fold } from '../../src/format/fold.js';
import { type EntryRecord, EntryRecords } from '../../src/map/entry-records.js';
import type { BpfMap } from '../../src/map/map.js';
import type { Difference } from '../../src/map/snapshot.js';
import type { Highlight } from '../command.js';
import { type ElementText, elementText } from './element-text.js';
import { recordText } from './record-text.js';

/** A change with its key and values as objects (`{key: 5}`, `{value_hex: "00"}`); of one that was there from the beginning the value is in `after`. */
export interface ShownChange {
  readonly change: Difference['change'] | 'present';
  readonly key: EntryRecord;
  readonly before: EntryRecord | undefined;
  readonly after: EntryRecord | undefined;
  /** Its key and values in a line for a person; undefined where no types are known, missing where there is no map. */
  readonly read?: () => string | undefined;
}

/** What writes the elements of a map. */
export class Writers {
  readonly records: EntryRecords;
  readonly #map: BpfMap;
  #text: { readonly of: ElementText | undefined } | undefined;

  constructor(map: BpfMap) {
    this.records = new EntryRecords(map);
    this.#map = map;
  }

  /** For a person; undefined where no types are known. Made when it is asked for, which only a terminal does. */
  get text(): ElementText | undefined {
    this.#text ??= { of: elementText(this.#map) };
    return this.#text.of;
  }
}

/** By the types of a map. */
export function shown(writers: Writers, { change, key, before, after }: Difference): ShownChange {
  const { records } = writers;
  const value = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : records.valueRecord(bytes));
  const read = () => writers.text && lineOf(writers.text, { key, before, after });
  return { change, key: records.keyRecord(key), before: value(before), after: value(after), read };
}

function lineOf(text: ElementText, { key, before, after }: Omit<Difference, 'change'>): string {
  return `${text.key(key)}: ${before && after ? text.change(before, after) : text.value((before ?? after)!)}`;
}

const SIGNS: Readonly<Record<ShownChange['change'], string>> = { present: ' ', added: '+', removed: '-', changed: '~' };

/** `~ 5: {"packets":1} -> {"packets":2}`, without a line feed. */
export function changeText({ change, key, before, after }: ShownChange): string {
  const values = [before, after].filter((value) => value !== undefined).map(recordText);
  return `${SIGNS[change]} ${recordText(key)}: ${values.join(' -> ')}`;
}

/** The same for a person, where types are known: `~ "10.0.0.1": packets 1 -> 2`. */
export function changeRead(change: ShownChange): string {
  const line = change.read?.();
  return line === undefined ? changeText(change) : `${SIGNS[change.change]} ${line}`;
}

/** On a line with `margin` before it, and further ones below its words as far as the terminal is too narrow. */
export function belowMargin(margin: string, text: string): string {
  const indent = margin.length + 2;
  const width = Math.max((process.stdout.columns ?? 80) - indent, LEAST_WIDTH);
  return `${margin}${text.slice(0, 2)}${fold(text.slice(2), width).join(`\n${' '.repeat(indent)}`)}\n`;
}

const LEAST_WIDTH = 20;

/** What has a colour in those lines. */
export const CHANGE_COLOURS: readonly Highlight[] = [
  [/^[\d:.]{12}(?= )/gm, 'dim'],
  [/(?<=^([\d:.]{12} )?)\+(?= )/gm, 'good'],
  [/(?<=^([\d:.]{12} )?)-(?= )/gm, 'bad'],
  [/(?<=^([\d:.]{12} )?)~(?= )/gm, 'type'],
];

/** `{"change":"changed","key":5,"before":{"value":..},"after":{"value":..}}`; of an element that came or went the value stands beside its key. */
export function changeFields({ change, key, before, after }: ShownChange): Record<string, unknown> {
  if (change === 'changed') return { change, ...key, before, after };
  return { change, ...key, ...(before ?? after) };
}
