const DIGITS = 1 << 16;

/** Items in the order of several digits below 2^16, the least significant first; equal ones stay as they are. */
export function radixSorted(items: Uint32Array, digits: readonly ((item: number) => number)[]): Uint32Array {
  let from = items.slice();
  let to = new Uint32Array(items.length);
  const counts = new Uint32Array(DIGITS + 1);
  const values = new Uint16Array(items.length);
  for (const digit of digits) {
    let most = 0;
    for (let i = 0; i < from.length; i++) {
      const value = digit(from[i]!);
      values[i] = value;
      counts[value + 1]!++;
      if (value > most) most = value;
    }
    for (let i = 1; i <= most; i++) counts[i]! += counts[i - 1]!;
    for (let i = 0; i < from.length; i++) to[counts[values[i]!]!++] = from[i]!;
    counts.fill(0, 0, most + 2);
    [from, to] = [to, from];
  }
  return from;
}

/** Start and end of each run of two and more items that are equal. */
export function* equalRuns(items: Uint32Array, isEqual: (a: number, b: number) => boolean): Generator<[start: number, end: number]> {
  for (let start = 0; start < items.length; ) {
    let end = start + 1;
    while (end < items.length && isEqual(items[start]!, items[end]!)) end++;
    if (end - start > 1) yield [start, end];
    start = end;
  }
}
