import type { Schema } from '../../src/format/schema.js';

/** The JSON that a command prints when it succeeds. */
export type OutputSchema =
  /** An array; with `--ndjson` one element a line. */
  | { readonly kind: 'list'; readonly row: Schema }
  /** One element where one is named, and else an array of them. */
  | { readonly kind: 'one or list'; readonly row: Schema }
  /** A single value; `line` is what a line of `--ndjson` is, where that is only a part of it. */
  | { readonly kind: 'one'; readonly row: Schema; readonly line?: Schema }
  /** `null`, and with `--ndjson` nothing. */
  | { readonly kind: 'done' }
  /** No JSON: what it prints is text in a language of its own. */
  | { readonly kind: 'text'; readonly language: string };

export const done: OutputSchema = { kind: 'done' };

export function list(row: Schema): OutputSchema {
  return { kind: 'list', row };
}

export function oneOrList(row: Schema): OutputSchema {
  return { kind: 'one or list', row };
}

export function one(row: Schema, line?: Schema): OutputSchema {
  return line ? { kind: 'one', row, line } : { kind: 'one', row };
}

export function inLanguage(language: string): OutputSchema {
  return { kind: 'text', language };
}

/** The outputs of an object's subcommands by their names; of a command without subcommands under the empty name. */
export type ObjectSchemas = Readonly<Record<string, OutputSchema>>;
