import { eachRun, sortFew, stableSorted } from './stable-sort.js';

const BYTES = 4;
/** Up to this number comparing is faster. */
const FEW = 24;

/**
 * Items in the order of their NUL-terminated strings, whose offsets are in `offsets` by item: by the first four bytes, then those that have these in common
 * by the next four, and so on. `step` is told how many bytes are looked at.
 */
export function sortedByString(items: Uint32Array, strings: Uint8Array, offsets: Uint32Array, step: (bytes: number) => void): Uint32Array {
  const all = items.slice();
  // Ranges that have their first bytes in common: start, end, and how many bytes.
  const waiting = [0, all.length, 0];
  while (waiting.length > 0) {
    const depth = waiting.pop()!;
    const end = waiting.pop()!;
    const start = waiting.pop()!;
    const range = all.subarray(start, end);
    if (range.length <= FEW) {
      sortFew(range, (a, b) => compareStrings(strings, offsets[a]! + depth, offsets[b]! + depth, step));
      continue;
    }
    step(range.length * BYTES);
    const key = (item: number): number => fourBytes(strings, offsets[item]! + depth);
    range.set(stableSorted(range, key));
    // Those that end within the four bytes are equal.
    const isEqual = (a: number, b: number): boolean => key(a) === key(b) && (key(a) & 0xff) !== 0;
    eachRun(range, isEqual, (first, last) => waiting.push(start + first, start + last, depth + BYTES));
  }
  return all;
}

/** Negative when the string at `a` comes first, 0 when both are the same. */
export function compareStrings(strings: Uint8Array, a: number, b: number, step: (bytes: number) => void): number {
  let i = 0;
  while (strings[a + i] === strings[b + i] && strings[a + i] !== 0) i++;
  step(i);
  return strings[a + i]! - strings[b + i]!;
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
