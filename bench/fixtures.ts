// Maps to measure with. They live as long as their handles.
import { btfLoad, mapBatch, progLoad } from '../native/bpf.js';
import { encodeBtf } from '../src/btf/encode.js';
import { type BtfType, IntEncoding } from '../src/btf/types.js';
import { MapType, ProgType } from '../src/kernel/enums.gen.js';
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
  return many(count, (i) => BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name: `many_${i}` }));
}

/** Small programs, each with the same map and BTF, as those of one object are; all of them end together. */
export function manyPrograms(count: number): Disposable {
  const bytes = encodeBtf(TYPES);
  using btf = btfLoad({ btf: bytes, btf_size: bytes.length });
  using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name: 'many' });
  const license = new TextEncoder().encode('GPL\0');
  const insns = new Uint8Array(SMALL_PROGRAM);
  new DataView(insns.buffer).setInt32(4, map.fd, true);
  return many(count, (i) => {
    const name = new TextEncoder().encode(`many_${i}\0`);
    return progLoad({
      prog_type: ProgType.SOCKET_FILTER,
      insns,
      insn_cnt: insns.length / 8,
      license,
      prog_name: name,
      prog_btf_fd: btf.number,
    });
  });
}

// r1 = a map; r0 = 0; exit
const SMALL_PROGRAM = [0x18, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

function many(count: number, make: (index: number) => Disposable): Disposable {
  const all = Array.from({ length: count }, (_, i) => make(i));
  return {
    [Symbol.dispose]() {
      for (const each of all) each[Symbol.dispose]();
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
