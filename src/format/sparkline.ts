const BARS = '▁▂▃▄▅▆▇█';

/** Values as bars of one character each, the largest as the highest; 0 is the lowest. The last `width` of them. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(...shown, 0);
  return shown.map((value) => BARS[most === 0 ? 0 : Math.min(BARS.length - 1, Math.ceil((value / most) * (BARS.length - 1)))]).join('');
}
