import type { ValueFormatter } from '../btf/value.js';
import type { TextBuffer } from '../bytes/text-buffer.js';
import { perCpuStep } from '../kernel/map-types.js';
import { requireMemory } from '../system/memory-left.js';
import type { Batch, Unreadable } from './batches.js';
import {
  type EntryShape,
  type JsonStyle,
  jsonSpace,
  jsonTemplate,
  jsonUnreadable,
  plainTemplate,
  plainUnreadable,
} from './entry-layout.js';
import { EntryWriter, type Tail } from './entry-writer.js';
import type { EntryFormats } from './formats.js';
import { HexTemplate, HexWriter } from './hex-template.js';
import type { BpfMap } from './map.js';
import { reasonText } from './reasons.js';

/** The forms an element may take: lines of hex, JSON, or, in place of lines, only what the types say in pretty JSON's manner (`types`). */
export type EntryForm = { readonly kind: 'lines' } | ({ readonly kind: 'json' | 'types' } & JsonStyle);

/** What a byte of a value takes while it is written: its places in the template, and its text in a batch. */
const MEMORY_OF_BYTE = 40;

/** Writes the elements of one map. In the JSON forms each element begins with the comma that parts it from the one before. */
export class MapText {
  readonly #writer: EntryWriter;

  constructor(
    readonly map: BpfMap,
    readonly form: EntryForm,
    formats?: EntryFormats,
  ) {
    requireMemory(map.valueBytes * MEMORY_OF_BYTE);
    this.#writer = entryWriter(map, form, formats);
  }

  /** The text of a batch; it holds until the next one. */
  batch(batch: Batch): Uint8Array {
    return this.#writer.write(batch);
  }

  /** A key whose value cannot be read. */
  unreadable({ key, error }: Unreadable): Uint8Array {
    const reason = reasonText(this.map.row.name, error, this.form.kind !== 'json');
    return Buffer.from(this.form.kind === 'lines' ? plainUnreadable(key, reason) : `,${jsonUnreadable(key, reason, this.form)}`);
  }

  /** One element alone, without a comma before it. */
  one(key: Uint8Array, value: Uint8Array): Uint8Array {
    const text = this.batch({ keys: key, values: value, count: 1 });
    return this.form.kind === 'lines' ? text : text.subarray(1);
  }
}

function shapeOf(map: BpfMap): EntryShape {
  const { keySize, valueSize } = map.info;
  const step = perCpuStep(valueSize);
  const perCpu = map.row.value === 'per-cpu' ? { cpus: map.valueBytes / step, step } : undefined;
  return { keySize, valueSize, mapId: map.row.value === 'map', ...(perCpu && { perCpu }) };
}

function entryWriter(map: BpfMap, form: EntryForm, formats?: EntryFormats): EntryWriter {
  const shape = shapeOf(map);
  const writer = (template: HexTemplate, tail?: Tail) => new EntryWriter(new HexWriter(template, shape.keySize, map.valueBytes), tail);
  if (form.kind === 'lines') return writer(plainTemplate(shape), shape.mapId ? sequence(mapId, text(' \n')) : undefined);
  if (form.kind === 'types' && formats) return writer(new HexTemplate().add(','), formatted(shape, { ...form, plainText: true }, formats));
  const template = jsonTemplate(shape, form);
  const tail = jsonTail(shape, form, formats);
  return tail ? writer(template, tail) : writer(template.add(`${jsonSpace(form).line(0)}}`));
}

function jsonTail(shape: EntryShape, style: JsonStyle, formats?: EntryFormats): Tail | undefined {
  const { line, colon } = jsonSpace(style);
  const end = text(`${line(0)}}`);
  const id = shape.mapId ? [text(`,${line(1)}"inner_map_id"${colon}`), mapId] : [];
  if (!formats) return shape.mapId ? sequence(...id, end) : undefined;
  const inner = formatted(shape, { ...style, depth: style.depth + 1, plainText: false }, formats);
  return sequence(...id, text(`,${line(1)}"formatted"${colon}`), inner, end);
}

/** The id that the value of a map of maps is. */
const mapId: Tail = (out, _keys, _key, values, value) => out.addNumber(values.getUint32(value, true));

function text(fixed: string): Tail {
  const bytes = Buffer.from(fixed);
  return (out) => out.add(bytes);
}

function sequence(...parts: readonly Tail[]): Tail {
  return (out, keys, key, values, value) => {
    for (const part of parts) part(out, keys, key, values, value);
  };
}

/** A place in JSON for values by their types; `plainText` asks for bpftool's manner of its plain form. */
interface FormatStyle extends JsonStyle {
  readonly plainText: boolean;
}

type Format = (out: TextBuffer, view: DataView, offset: number) => void;

/** The formatter for values that stand `deeper` levels below the style's. */
function formatAt(formatter: ValueFormatter, { pretty, plainText, depth }: FormatStyle, deeper: number): Format {
  if (plainText) return (out, view, offset) => formatter.writePlain(out, view, offset, depth + deeper);
  return (out, view, offset) => formatter.writeJson(out, view, offset, pretty ? depth + deeper : undefined);
}

/** An object of key and value as their types say, with its braces on the style's level. */
function formatted(shape: EntryShape, style: FormatStyle, formats: EntryFormats): Tail {
  const { line, colon } = jsonSpace(style);
  const values = shape.perCpu ? perCpuValues(shape.perCpu, style, formats) : oneValue(style, formats);
  const end = text(`${line(0)}}`);
  if (!formats.key) return sequence(text(`{${line(1)}`), values, end);
  const key = formatAt(formats.key, style, 1);
  return sequence(text(`{${line(1)}"key"${colon}`), (out, keys, at) => key(out, keys, at), text(`,${line(1)}`), values, end);
}

function oneValue(style: FormatStyle, formats: EntryFormats): Tail {
  const format = formatAt(formats.value, style, 1);
  return sequence(text(`"value"${jsonSpace(style).colon}`), (out, _keys, _key, values, value) => format(out, values, value));
}

function perCpuValues({ cpus, step }: NonNullable<EntryShape['perCpu']>, style: FormatStyle, formats: EntryFormats): Tail {
  const { line, colon } = jsonSpace(style);
  const format = formatAt(formats.value, style, 3);
  const ofCpu = (cpu: number): Tail[] => [
    text(`${cpu > 0 ? ',' : ''}{${line(3)}"cpu"${colon}${cpu},${line(3)}"value"${colon}`),
    (out, _keys, _key, values, value) => format(out, values, value + cpu * step),
    text(`${line(2)}}`),
  ];
  const all = Array.from({ length: cpus }, (_, cpu) => ofCpu(cpu)).flat();
  return sequence(text(`"values"${colon}[`), ...all, text(`${line(1)}]`));
}
