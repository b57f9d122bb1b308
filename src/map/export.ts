// A map as lines of JSON: its definition, then an element a line.
import type { SyscallError } from '../../native/error.js';
import { UsageError } from '../errors.js';
import { json } from '../format/json.js';
import { requireMemory } from '../system/memory-left.js';
import { type Batch, batches } from './batches.js';
import { EntryRecords } from './entry-records.js';
import { HexLines } from './hex-lines.js';
import type { BpfMap } from './map.js';
import { isBatch, rowsOf } from './rows.js';

export const EXPORT_FORMAT = 'bpf-ts map';
export const EXPORT_VERSION = 1;

/** The first line. Sizes are in bytes; `cpus` is there for per-CPU maps. */
export interface ExportHeader {
  readonly format: typeof EXPORT_FORMAT;
  readonly version: number;
  readonly name: string;
  readonly type: string;
  readonly key_size: number;
  readonly value_size: number;
  readonly max_entries: number;
  readonly flags: number;
  readonly cpus?: number;
}

// What stands in a map of these is known to the kernel alone.
const DESCRIPTORS: Readonly<Record<string, string>> = { 'perf-event': 'perf events', cgroup: 'cgroups', socket: 'sockets' };

/** @throws UsageError for a map whose elements cannot be read, or not be written again */
export function exportHeader(map: BpfMap): ExportHeader {
  const { row, info, title } = map;
  if (row.walk === 'never') throw new UsageError(`${title} is of type ${row.name}, which ${row.instead}`);
  const held = DESCRIPTORS[row.value];
  if (held) throw new UsageError(`${title} is of type ${row.name}: it refers to ${held} of running processes, which a file cannot`);
  if (row.name === 'struct_ops')
    throw new UsageError(`${title} is of type struct_ops: it refers to programs; its source is the object file`);
  return {
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    name: info.name,
    type: row.name,
    key_size: info.keySize,
    value_size: info.valueSize,
    max_entries: info.maxEntries,
    flags: info.flags,
    ...(row.value === 'per-cpu' && { cpus: map.perCpu(new Uint8Array(map.valueBytes)).length }),
  };
}

const CHUNK = 1 << 16;
/** What a byte of a value takes while it becomes text: in hex, or by its type, which makes objects of it. */
const MEMORY_OF_BYTE = { hex: 24, typed: 220 } as const;

/**
 * The lines as UTF-8, several at a time, each piece holding until the next is asked for; `onElements` is told how many elements came with it.
 *
 * @throws Error when an element cannot be read
 */
export async function* exportLines(map: BpfMap, onElements: (count: number) => void = () => {}): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${json(exportHeader(map))}\n`);
  const records = new EntryRecords(map);
  const { hexKeys } = records;
  requireMemory(map.valueBytes * MEMORY_OF_BYTE[hexKeys ? 'hex' : 'typed']);
  const linesOf = hexKeys ? hexLinesOf(map, hexKeys) : (batch: Batch) => recordLines(map, records, batch);
  for await (const part of batches(map)) {
    if (!isBatch(part)) {
      failUnlessEmpty(map, part.error);
      continue;
    }
    onElements(part.count);
    yield* linesOf(part);
  }
}

function hexLinesOf(map: BpfMap, keys: 'number' | 'hex'): (batch: Batch) => Generator<Uint8Array> {
  const lines = new HexLines(map, keys);
  return (batch) => lines.of(batch);
}

function* recordLines(map: BpfMap, records: EntryRecords, batch: Batch): Generator<Uint8Array> {
  let text = '';
  for (const { key, value } of rowsOf(map, batch)) {
    text += `${json(records.record(key, value))}\n`;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

// An empty slot of an array of devices or CPUs is none of its elements.
function failUnlessEmpty(map: BpfMap, error: SyscallError): void {
  if (error.code !== 'ENOENT') throw new Error(`read an element of ${map.title}`, { cause: error });
}
