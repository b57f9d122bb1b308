// Which columns of a table stand beside each other, which below each row, and which are left out.
import { fitWidths, leadingThatFit } from '../../src/format/widths.js';

/** What has to be known of a column for that. */
export interface Measured {
  readonly title: string;
  /** Of the widest cell, or the title. */
  readonly width: number;
  readonly minor?: number;
  readonly long?: boolean;
}

/** All columns, each in one of three places. */
export interface Arrangement<C> {
  readonly beside: readonly C[];
  /** As many as `beside`: narrower than they need where their cells are to be folded. */
  readonly widths: readonly number[];
  readonly below: readonly C[];
  readonly leftOut: readonly C[];
}

/** With fewer columns than these beside each other it is better to fold the cells. */
const LEAST_BESIDE = 3;
/** What is long stands beside the others while it takes no more than this part of the line. */
const LONG_PART = 1 / 4;
/** More than any column is minor. */
const TOO_LONG = 100;
/** Cells are folded rather than put below while their columns keep this part of what they need. */
const FOLDED_PART = 0.6;

/** Arranges columns on lines of `available` characters, with `gap` between them. */
export function arrange<C extends Measured>(columns: readonly C[], gap: number, available: number): Arrangement<C> {
  const tooLong = (column: C) => column.long === true && column.width > available * LONG_PART;
  const beside = withRoomFor(columns, tooLong, gap, available);
  const others = columns.filter((column) => !beside.includes(column));
  const leftOut = others.filter(({ minor }) => minor !== undefined);
  const below = others.filter(({ minor }) => minor === undefined);
  return { ...folded(beside, below, gap, available), leftOut };
}

/** What is neither too long nor minor, and of the others as many as fit beside it, the least minor first. */
function withRoomFor<C extends Measured>(
  columns: readonly C[],
  tooLong: (column: C) => boolean,
  gap: number,
  available: number,
): readonly C[] {
  const rank = (column: C) => (column.minor ?? 0) + (tooLong(column) ? TOO_LONG : 0);
  const kept = new Set(columns.filter((column) => rank(column) === 0));
  for (const column of columns.filter((each) => rank(each) > 0).sort((a, b) => rank(a) - rank(b))) {
    const more = [...kept, column];
    if (fits(more, gap, available)) kept.add(column);
  }
  return columns.filter((column) => kept.has(column));
}

function folded<C extends Measured>(columns: readonly C[], below: readonly C[], gap: number, available: number) {
  const natural = columns.map(({ width }) => width);
  const widths = fitWidths(natural, available - gap * (columns.length - 1));
  const leading = leadingThatFit(natural, gap, available);
  const readable = total(widths, gap) <= available && widths.every((width, i) => width >= natural[i]! * FOLDED_PART);
  if (leading === columns.length || leading < LEAST_BESIDE || (readable && below.length === 0)) return { beside: columns, widths, below };
  const beside = columns.slice(0, leading);
  return { beside, widths: natural.slice(0, leading), below: [...columns.slice(leading), ...below] };
}

function fits(columns: readonly Measured[], gap: number, available: number): boolean {
  return (
    total(
      columns.map(({ width }) => width),
      gap,
    ) <= available
  );
}

function total(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
}
