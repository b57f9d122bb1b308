// Elements as a person reads them: addresses, names of what ids stand for, symbols of addresses.
import { batches } from '../../src/map/batches.js';
import { EntryRecords } from '../../src/map/entry-records.js';
import { BpfMap } from '../../src/map/map.js';
import { prefixText } from '../../src/map/prefix-text.js';
import { reasonText } from '../../src/map/reasons.js';
import { isBatch, rowsOf } from '../../src/map/rows.js';
import { stackFrames } from '../../src/map/stack-trace.js';
import { Program } from '../../src/program/program.js';
import { interfaceLabel } from '../../src/system/interfaces.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { recordText } from './record-text.js';

/** An element as text; a value may have several lines. */
export interface ReadableRow {
  /** The map's title, where there are several. */
  readonly map: string | undefined;
  readonly key: string;
  readonly value: string;
}

type Words = (bytes: Uint8Array) => string;

/** Whether a map's elements say more this way than by their types or bytes alone. */
export function gainsByReading(map: BpfMap): boolean {
  return map.row.key === 'lpm' || map.row.name in VALUES;
}

/** The elements of a map, with its title where it is one of `several`. @throws as {@link batches} */
export async function* readableRows(map: BpfMap, several = false): AsyncGenerator<ReadableRow> {
  using symbols = new Kallsyms();
  const records = new EntryRecords(map);
  const keyText: Words = map.row.key === 'lpm' ? prefixText : (key) => recordText(records.keyRecord(key));
  const valueText: Words = VALUES[map.row.name]?.(map, symbols) ?? ((value) => recordText(records.valueRecord(value)));
  const row = (key: Uint8Array, value: string) => ({ map: several ? map.title : undefined, key: keyText(key), value });
  for await (const part of batches(map)) {
    if (!isBatch(part)) {
      // An empty place of an array is nothing to read.
      if (part.error.code !== 'ENOENT') yield row(part.key, reasonText(map.row.name, part.error, true));
      continue;
    }
    for (const { key, value } of rowsOf(map, part)) yield row(key, valueText(value));
  }
}

const number = (bytes: Uint8Array, offset = 0) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);

/** What the values of a type of map are, where their bytes do not say it. */
const VALUES: Readonly<Record<string, (map: BpfMap, symbols: Kallsyms) => Words>> = {
  prog_array: () => (value) => programText(number(value)),
  array_of_maps: () => (value) => mapText(number(value)),
  hash_of_maps: () => (value) => mapText(number(value)),
  devmap: () => deviceText,
  devmap_hash: () => deviceText,
  cpumap: () => cpuText,
  sockmap: () => socketText,
  sockhash: () => socketText,
  reuseport_sockarray: () => socketText,
  stack_trace: (map, symbols) => (value) => stackText(value, map.info.flags, symbols),
};

function programText(id: number): string {
  try {
    using program = Program.fromId(id);
    return `prog ${id}  ${program.name}`.trimEnd();
  } catch {
    // Not ours to open, or gone meanwhile: the id is known all the same.
    return `prog ${id}`;
  }
}

function mapText(id: number): string {
  try {
    using map = BpfMap.fromId(id, 'read');
    return `map ${id}  ${map.row.name}  ${map.name}`.trimEnd();
  } catch {
    return `map ${id}`;
  }
}

/** struct bpf_devmap_val: an interface and, since 5.8, the id of a program. */
function deviceText(value: Uint8Array): string {
  return `${interfaceLabel(number(value))} (ifindex ${number(value)})${attached(value)}`;
}

/** struct bpf_cpumap_val: the room of the queue and, since 5.9, the id of a program. */
function cpuText(value: Uint8Array): string {
  return `queue of ${number(value)}${attached(value)}`;
}

function attached(value: Uint8Array): string {
  const id = value.length >= 8 ? number(value, 4) : 0;
  return id === 0 ? '' : `, ${programText(id)}`;
}

/** User space may read the cookie, where values have room for it. */
function socketText(value: Uint8Array): string {
  return value.length === 8 ? `socket cookie ${new DataView(value.buffer, value.byteOffset).getBigUint64(0, true)}` : 'socket';
}

function stackText(value: Uint8Array, flags: number, symbols: Kallsyms): string {
  return stackFrames(value, flags)
    .map((frame) => {
      if (frame.kind === 'build id') return `build id ${frame.buildId} + 0x${frame.offset.toString(16)}`;
      const found = symbols.containing(frame.address);
      const address = `0x${frame.address.toString(16)}`;
      if (!found) return address;
      const { name, module } = found.symbol;
      return `${address} ${name}+0x${found.offset.toString(16)}${module === undefined ? '' : ` [${module}]`}`;
    })
    .join('\n');
}
