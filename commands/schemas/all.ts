import { record, type Schema, text } from '../../src/format/schema.js';
import type { ObjectSchemas, OutputSchema } from './output.js';

/** Counts up when what a schema says is no longer true of the output. New fields and new commands leave it as it is. */
export const SCHEMA_VERSION = 1;

const OBJECTS: Readonly<Record<string, () => Promise<ObjectSchemas>>> = {
  prog: async () => (await import('./prog.js')).schemas,
  map: async () => (await import('./map.js')).schemas,
  link: async () => (await import('./link.js')).schemas,
  cgroup: async () => (await import('./cgroup.js')).schemas,
  net: async () => (await import('./net.js')).schemas,
  feature: async () => (await import('./feature.js')).schemas,
  btf: async () => (await import('./btf.js')).schemas,
  gen: async () => (await import('./others.js')).gen,
  struct_ops: async () => (await import('./others.js')).structOps,
  iter: async () => (await import('./others.js')).iter,
  token: async () => (await import('./others.js')).token,
  perf: async () => (await import('./others.js')).perf,
  version: async () => (await import('./others.js')).version,
  help: async () => (await import('./others.js')).help,
  batch: async () => (await import('./others.js')).batch,
  run: async () => (await import('./others.js')).run,
  events: async () => (await import('./others.js')).events,
  graph: async () => (await import('./others.js')).graph,
  watch: async () => (await import('./others.js')).watch,
  top: async () => (await import('./others.js')).top,
  completion: async () => (await import('./others.js')).completion,
};

/** What a command prints with `-j`, by its name such as `prog show`; undefined when that is not written down. */
export async function outputOf(name: string): Promise<OutputSchema | undefined> {
  const [object = '', subcommand = ''] = name.split(' ');
  return (await OBJECTS[object]?.())?.[subcommand];
}

/** The published schema of a command's output; of an error without a name. Undefined for output that is no JSON. */
export function publishedSchema(name: string, output: OutputSchema): Schema | undefined {
  const head = header(name, `bpf-ts -j ${name}`);
  const line = { $ref: '#/$defs/line' };
  switch (output.kind) {
    case 'list':
      return { ...head, type: 'array', items: line, $defs: { line: output.row } };
    case 'one or list':
      return { ...head, anyOf: [line, { type: 'array', items: line }], $defs: { line: output.row } };
    case 'one':
      return { ...head, $ref: '#/$defs/value', $defs: { value: output.row, line: output.line ?? { $ref: '#/$defs/value' } } };
    case 'done':
      return { ...head, type: 'null' };
    case 'text':
      return undefined;
  }
}

/** What every command prints with `-j` when it fails, if nothing was printed before; else it is the last element of the array. */
export function errorSchema(): Schema {
  return { ...header('error', 'bpf-ts -j: an error'), ...record({ error: text }) };
}

/** The name of a published schema's file: `prog-show.json`. */
export function schemaFile(name: string): string {
  return `${name.replaceAll(/[ _]/g, '-')}.json`;
}

function header(name: string, title: string): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:bpf-ts:schema:${SCHEMA_VERSION}:${schemaFile(name).replace('.json', '')}`,
    title,
  };
}
