import { json, lineBreak } from '../src/format/json.js';
import { unregisterStructOps } from '../src/link/struct-ops.js';
import { type KernelRecord, structNameOf, structOpsMap, structOpsMaps, structOpsRecords } from '../src/load/registered-struct-ops.js';
import { BpfMap } from '../src/map/map.js';
import { done, type Form, list, type ObjectCommand, type Options, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { Failure } from './print/failure.js';
import { tell } from './print/warn.js';
import { Handles, matching, takeReference, toId } from './reference/handles.js';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly struct: string;
}

const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: "List struct_ops maps: structs of the kernel's whose functions are programs",
  grammar: '[STRUCT_OPS_MAP]',
  examples: ['bpf-ts struct_ops show', 'bpf-ts struct_ops show name my_tcp'],
  run: (words) => list(rowsOf(takeStructOps(words))),
  plain: ({ id, name, struct }) => `${id}: ${name.padEnd(15)} ${struct.padEnd(32)}\n`,
  json: ({ id, name, struct }) => ({ id, name, kernel_struct_ops: struct }),
  columns: [
    { title: 'ID', cell: ({ id }) => id, align: 'right', colour: 'id' },
    { title: 'Name', cell: ({ name }) => name, colour: 'name' },
    { title: 'Struct of the kernel', cell: ({ struct }) => struct, colour: 'type' },
  ],
});

function rowsOf(maps: Handles<BpfMap>): Row[] {
  using open = maps;
  return [...open].map((map) => ({ id: map.id, name: map.name, struct: structNameOf(map) }));
}

const dump = subcommand({
  name: 'dump',
  summary: 'Print what struct_ops maps hold, and what the kernel says on them',
  grammar: '[STRUCT_OPS_MAP]',
  examples: ['bpf-ts struct_ops dump name my_tcp'],
  run: (words) => {
    const maps = takeStructOps(words);
    return { kind: 'stream', chunks: (form, depth) => dumpAll(maps, form, depth) };
  },
});

/** Two objects for each map in one array; in plain text the same, but for what plain dumps write otherwise. */
function* dumpAll(maps: Handles<BpfMap>, form: Form, depth: number): Generator<Uint8Array> {
  using open = maps;
  const pretty = form !== 'json';
  const write = (text: string) => new TextEncoder().encode(text);
  let before = '[';
  for (const map of open) {
    for (const record of structOpsRecords(map)) {
      yield write(before + recordText(record, form, depth + 1));
      before = ',';
    }
  }
  yield write(`${before === '[' ? '[' : lineBreak(pretty, depth)}]${depth === 0 ? '\n' : ''}`);
}

function recordText({ name, view, formatter }: KernelRecord, form: Form, depth: number): string {
  const pretty = form !== 'json';
  const value = form === 'plain' ? formatter.plain(view, 0, depth + 1) : formatter.json(view, 0, pretty ? depth + 1 : undefined);
  return `{${lineBreak(pretty, depth + 1)}${json(name)}${pretty ? ': ' : ':'}${value}${lineBreak(pretty, depth)}}`;
}

const unregister = subcommand({
  name: 'unregister',
  summary: 'Take struct_ops maps out of use that were registered without a link',
  grammar: 'STRUCT_OPS_MAP',
  examples: ['bpf-ts struct_ops unregister name my_tcp'],
  run: (words, options) => {
    if (words.left === 0) words.next('STRUCT_OPS_MAP');
    using maps = takeStructOps(words);
    unregisterAll([...maps], options);
    return done;
  },
});

/** One that is refused does not keep the others in use. */
function unregisterAll(maps: readonly BpfMap[], options: Options): void {
  const errors: unknown[] = [];
  for (const { id } of maps) {
    try {
      using map = BpfMap.fromId(id);
      const title = `${structNameOf(map)} ${map.name} id ${id}`;
      unregisterStructOps(map);
      tell(options, `Unregistered ${title}`);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new Failure(`${errors.length} of ${maps.length} maps stay in use`, {}, { cause: errors[0] });
  if (errors.length === 1) throw errors[0];
}

/** Takes a STRUCT_OPS_MAP, or without words all there are. The caller disposes of them. */
function takeStructOps(words: Words): Handles<BpfMap> {
  if (words.left === 0) return new Handles([...structOpsMaps()]);
  const { by, value } = takeReference(words, 'STRUCT_OPS_MAP', ['id', 'name']);
  words.end();
  if (by === 'id') return new Handles([structOpsMap(toId(value))]);
  return matching(structOpsMaps(value), () => true, `no struct_ops map named '${value}'`);
}

export const command: ObjectCommand = {
  name: 'struct_ops',
  summary: "Structs of the kernel's whose functions are programs",
  subcommands: [show, { name: 'register', load: async () => (await import('./struct-ops/register.js')).register }, unregister, dump],
  terms: ['STRUCT_OPS_MAP := { id N | name NAME }'],
};
