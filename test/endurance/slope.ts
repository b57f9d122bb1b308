// How a figure changes with time, and how sure that is.

/** A figure at a time; in units of the caller's. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** The line through points: what a figure gains in one unit of time, with the range in which the truth lies in 95 of 100 cases. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

// Student's t for 95 % on both sides, by degrees of freedom; beyond the table that of the normal distribution is near enough.
const T95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.1, 2.09, 2.09] as const;
const T95_OF_MANY = 2;

/** Least squares. With fewer than three points nothing is sure: the range is endless. */
export function slopeOf(points: readonly Point[]): Slope {
  const n = points.length;
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / n;
  const [at, value] = [mean((point) => point.at), mean((point) => point.value)];
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  if (n < 2 || spread === 0) return { slope: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const slope = points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0) / spread;
  const freedom = n - 2;
  if (freedom === 0) return { slope, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const rest = points.reduce((sum, point) => sum + (point.value - value - slope * (point.at - at)) ** 2, 0);
  const error = (T95[freedom - 1] ?? T95_OF_MANY) * Math.sqrt(rest / freedom / spread);
  return { slope, low: slope - error, high: slope + error };
}

/**
 * The least value of each window of time. The memory of a process with a garbage collector goes up and down; what it comes back to is what it keeps.
 */
export function minima(points: readonly Point[], window: number): Point[] {
  const least = new Map<number, Point>();
  for (const point of points) {
    const index = Math.floor(point.at / window);
    const known = least.get(index);
    if (!known || point.value < known.value) least.set(index, { at: (index + 0.5) * window, value: point.value });
  }
  return [...least.values()];
}
