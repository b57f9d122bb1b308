// JSON Schemas (draft 2020-12) as data, and the few words that they are made of here.

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

export const text: Schema = { type: 'string' };
/** Any integer up to 64 bits: where numbers are floating point, those above 2^53 lose digits. */
export const integer: Schema = { type: 'integer' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const number: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const nothing: Schema = { type: 'null' };
export const anything: Schema = {};
/** The name of a value of an enum of the kernel's, or its number where bpf-ts does not know a name. */
export const named: Schema = { type: ['string', 'integer'] };
/** Bytes as `0x00` to `0xff`. */
export const hexBytes: Schema = listOf({ type: 'string', pattern: '^0x[0-9a-f]{2}$' });
/** Bytes as decimal numbers. */
export const bytes: Schema = listOf({ type: 'integer', minimum: 0, maximum: 255 });

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOfWords(...words: readonly (string | number)[]): Schema {
  return { enum: words };
}

export function either(...schemas: readonly Schema[]): Schema {
  return { anyOf: schemas };
}

/** An object with these fields, the second ones where they apply. */
export function record(fields: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  return { type: 'object', properties: { ...fields, ...optional }, required: Object.keys(fields) };
}

/** An object whose keys are names that are not known before. */
export function dictionary(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

/** The same schema with a sentence that says what it is. */
export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/**
 * The schema that lets no field pass which it does not name, for tests: the published ones let them, so that a field that is new breaks no reader.
 */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open = 'properties' in inner && inner.type === 'object' && !('additionalProperties' in inner);
  return open ? { ...inner, additionalProperties: false } : inner;
}

/** The names of the fields that an object of this schema may have. */
export function propertiesOf(schema: Schema): string[] {
  const choices = (schema.anyOf ?? []) as readonly Schema[];
  return [...new Set([...Object.keys(schema.properties ?? {}), ...choices.flatMap(propertiesOf)])];
}

/** What the elements of a field are that is an array; any value where it is not. */
export function itemsOf(schema: Schema, field: string): Schema {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  return (properties[field]?.items ?? anything) as Schema;
}
