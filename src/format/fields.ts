import { hex } from '../bytes/text.js';
import { json } from './json.js';

/** Longer runs of bytes are cut off in text; JSON has all of them. */
const MOST_BYTES = 32;
const BARE = /^[^\s"'=[\]{},\\\x00-\x20\x7f-\x9f]+$/;

/**
 * A value on one line for a person: the fields of an object as `name=value`, what is inside in brackets, bytes as hex digits, and text in quotes where it
 * would not be told from what is around it.
 */
export function fieldsText(value: unknown): string {
  return isObject(value) ? fields(value) : scalar(value);
}

function fields(value: object): string {
  return Object.entries(value)
    .map(([name, field]) => `${name}=${inner(field)}`)
    .join(' ');
}

function inner(value: unknown): string {
  if (isObject(value)) return `{${fields(value)}}`;
  return Array.isArray(value) ? `[${value.map(inner).join(',')}]` : scalar(value);
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return BARE.test(value) ? value : json(value);
  if (value instanceof Uint8Array) return bytesText(value);
  return Array.isArray(value) ? inner(value) : String(value);
}

function bytesText(bytes: Uint8Array): string {
  return bytes.length <= MOST_BYTES ? hex(bytes) : `${hex(bytes.subarray(0, MOST_BYTES))}...(${bytes.length} bytes)`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
