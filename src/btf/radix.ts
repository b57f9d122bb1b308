const DIGITS = 1 << 16;

/** Items in the order of several digits below 2^16, the least significant first; equal ones stay as they are. */
export function radixSorted(items: Uint32Array, digits: readonly ((item: number) => number)[]): Uint32Array {
  let from = items.slice();
  let to = new Uint32Array(items.length);
  const counts = new Uint32Array(DIGITS + 1);
  const values = new Uint16Array(items.length);
  for (const digit of digits) {
    counts.fill(0);
    for (let i = 0; i < from.length; i++) {
      const value = digit(from[i]!);
      values[i] = value;
      counts[value + 1]!++;
    }
    for (let i = 0; i < DIGITS; i++) counts[i + 1]! += counts[i]!;
    for (let i = 0; i < from.length; i++) to[counts[values[i]!]!++] = from[i]!;
    [from, to] = [to, from];
  }
  return from;
}
