import type { Btf } from '../btf/btf.js';
import type { BtfDatasec } from '../btf/types.js';
import { compileFormatter } from '../btf/value.js';
import { MapType } from '../kernel/enums.gen.js';
import { BpfMap } from '../map/map.js';
import { loadedBtf } from '../system/loaded-btf.js';

const PREFIX = 'bpf_metadata_';

/** A constant that a program's source gives listings to show. */
export interface Metadata {
  /** Without the prefix `bpf_metadata_`. */
  readonly name: string;
  /** The value as JSON: on one line, or pretty for the level it stands on. */
  readonly json: (depth?: number) => string;
}

/** Reads the metadata of programs, of each map only once. */
export class MetadataReader {
  readonly #read = new Map<number, readonly Metadata[] | undefined>();

  /**
   * The variables `bpf_metadata_*` in the read-only data of a program that uses these maps: of the first such map, as bpftool has it. Optional
   * knowledge: what cannot be read is left out.
   */
  of(mapIds: readonly number[]): readonly Metadata[] {
    try {
      for (const id of mapIds) {
        if (!this.#read.has(id)) this.#read.set(id, readMap(id));
        const found = this.#read.get(id);
        if (found) return found;
      }
    } catch {
      // A map that is gone or may not be read, or BTF that is not what it should be.
    }
    return [];
  }
}

/** Undefined for a map that is not of read-only data. */
function readMap(id: number): Metadata[] | undefined {
  using map = BpfMap.fromId(id, 'read');
  return isReadOnlyData(map) ? variablesOf(map) : undefined;
}

function isReadOnlyData({ info }: BpfMap): boolean {
  return (
    info.type === MapType.ARRAY && info.keySize === 4 && info.maxEntries === 1 && info.btfValueTypeId !== 0 && info.name.includes('.rodata')
  );
}

function variablesOf(map: BpfMap): Metadata[] {
  const btf = loadedBtf(map.info.btfId);
  const section = btf.type(map.info.btfValueTypeId);
  if (section.kind !== 'DATASEC' || !mentionsMetadata(btf, section)) return [];
  const value = map.lookup(new Uint8Array(4));
  return value === undefined ? [] : metadataIn(btf, section, value);
}

function mentionsMetadata(btf: Btf, section: BtfDatasec): boolean {
  return section.entries.some(({ type }) => btf.name(type).startsWith(PREFIX));
}

function metadataIn(btf: Btf, section: BtfDatasec, value: Uint8Array): Metadata[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const found: Metadata[] = [];
  for (const { type: id, offset } of section.entries) {
    const variable = btf.type(id);
    if (variable.kind !== 'VAR' || !variable.name.startsWith(PREFIX)) continue;
    const formatter = compileFormatter(btf, variable.type);
    found.push({ name: variable.name.slice(PREFIX.length), json: (depth) => formatter.json(view, offset, depth) });
  }
  return found;
}
