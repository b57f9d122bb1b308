import { countedUp, FEW, sortBy } from './stable-sort.js';

const BYTES = 4;

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

/** By the first four bytes, then those that have these in common by the next four, and so on. Gives indexes into `offsets`. */
function sortedByString(offsets: Uint32Array, strings: Uint8Array, step: (bytes: number) => void): Uint32Array {
  const all = countedUp(offsets.length);
  const keys = new Uint32Array(offsets.length);
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
    step(range.length * BYTES);
    for (let i = 0; i < range.length; i++) keys[range[i]!] = fourBytes(strings, offsets[range[i]!]! + depth);
    sortBy(range, keys);
    pushRuns(waiting, range, keys, offsets, start, depth + BYTES);
  }
  return all;
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

/** Those that have four more bytes in common; those that end within these are equal, and so are those that are one string, however long. */
function pushRuns(waiting: number[], range: Uint32Array, keys: Uint32Array, offsets: Uint32Array, first: number, depth: number): void {
  for (let start = 0; start < range.length; ) {
    const key = keys[range[start]!]!;
    let end = start + 1;
    while (end < range.length && keys[range[end]!] === key) end++;
    if (end - start > 1 && (key & 0xff) !== 0 && !isOneString(range.subarray(start, end), offsets))
      waiting.push(first + start, first + end, depth);
    start = end;
  }
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
