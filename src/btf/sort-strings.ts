import { countedUp, FEW, HIGH, LOW } from './stable-sort.js';

/** So many places fit in two bytes. */
const MAX_WIDE = 0x1_0000;

/**
 * Which place each of some NUL-terminated strings, given by their offsets, has among all of them when they are in order; equal strings have the same place.
 * `step` is told how many bytes are looked at.
 */
export function stringPlaces(offsets: Uint32Array, strings: Uint8Array, step: (bytes: number) => void): Uint32Array {
  const sorted = sortedByString(offsets, strings, step);
  const places = new Uint32Array(offsets.length);
  for (let i = 1, place = 0; i < sorted.length; i++) {
    if (!areEqual(strings, offsets[sorted[i - 1]!]!, offsets[sorted[i]!]!, step)) place++;
    places[sorted[i]!] = place;
  }
  return places;
}

/** By the first bytes, then those that have these in common by the next ones, and so on. Gives indexes into `offsets`. */
function sortedByString(offsets: Uint32Array, strings: Uint8Array, step: (bytes: number) => void): Uint32Array {
  const all = countedUp(offsets.length);
  // Ranges that have their first bytes in common: start, end, and how many bytes.
  const waiting = [0, all.length, 0];
  while (waiting.length > 0) {
    const depth = waiting.pop()!;
    const end = waiting.pop()!;
    const start = waiting.pop()!;
    const range = all.subarray(start, end);
    if (range.length <= FEW) {
      step(sortFewStrings(range, strings, offsets, depth));
      continue;
    }
    const keys = sortByBytes(range, strings, offsets, depth);
    step(range.length * keys.bytes);
    for (const [from, to] of equalRuns(range, keys, offsets)) waiting.push(start + from, start + to, depth + keys.bytes);
  }
  return all;
}

/** Some bytes of strings and their places, sorted as numbers of 64 bits. */
interface Keys {
  /** Two for each number. */
  readonly halves: Uint32Array;
  /** How many bytes of each string. */
  readonly bytes: 4 | 6;
  /** The bits of the lower half that say where it stood; above them are two of six bytes. */
  readonly places: number;
}

/** Sorts them in place by six bytes, or four where there are many: by machine code, as `stableSorted` does it. */
function sortByBytes(range: Uint32Array, strings: Uint8Array, offsets: Uint32Array, depth: number): Keys {
  const isWide = range.length <= MAX_WIDE;
  const places = isWide ? MAX_WIDE - 1 : ~0;
  const keys = new BigUint64Array(range.length);
  const halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < range.length; i++) {
    const at = offsets[range[i]!]! + depth;
    const four = fourBytes(strings, at);
    halves[2 * i + HIGH] = four;
    halves[2 * i + LOW] = (four & 0xff) === 0 ? i : i | (fourBytes(strings, at + 4) & ~places);
  }
  keys.sort();
  const before = range.slice();
  for (let i = 0; i < range.length; i++) range[i] = before[halves[2 * i + LOW]! & places]!;
  return { halves, bytes: isWide ? 6 : 4, places };
}

/** From where to where they have their bytes in common. What ends within these is equal, and so is what is one string, however long: that is left out. */
function equalRuns(range: Uint32Array, { halves, bytes, places }: Keys, offsets: Uint32Array): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let start = 0, end = 0; start < range.length; start = end) {
    const high = halves[2 * start + HIGH]!;
    const low = halves[2 * start + LOW]! & ~places;
    for (end = start + 1; end < range.length && halves[2 * end + HIGH] === high && (halves[2 * end + LOW]! & ~places) === low; ) end++;
    const lastByte = bytes === 6 ? (low >>> 16) & 0xff : high & 0xff;
    if (end - start > 1 && lastByte !== 0 && !isOneString(range.subarray(start, end), offsets)) found.push([start, end]);
  }
  return found;
}

/** Sorts them in place by comparing pairs. Returns how many bytes were looked at. */
function sortFewStrings(items: Uint32Array, strings: Uint8Array, offsets: Uint32Array, depth: number): number {
  let bytes = 0;
  for (let i = 1; i < items.length; i++) {
    const item = items[i]!;
    const own = offsets[item]! + depth;
    let at = i;
    for (; at > 0; at--) {
      const other = offsets[items[at - 1]!]! + depth;
      if (other === own) break;
      let same = 0;
      while (strings[other + same] === strings[own + same] && strings[own + same] !== 0) same++;
      bytes += same + 1;
      if (strings[other + same]! <= strings[own + same]!) break;
      items[at] = items[at - 1]!;
    }
    items[at] = item;
  }
  return bytes;
}

function isOneString(items: Uint32Array, offsets: Uint32Array): boolean {
  const offset = offsets[items[0]!]!;
  return items.every((item) => offsets[item] === offset);
}

function areEqual(strings: Uint8Array, a: number, b: number, step: (bytes: number) => void): boolean {
  if (a === b) return true;
  let i = 0;
  while (strings[a + i] === strings[b + i] && strings[a + i] !== 0) i++;
  step(i);
  return strings[a + i] === strings[b + i];
}

/** The first comes highest; what is behind the NUL byte counts as 0. */
function fourBytes(strings: Uint8Array, at: number): number {
  const first = strings[at]!;
  if (first === 0) return 0;
  const second = strings[at + 1]!;
  if (second === 0) return (first << 24) >>> 0;
  const third = strings[at + 2]!;
  if (third === 0) return ((first << 24) | (second << 16)) >>> 0;
  return ((first << 24) | (second << 16) | (third << 8) | strings[at + 3]!) >>> 0;
}
