import type { ValueFormatter } from '../btf/value.js';
import { perCpuStep } from '../kernel/map-types.js';
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

/** Writes the elements of one map. In the JSON forms each element begins with the comma that parts it from the one before. */
export class MapText {
  readonly #writer: EntryWriter;

  constructor(
    readonly map: BpfMap,
    readonly form: EntryForm,
    formats?: EntryFormats,
  ) {
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
  if (form.kind === 'lines')
    return writer(plainTemplate(shape), shape.mapId ? (_keys, _key, values, value) => `${values.getUint32(value, true)} \n` : undefined);
  if (form.kind === 'types' && formats) return writer(new HexTemplate().add(','), formatted(shape, { ...form, plainText: true }, formats));
  const template = jsonTemplate(shape, form);
  const tail = jsonTail(shape, form, formats);
  return tail ? writer(template, tail) : writer(template.add(`${jsonSpace(form).line(0)}}`));
}

function jsonTail(shape: EntryShape, style: JsonStyle, formats?: EntryFormats): Tail | undefined {
  const { line, colon } = jsonSpace(style);
  const end = `${line(0)}}`;
  const id: Tail | undefined = shape.mapId
    ? (_keys, _key, values, value) => `,${line(1)}"inner_map_id"${colon}${values.getUint32(value, true)}`
    : undefined;
  if (!formats) return id && ((...at) => id(...at) + end);
  const inner = formatted(shape, { ...style, depth: style.depth + 1, plainText: false }, formats);
  const name = `,${line(1)}"formatted"${colon}`;
  return (...at) => `${id?.(...at) ?? ''}${name}${inner(...at)}${end}`;
}

/** A place in JSON for values by their types; `plainText` asks for bpftool's manner of its plain form. */
interface FormatStyle extends JsonStyle {
  readonly plainText: boolean;
}

type Format = (view: DataView, offset: number) => string;

/** The formatter for values that stand `deeper` levels below the style's. */
function formatAt(formatter: ValueFormatter, { pretty, plainText, depth }: FormatStyle, deeper: number): Format {
  if (plainText) return (view, offset) => formatter.plain(view, offset, depth + deeper);
  return (view, offset) => formatter.json(view, offset, pretty ? depth + deeper : undefined);
}

/** An object of key and value as their types say, with its braces on the style's level. */
function formatted(shape: EntryShape, style: FormatStyle, formats: EntryFormats): Tail {
  const { line, colon } = jsonSpace(style);
  const key = formats.key && formatAt(formats.key, style, 1);
  const head: Tail = key ? (keys, at) => `{${line(1)}"key"${colon}${key(keys, at)},${line(1)}` : () => `{${line(1)}`;
  const values = shape.perCpu ? perCpuValues(shape.perCpu, style, formats) : oneValue(style, formats);
  const end = `${line(0)}}`;
  return (...at) => head(...at) + values(...at) + end;
}

function oneValue(style: FormatStyle, formats: EntryFormats): Tail {
  const format = formatAt(formats.value, style, 1);
  const name = `"value"${jsonSpace(style).colon}`;
  return (_keys, _key, values, value) => name + format(values, value);
}

function perCpuValues({ cpus, step }: NonNullable<EntryShape['perCpu']>, style: FormatStyle, formats: EntryFormats): Tail {
  const { line, colon } = jsonSpace(style);
  const format = formatAt(formats.value, style, 3);
  return (_keys, _key, values, value) => {
    let text = `"values"${colon}[`;
    for (let cpu = 0; cpu < cpus; cpu++) {
      text += `${cpu > 0 ? ',' : ''}{${line(3)}"cpu"${colon}${cpu},${line(3)}"value"${colon}${format(values, value + cpu * step)}${line(2)}}`;
    }
    return `${text}${line(1)}]`;
  };
}
