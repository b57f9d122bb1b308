/**
 * Items in the order of their numbers, which are looked up by item; those of equal numbers stay in theirs.
 *
 * Number and place are sorted as one number of 64 bits, by machine code: a comparison that JavaScript makes is not compiled before most of the work is
 * done, and a radix sort takes several passes over all items for each number.
 */
export function stableSorted(items: Uint32Array, numbers: Uint32Array): Uint32Array {
  const keys = new BigUint64Array(items.length);
  const halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < items.length; i++) {
    halves[2 * i + LOW] = i;
    halves[2 * i + HIGH] = numbers[items[i]!]!;
  }
  keys.sort();
  const sorted = new Uint32Array(items.length);
  for (let i = 0; i < items.length; i++) sorted[i] = items[halves[2 * i + LOW]!]!;
  return sorted;
}

/** Which half of a number of 64 bits is which on this machine. */
export const LOW = new Uint32Array(BigUint64Array.of(1n).buffer)[0] === 1 ? 0 : 1;
export const HIGH = 1 - LOW;

/** The numbers from 0 on, as items that have no other order yet. */
export function countedUp(count: number): Uint32Array {
  const items = new Uint32Array(count);
  for (let i = 0; i < count; i++) items[i] = i;
  return items;
}

/** Up to this number comparing is faster. */
export const FEW = 24;

/** The same as {@link stableSorted}, in place. */
export function sortBy(items: Uint32Array, numbers: Uint32Array): void {
  if (items.length > FEW) items.set(stableSorted(items, numbers));
  else sortFew(items, (a, b) => numbers[a]! - numbers[b]!);
}

/** Sorts a few items in place by comparing pairs. */
export function sortFew(items: Uint32Array, compare: (a: number, b: number) => number): void {
  for (let i = 1; i < items.length; i++) {
    const item = items[i]!;
    let at = i;
    for (; at > 0 && compare(items[at - 1]!, item) > 0; at--) items[at] = items[at - 1]!;
    items[at] = item;
  }
}
