/**
 * Items in the order of numbers below 2^32; those of equal numbers stay in theirs.
 *
 * Number and place are sorted as one number of 64 bits, by machine code: a comparison that JavaScript makes is not compiled before most of the work is
 * done, and a radix sort takes several passes over all items for each number.
 */
export function stableSorted(items: Uint32Array, numberOf: (item: number) => number): Uint32Array {
  const keys = new BigUint64Array(items.length);
  const halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < items.length; i++) {
    halves[2 * i + LOW] = i;
    halves[2 * i + HIGH] = numberOf(items[i]!);
  }
  keys.sort();
  const sorted = new Uint32Array(items.length);
  for (let i = 0; i < items.length; i++) sorted[i] = items[halves[2 * i + LOW]!]!;
  return sorted;
}

// Which half of a number of 64 bits is which on this machine.
const LOW = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/** The same in place by comparing pairs, for a few items. */
export function sortFew(items: Uint32Array, compare: (a: number, b: number) => number): void {
  for (let i = 1; i < items.length; i++) {
    const item = items[i]!;
    let at = i;
    for (; at > 0 && compare(items[at - 1]!, item) > 0; at--) items[at] = items[at - 1]!;
    items[at] = item;
  }
}

/** Calls `visit` with start and end of each run of two and more items that are equal. */
export function eachRun(items: Uint32Array, isEqual: (a: number, b: number) => boolean, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < items.length; ) {
    let end = start + 1;
    while (end < items.length && isEqual(items[start]!, items[end]!)) end++;
    if (end - start > 1) visit(start, end);
    start = end;
  }
}
