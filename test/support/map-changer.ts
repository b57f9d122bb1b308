// A process that changes a map without end: `node map-changer.js ID STABLE`. Keys below STABLE are left alone; others are put in and taken out again.
import { mapDeleteElem, mapUpdateElem } from '../../native/bpf.js';
import { BpfMap } from '../../src/map/map.js';
import { programOf, startBeside } from './programs.js';
import { randomNumbers } from './random.js';

const SELF = programOf('support/map-changer');

/** Starts it, and waits until it changes the map. It ends when disposed of. */
export function startChanger(map: BpfMap, stable: number): Promise<AsyncDisposable> {
  return startBeside(SELF, String(map.id), String(stable));
}

const CHANGING = 200;

function change(id: number, stable: number): never {
  using map = BpfMap.fromId(id);
  const random = randomNumbers(id);
  const key = new Uint8Array(map.info.keySize);
  const value = new Uint8Array(map.valueBytes).fill(1, 0, 1);
  for (let round = 0; ; round++) {
    if (round === 1000) process.stdout.write('changing\n');
    writeKey(map, key, stable + random(CHANGING));
    if (random(2) === 0) mapUpdateElem(map.fd, key, value);
    else mapDeleteElem(map.fd, key);
  }
}

/** The key of a number: in a trie an address with its full prefix. */
export function writeKey(map: BpfMap, key: Uint8Array, number: number): Uint8Array {
  const view = new DataView(key.buffer, key.byteOffset);
  if (map.row.key !== 'lpm') view.setUint32(0, number, true);
  else {
    view.setUint32(0, 32, true);
    view.setUint32(4, number, true);
  }
  return key;
}

if (process.argv[1] === SELF) change(Number(process.argv[2]), Number(process.argv[3]));
