// Maps whose values count by powers of two, as tools of bcc's kind have them: a struct with an array called `slots`.
import type { Btf } from '../../src/btf/btf.js';
import { type Codec, codecOf } from '../../src/btf/codec.js';
import { skipTypedefs } from '../../src/btf/resolve.js';
import { fieldsText } from '../../src/format/fields.js';
import { log2Histogram } from '../../src/format/histogram.js';
import type { LoadedMap } from '../../src/load/loaded-object.js';
import { rows } from '../../src/map/rows.js';

const SLOTS = 'slots';

type Fields = Record<string, unknown> & { readonly [SLOTS]: readonly (number | bigint)[] };

/** Keys and values of a map of histograms. */
export interface Histograms {
  readonly key: Codec | undefined;
  readonly value: Codec<Fields>;
}

/** How a map is read whose values are histograms; undefined for other maps. */
export function histogramsOf({ spec }: LoadedMap, btf: Btf | undefined): Histograms | undefined {
  if (!btf || spec.valueTypeId === 0 || !hasSlots(btf, spec.valueTypeId)) return undefined;
  return { key: spec.keyTypeId === 0 ? undefined : codecOf(btf, spec.keyTypeId, 'key'), value: codecOf<Fields>(btf, spec.valueTypeId) };
}

function hasSlots(btf: Btf, id: number): boolean {
  const type = btf.type(skipTypedefs(btf, id));
  const slots = type.kind === 'STRUCT' ? type.members.find(({ name }) => name === SLOTS) : undefined;
  const array = slots && btf.type(skipTypedefs(btf, slots.type));
  if (array?.kind !== 'ARRAY') return false;
  const element = btf.type(skipTypedefs(btf, array.type));
  return element.kind === 'INT' && element.size >= 4;
}

/** Each histogram of the map with its key above it; those without a count are left out. */
export function* histogramTexts({ map }: LoadedMap, { key, value }: Histograms): Generator<string> {
  for (const row of rows(map)) {
    const parts = map.row.value === 'per-cpu' ? map.perCpu(row.value).map((part) => value.decode(part)) : [value.decode(row.value)];
    const bars = log2Histogram(added(parts.map((part) => part[SLOTS])));
    if (bars !== '') yield `\n${headline(key?.decode(row.key), parts[0]!)}\n${bars}`;
  }
}

function headline(key: unknown, { [SLOTS]: _slots, ...others }: Fields): string {
  const ofKey = key === undefined ? '' : typeof key === 'object' ? fieldsText(key) : `key=${fieldsText(key)}`;
  return [ofKey, fieldsText(others)].filter((text) => text !== '').join(' ');
}

function added(all: readonly (readonly (number | bigint)[])[]): number[] {
  return all[0]!.map((_, slot) => all.reduce((sum, slots) => sum + Number(slots[slot]), 0));
}
