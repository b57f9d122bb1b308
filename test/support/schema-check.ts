// Whether what a command prints is what its published schema says, with no field more.
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { errorSchema, outputOf, publishedSchema } from '../../commands/schemas/all.js';
import { closed, type Schema } from '../../src/format/schema.js';

export const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  allowMatchingProperties: true,
  strictRequired: false,
  formats: { 'date-time': true },
});

/** What `help COMMAND --schema` shows; undefined for a command that prints no JSON. */
export async function schemaOf(name: string): Promise<Schema | undefined> {
  const output = await outputOf(name);
  return output && publishedSchema(name, output);
}

/** Checks of one command's output. */
export class SchemaCheck {
  readonly #whole;
  readonly #line;
  readonly #error;

  constructor(
    readonly name: string,
    schema: Schema,
  ) {
    this.#whole = ajv.compile(closed({ ...schema, $id: `${schema.$id}-closed-${++made}` }) as object);
    this.#line = ajv.compile(closed({ ...schema, $id: `${schema.$id}-line-${made}`, ...lineOf(schema) }) as object);
    this.#error = ajv.compile(closed({ ...errorSchema(), $id: `error-${made}` }) as object);
  }

  static async of(name: string): Promise<SchemaCheck> {
    const schema = await schemaOf(name);
    assert.ok(schema, `${name} prints no JSON`);
    return new SchemaCheck(name, schema);
  }

  /** All that was printed with `-j` or `-p`. */
  whole(out: string, what: string): void {
    assert.ok(this.#whole(JSON.parse(out)), `${what}: ${ajv.errorsText(this.#whole.errors)}\n${out.slice(0, 2000)}`);
  }

  /** All that was printed with `--ndjson`; gives the number of lines. */
  lines(out: string, what: string): number {
    const rows = out.split('\n').filter((text) => text !== '');
    for (const row of rows)
      assert.ok(this.#line(JSON.parse(row)), `--ndjson ${what}: ${ajv.errorsText(this.#line.errors)}\n${row.slice(0, 2000)}`);
    return rows.length;
  }

  /** An error: one object, on one line but for `-p`. */
  error(out: string, what: string): void {
    assert.ok(this.#error(JSON.parse(out)), `${what}: ${ajv.errorsText(this.#error.errors)}\n${out.slice(0, 2000)}`);
  }
}

/** Every schema that is compiled has a name of its own. */
let made = 0;

function lineOf(schema: Schema): Schema {
  if (!schema.$defs) return { type: 'null' };
  return { $ref: '#/$defs/line', anyOf: undefined, type: undefined, items: undefined };
}
