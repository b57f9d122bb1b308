// Which columns of a table stand beside each other, which below each row, and which are left out.
import { fitWidths, leadingThatFit } from '../../src/format/widths.js';

/** What has to be known of a column for that. */
export interface Measured {
  readonly title: string;
  /** Of the widest cell, or the title. */
  readonly width: number;
  /** Of most of its cells, where that is less: the others may be folded rather than all go below. */
  readonly usual?: number;
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
  const whole = arranged(columns, gap, available);
  if (whole.below.length === 0) return whole;
  const narrow = new Map(columns.map((column) => [{ ...column, width: column.usual ?? column.width }, column]));
  const { beside, widths, below, leftOut } = arranged([...narrow.keys()], gap, available);
  if (below.length >= whole.below.length) return whole;
  const original = (list: readonly C[]) => list.map((column) => narrow.get(column)!);
  return {
    beside: original(beside),
    widths: widened(original(beside), widths, gap, available),
    below: original(below),
    leftOut: original(leftOut),
  };
}

/** What is left of the line goes to columns that want it. */
function widened(columns: readonly Measured[], widths: readonly number[], gap: number, available: number): number[] {
  let left = available - total(widths, gap);
  return widths.map((width, i) => {
    const more = Math.max(0, Math.min(left, columns[i]!.width - width));
    left -= more;
    return width + more;
  });
}

function arranged<C extends Measured>(columns: readonly C[], gap: number, available: number): Arrangement<C> {
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
