/**
 * Widths of columns so that together they fit `available`: the widest give way first, none below `least`.
 * When even that does not fit, the columns keep their least widths.
 */
export function fitWidths(natural: readonly number[], available: number, least = 8): number[] {
  const widths = [...natural];
  const floor = natural.map((width) => Math.min(width, least));
  for (let over = sum(widths) - available; over > 0; ) {
    const widest = indexOfWidest(widths, floor);
    if (widest < 0) break;
    // Down to the next widest at once, so that a cell of a thousand characters takes no thousand rounds.
    const next = Math.max(floor[widest]!, ...widths.filter((width) => width < widths[widest]!));
    const step = Math.min(over, Math.max(1, widths[widest]! - Math.min(next, widths[widest]! - 1)));
    const taken = Math.min(step, widths[widest]! - floor[widest]!);
    widths[widest]! -= taken;
    over -= taken;
  }
  return widths;
}

function indexOfWidest(widths: readonly number[], floor: readonly number[]): number {
  let found = -1;
  for (let i = 0; i < widths.length; i++) {
    if (widths[i]! > floor[i]! && (found < 0 || widths[i]! > widths[found]!)) found = i;
  }
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
