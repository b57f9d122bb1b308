// The elements of a map in a line for a person, in the notation that `map set` takes: by their types, and of a changed value only what differs.
import { type Field, type LiteralText, literalText } from '../../src/btf/literal-text.js';
import { typesOf } from '../../src/map/formats.js';
import type { BpfMap } from '../../src/map/map.js';
import { prefixText } from '../../src/map/prefix-text.js';

/** Writes keys and values of one map. */
export interface ElementText {
  readonly key: (bytes: Uint8Array) => string;
  /** Of a per-CPU map a list. */
  readonly value: (bytes: Uint8Array) => string;
  /** `packets 12 -> 13, name web -> mail`; both values where no member differs, or there are none. */
  readonly change: (before: Uint8Array, after: Uint8Array) => string;
}

/** Undefined for a map whose keys or values have no types that can be written. */
export function elementText(map: BpfMap): ElementText | undefined {
  const types = map.row.value === 'plain' || map.row.value === 'per-cpu' ? typesOf(map) : undefined;
  const key = types && keyText(map, literalText(types.btf, types.key, map.info.keySize));
  const value = types && literalText(types.btf, types.value, map.info.valueSize);
  if (!key || !value) return undefined;
  return map.row.value === 'per-cpu' ? ofEachCpu(map, key, value) : ofOneValue(key, value);
}

function keyText(map: BpfMap, text: LiteralText | undefined): ElementText['key'] | undefined {
  return map.row.key === 'lpm' ? prefixText : text && ((bytes) => text.text(bytes));
}

function ofOneValue(key: ElementText['key'], text: LiteralText): ElementText {
  const fields = text.fields() ?? [];
  const value = (bytes: Uint8Array) => text.text(bytes);
  return { key, value, change: (before, after) => membersThatDiffer(fields, before, after) || `${value(before)} -> ${value(after)}` };
}

function ofEachCpu(map: BpfMap, key: ElementText['key'], text: LiteralText): ElementText {
  const texts = (bytes: Uint8Array) => map.perCpu(bytes).map((place) => text.text(place));
  return {
    key,
    value: (bytes) => `[${texts(bytes).join(', ')}]`,
    change: (before, after) => {
      const [old, now] = [texts(before), texts(after)];
      const changed = old.flatMap((each, cpu) => (each === now[cpu] ? [] : [`cpu ${cpu} ${each} -> ${now[cpu]}`]));
      return changed.join(', ') || `[${old.join(', ')}] -> [${now.join(', ')}]`;
    },
  };
}

function membersThatDiffer(fields: readonly Field[], before: Uint8Array, after: Uint8Array): string {
  return fields
    .map(({ name, text }) => ({ name, old: text(before), now: text(after) }))
    .filter(({ old, now }) => old !== now)
    .map(({ name, old, now }) => `${name} ${old} -> ${now}`)
    .join(', ');
}
