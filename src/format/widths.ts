/**
 * Widths of columns so that together they fit `available`: the widest give way first, none below `least`.
 * When even that does not fit, the columns keep their least widths.
 */
export function fitWidths(natural: readonly number[], available: number, least = 8): number[] {
  const floor = natural.map((width) => Math.min(width, least));
  // The largest limit on all widths with which they fit: below it narrow columns keep what they need.
  let [low, high] = [least, Math.max(least, ...natural)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(limited(natural, middle, floor)) <= available) low = middle;
    else high = middle - 1;
  }
  return limited(natural, low, floor);
}

function limited(natural: readonly number[], limit: number, floor: readonly number[]): number[] {
  return natural.map((width, i) => Math.max(floor[i]!, Math.min(width, limit)));
}

/** How many of the first columns fit `available` with `gap` between them. */
export function leadingThatFit(widths: readonly number[], gap: number, available: number): number {
  let used = -gap;
  for (let i = 0; i < widths.length; i++) {
    used += gap + widths[i]!;
    if (used > available) return i;
  }
  return widths.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
