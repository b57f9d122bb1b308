// How an element reads, in bpftool's plain text and in its JSON.
import { json } from '../format/json.js';
import { HexTemplate } from './hex-template.js';

/** What the text of an element depends on. Sizes are in bytes. */
export interface EntryShape {
  readonly keySize: number;
  /** Of one CPU's value. */
  readonly valueSize: number;
  /** Number of values of an element of a per-CPU map, `step` bytes apart; undefined when there is one. */
  readonly perCpu?: { readonly cpus: number; readonly step: number };
  /** The value is the id of a map. */
  readonly mapId: boolean;
}

/** How JSON is set: in one line, or pretty with four spaces a level; `depth` is the level that the element's braces stand on. */
export interface JsonStyle {
  readonly pretty: boolean;
  readonly depth: number;
}

/** What stands between two things in JSON of this style: before a key or a closing bracket `deeper` levels further in, and behind a key. */
export function jsonSpace({ pretty, depth }: JsonStyle): { line: (deeper: number) => string; colon: string } {
  return { line: (deeper) => (pretty ? `\n${'    '.repeat(depth + deeper)}` : ''), colon: pretty ? ': ' : ':' };
}

// Above these sizes bpftool gives key and value lines of their own.
const LONG = 16;
const ONE_LINE = 24;

interface PlainBreaks {
  readonly afterName: string;
  readonly betweenFields: string;
}

function plainBreaks(keySize: number, valueSize: number): PlainBreaks {
  const long = keySize > LONG || valueSize > LONG;
  return { afterName: long ? '\n' : ' ', betweenFields: !long && keySize + valueSize <= ONE_LINE ? '  ' : '\n' };
}

/** An element in plain text, with its line feed; of a map of maps without the id and what follows it. */
export function plainTemplate(shape: EntryShape): HexTemplate {
  return shape.perCpu ? plainPerCpu(shape, shape.perCpu) : plainSingle(shape);
}

function plainSingle({ keySize, valueSize, mapId }: EntryShape): HexTemplate {
  const template = new HexTemplate();
  const { afterName, betweenFields } = plainBreaks(keySize, valueSize);
  if (keySize > 0) hexLines(template.add(`key:${afterName}`), keySize, () => template.keyByte()).add(betweenFields);
  if (mapId) return template.add(`inner_map_id:${afterName}`);
  if (valueSize > 0) hexLines(template.add(`value:${afterName}`), valueSize, (i) => template.valueByte(i));
  return template.add('\n');
}

function plainPerCpu({ keySize, valueSize }: EntryShape, { cpus, step }: NonNullable<EntryShape['perCpu']>): HexTemplate {
  const template = new HexTemplate();
  if (keySize > 0) hexLines(template.add('key:\n'), keySize, () => template.keyByte()).add('\n');
  for (let cpu = 0; valueSize > 0 && cpu < cpus; cpu++) {
    template.add(`value (CPU ${String(cpu).padStart(2, '0')}):${valueSize > LONG ? '\n' : ' '}`);
    hexLines(template, valueSize, (i) => template.valueByte(cpu * step + i)).add('\n');
  }
  return template;
}

/** Sixteen bytes a line, with a gap in the middle. */
function hexLines(template: HexTemplate, size: number, place: (index: number) => HexTemplate): HexTemplate {
  for (let i = 0; i < size; i++) {
    if (i > 0) template.add(i % 16 === 0 ? '\n' : i % 8 === 0 ? '  ' : ' ');
    place(i);
  }
  return template;
}

/** Bytes as plain text of keys and values shows them. */
export function plainHex(bytes: Uint8Array): string {
  const template = new HexTemplate();
  hexLines(template, bytes.length, (i) => template.add(bytes[i]!.toString(16).padStart(2, '0')));
  return template.text;
}

/** An element as a JSON object, from the comma before it up to its closing brace, which is not in it. */
export function jsonTemplate(shape: EntryShape, style: JsonStyle): HexTemplate {
  const { line, colon } = jsonSpace(style);
  const template = new HexTemplate().add(`,{${line(1)}"key"${colon}`);
  hexArray(template, shape.keySize, line(1), () => template.keyByte()).add(`,${line(1)}`);
  if (shape.perCpu) return jsonPerCpu(template, shape, shape.perCpu, style);
  return hexArray(template.add(`"value"${colon}`), shape.valueSize, line(1), (i) => template.valueByte(i));
}

function jsonPerCpu(
  template: HexTemplate,
  { valueSize }: EntryShape,
  { cpus, step }: NonNullable<EntryShape['perCpu']>,
  style: JsonStyle,
): HexTemplate {
  const { line, colon } = jsonSpace(style);
  template.add(`"values"${colon}[`);
  for (let cpu = 0; cpu < cpus; cpu++) {
    template.add(`${cpu > 0 ? ',' : ''}{${line(3)}"cpu"${colon}${cpu},${line(3)}"value"${colon}`);
    hexArray(template, valueSize, line(3), (i) => template.valueByte(cpu * step + i)).add(`${line(2)}}`);
  }
  return template.add(`${line(1)}]`);
}

function hexArray(template: HexTemplate, size: number, beforeEnd: string, place: (index: number) => HexTemplate): HexTemplate {
  template.add('[');
  for (let i = 0; i < size; i++) {
    template.add(i > 0 ? ',"0x' : '"0x');
    place(i).add('"');
  }
  return template.add(size > 0 ? `${beforeEnd}]` : ']');
}

/** A key whose value cannot be read, in plain text. */
export function plainUnreadable(key: Uint8Array, reason: string): string {
  const { afterName, betweenFields } = plainBreaks(key.length, reason.length);
  return `key:${afterName}${plainHex(key)}${betweenFields}value:${afterName}${reason}\n`;
}

/** The same as a JSON object. */
export function jsonUnreadable(key: Uint8Array, reason: string, style: JsonStyle): string {
  const { line, colon } = jsonSpace(style);
  const template = new HexTemplate();
  hexArray(template, key.length, line(1), (i) => template.add(key[i]!.toString(16).padStart(2, '0')));
  return `{${line(1)}"key"${colon}${template.text},${line(1)}"value"${colon}{${line(2)}"error"${colon}${json(reason)}${line(1)}}${line(0)}}`;
}
