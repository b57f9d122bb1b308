const WIDTH = 40;

/**
 * Counts by powers of two as bars: slot `i` counts values from 2^i to 2^(i+1)-1, the first also zeros. Empty slots at both ends are left out; nothing at
 * all when every slot is empty.
 */
export function log2Histogram(slots: readonly number[]): string {
  const [first, last] = [slots.findIndex((count) => count > 0), slots.findLastIndex((count) => count > 0)];
  if (first < 0) return '';
  const most = slots.reduce((a, b) => Math.max(a, b), 0);
  const rows = slots
    .slice(first, last + 1)
    .map((count, i) => ({ count, from: first + i === 0 ? 0 : 2 ** (first + i), to: 2 ** (first + i + 1) - 1 }));
  const [fromWidth, toWidth, countWidth] = [widest(rows.map(({ from }) => from)), widest(rows.map(({ to }) => to)), widest(slots)];
  return rows
    .map(({ from, to, count }) => {
      const range = `${String(from).padStart(fromWidth)} - ${String(to).padEnd(toWidth)}`;
      return `    ${range}  ${String(count).padStart(countWidth)} |${bar(count / most)}|\n`;
    })
    .join('');
}

/** What was counted at all is to be seen. */
function bar(part: number): string {
  return '#'.repeat(part > 0 ? Math.max(1, Math.round(part * WIDTH)) : 0).padEnd(WIDTH);
}

function widest(numbers: readonly number[]): number {
  return numbers.reduce((width, number) => Math.max(width, String(number).length), 0);
}
