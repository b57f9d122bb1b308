import { quote } from '../bytes/quote.js';

/** An object whose keys may repeat or be empty, as the members of anonymous structs do. */
export class Pairs {
  constructor(readonly entries: readonly (readonly [key: string, value: unknown])[]) {}
}

/** A value that writes its own JSON, for the level it stands on. */
export class Written {
  constructor(readonly write: (pretty: boolean, depth: number) => string) {}
}

/**
 * A value as JSON, byte for byte as bpftool lays it out: compact on one line, or pretty with four spaces a level, where the elements of an
 * array stay on the line of its bracket and the closing bracket has a line of its own. `depth` is the level that the value stands on.
 *
 * bigint keeps all its digits. Fields that are undefined are left out; numbers JSON has no word for are null.
 */
export function json(value: unknown, pretty = false, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
    case 'bigint':
      return String(value);
  }
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return array(value, pretty, depth);
  if (value instanceof Written) return value.write(pretty, depth);
  if (value instanceof Uint8Array) return array([...value], pretty, depth);
  return value instanceof Pairs ? pairs(value, pretty, depth) : object(value as Readonly<Record<string, unknown>>, pretty, depth);
}

/** What stands before a closing bracket on level `depth`, or before a key one level below it. */
export function lineBreak(pretty: boolean, depth: number): string {
  if (!pretty) return '';
  LINE_BREAKS[depth] ??= `\n${'    '.repeat(depth)}`;
  return LINE_BREAKS[depth];
}

// By their depths, since every field of a list has one.
const LINE_BREAKS: string[] = [];

function array(items: readonly unknown[], pretty: boolean, depth: number): string {
  if (items.length === 0) return '[]';
  return `[${items.map((item) => json(item, pretty, depth + 1)).join(',')}${lineBreak(pretty, depth)}]`;
}

function object(fields: Readonly<Record<string, unknown>>, pretty: boolean, depth: number): string {
  let text = '';
  for (const key of Object.keys(fields)) text += member(text, key, fields[key], pretty, depth + 1);
  return closed(text, pretty, depth);
}

function pairs({ entries }: Pairs, pretty: boolean, depth: number): string {
  let text = '';
  for (const [key, value] of entries) text += member(text, key, value, pretty, depth + 1);
  return closed(text, pretty, depth);
}

/** A key with its value, and what has to stand before it where `text` is what stands there already; nothing where there is no value. */
function member(text: string, key: string, value: unknown, pretty: boolean, depth: number): string {
  if (value === undefined) return '';
  return `${text === '' ? '{' : ','}${lineBreak(pretty, depth)}${quotedKey(key)}${pretty ? ': ' : ':'}${json(value, pretty, depth)}`;
}

function closed(text: string, pretty: boolean, depth: number): string {
  return text === '' ? '{}' : `${text}${lineBreak(pretty, depth)}}`;
}

// The same few keys come with every row of a list.
const KEYS = new Map<string, string>();
const MANY_KEYS = 1024;

function quotedKey(key: string): string {
  let quoted = KEYS.get(key);
  if (quoted === undefined) {
    quoted = quote(key);
    if (KEYS.size < MANY_KEYS) KEYS.set(key, quoted);
  }
  return quoted;
}
