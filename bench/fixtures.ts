// Maps to measure with. They live as long as their handles.
import { btfLoad, mapBatch } from '../native/bpf.js';
import { encodeBtf } from '../src/btf/encode.js';
import { type BtfType, IntEncoding } from '../src/btf/types.js';
import { MapType } from '../src/kernel/enums.gen.js';
import { BpfMap } from '../src/map/map.js';

const PIECE = 100_000;

/** A full hash map of `entries` elements: 4-byte keys that count up, values of `valueSize` changing bytes. */
export function filledHash(entries: number, valueSize: number): BpfMap {
  const map = BpfMap.create({ type: MapType.HASH, keySize: 4, valueSize, maxEntries: entries, name: 'bench' });
  fill(map, entries);
  return map;
}

/** The same with BTF: values of 48 bytes with numbers, a string, an enum, a bit field and an array. */
export function filledTyped(entries: number): BpfMap {
  const bytes = encodeBtf(TYPES);
  using btf = btfLoad({ btf: bytes, btf_size: bytes.length });
  const map = BpfMap.create({
    type: MapType.HASH,
    keySize: 4,
    valueSize: VALUE_SIZE,
    maxEntries: entries,
    name: 'bench_btf',
    btfFd: btf.number,
    btfKeyTypeId: KEY,
    btfValueTypeId: VALUE,
  });
  fill(map, entries, text);
  return map;
}

/** Small maps, all of which end together. */
export function manyMaps(count: number): Disposable {
  const maps = Array.from({ length: count }, (_, i) =>
    BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name: `many_${i}` }),
  );
  return {
    [Symbol.dispose]() {
      for (const map of maps) map[Symbol.dispose]();
    },
  };
}

function fill(map: BpfMap, entries: number, more?: (values: Uint8Array, start: number) => void): void {
  for (let from = 0; from < entries; from += PIECE) {
    const count = Math.min(PIECE, entries - from);
    const keys = new Uint8Array(Uint32Array.from({ length: count }, (_, i) => from + i).buffer);
    const values = new Uint8Array(count * map.info.valueSize).map((_, i) => (i * 7 + from) & 0xff);
    for (let i = 0; more && i < count; i++) more(values, i * map.info.valueSize);
    const { error } = mapBatch('MAP_UPDATE_BATCH', { map_fd: map.fd, keys, values, count });
    if (error) throw error;
  }
}

const COMM_OFFSET = 16;
const COMM_SIZE = 16;

function text(values: Uint8Array, start: number): void {
  values.fill(0, start + COMM_OFFSET, start + COMM_OFFSET + COMM_SIZE);
  values.set(Buffer.from('swapper/0'), start + COMM_OFFSET);
}

const KEY = 1;
const VALUE = 7;
const VALUE_SIZE = 48;

function int(name: string, size: number, encoding = 0): BtfType {
  return { kind: 'INT', name, size, bits: size * 8, offset: 0, encoding };
}

const member = (name: string, type: number, byte: number, bitfieldSize = 0, bit = 0) => ({
  name,
  type,
  bitOffset: byte * 8 + bit,
  bitfieldSize,
});

// Ids count from 1.
const TYPES: readonly BtfType[] = [
  int('unsigned int', 4),
  int('unsigned long long', 8),
  int('char', 1, IntEncoding.SIGNED),
  { kind: 'ARRAY', type: 3, index: 1, length: COMM_SIZE },
  {
    kind: 'ENUM',
    name: 'verdict',
    size: 4,
    signed: false,
    values: [
      { name: 'PASS', value: 0n },
      { name: 'DROP', value: 1n },
    ],
  },
  { kind: 'ARRAY', type: 1, index: 1, length: 2 },
  {
    kind: 'STRUCT',
    name: 'flow',
    size: VALUE_SIZE,
    kindFlag: true,
    members: [
      member('packets', 2, 0),
      member('bytes', 2, 8),
      member('comm', 4, COMM_OFFSET),
      member('verdict', 5, 32),
      member('mark', 1, 36, 5),
      member('rest', 1, 36, 27, 5),
      member('ports', 6, 40),
    ],
  },
];
