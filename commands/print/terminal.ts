// Loaded only when a table goes to a terminal: chalk and cli-table3 cost more to load than most commands take.
import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import { type ColourName, PALETTE } from '../../src/format/colour.js';
import { fold } from '../../src/format/fold.js';
import { safeWord } from '../../src/format/safe-text.js';
import type { Column } from '../command.js';
import { type Arrangement, arrange } from './arrange.js';
import type { Sink } from './sink.js';

const GAP = 2;
const NARROWEST = 40;
const USUAL_PART = 0.9;
const INDENT = 4;

export interface Look {
  readonly color?: boolean;
  /** Columns of the terminal; asked of it when missing. */
  readonly width?: number;
  /** Its lines, likewise. */
  readonly height?: number;
  /** A whole list, which takes `--columns`. */
  readonly isList?: boolean;
}

/** Gives text a colour, where there are colours. */
export type Paint = (text: string, colour?: ColourName) => string;

/** A column with its cells as text, in the order of the rows. */
interface Strip {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly colour: ColourName | undefined;
  readonly cells: readonly string[];
  /** Of the widest cell, or the title. */
  readonly width: number;
  readonly usual?: number;
  readonly minor?: number;
  readonly long?: boolean;
}

/**
 * Rows below titles, no wider than the terminal: columns that do not fit beside the others go to further lines below each row, with their titles, and
 * minor ones are left out, which a last line tells. Columns that are empty in all rows are left out too. Below a list that is longer than the terminal, where
 * the titles have scrolled away, they stand once more, with how many rows there are.
 */
export function printTable<Row>(out: Sink, columns: readonly Column<Row>[], rows: readonly Row[], look: Look): void {
  if (rows.length === 0) return;
  const strips = columns.map((column) => stripOf(column, rows)).filter(({ cells }) => cells.some((cell) => cell !== ''));
  const width = terminalWidth(look);
  const { beside, widths, below, leftOut, gap } = spread(strips, width);
  const paint = painter(look);
  const [titles = [], ...cells] = tableLines(beside, widths, paint, gap);
  const lines = [titles, ...cells.map((row, i) => [...row, ...belowLines(below, i, width, paint)])];
  const isLong = look.isList === true && lines.reduce((sum, row) => sum + row.length, 0) > terminalHeight(look);
  for (const row of isLong ? [...lines, titles] : lines) out.write(`${row.join('\n')}\n`);
  const more = [isLong && `${rows.length} rows`, leftOut.length > 0 && leftOutText(leftOut, look)].filter((text) => text !== false);
  if (more.length > 0) out.write(`${paint(fold(more.join('; '), width).join('\n'), 'dim')}\n`);
}

/** Columns with two blanks between them, or one where they then need no folding. */
function spread(strips: readonly Strip[], width: number): Arrangement<Strip> & { readonly gap: number } {
  const wide = { ...arrange(strips, GAP, width), gap: GAP };
  if (isWhole(wide)) return wide;
  const narrow = { ...arrange(strips, 1, width), gap: 1 };
  return isWhole(narrow) ? narrow : wide;
}

function isWhole({ beside, widths, below }: Arrangement<Strip>): boolean {
  return below.every(({ long }) => long) && beside.every((strip, i) => (strip.usual ?? strip.width) <= widths[i]!);
}

function leftOutText(strips: readonly Strip[], { isList }: Look): string {
  const titles = strips.map(({ title }) => title.toLowerCase()).join(', ');
  return `left out: ${titles} (${isList ? '--columns shows them, or a wider terminal' : 'a wider terminal shows them'})`;
}

/** One row as lines of title and value. */
export function printRecord<Row>(out: Sink, columns: readonly Column<Row>[], row: Row, look: Look): void {
  const fields = columns.map((column) => stripOf(column, [row])).filter(({ cells }) => cells[0] !== '');
  const title = Math.max(...fields.map((field) => field.title.length));
  const paint = painter(look);
  const strips: Strip[] = [
    strip(
      fields.map((field) => field.title),
      'dim',
    ),
    strip(fields.map((field) => field.cells[0]!)),
  ];
  const [, value] = widthsOf(strips);
  const widths = [title, Math.min(value!, Math.max(NARROWEST / 2, terminalWidth(look) - GAP - title))];
  out.write(
    `${drawn(strips, widths, (text, i, row) => paint(text, i === 0 ? 'dim' : besideTitle(fields[row]!.colour)))
      .flat()
      .join('\n')}\n`,
  );
}

/** What is dim among other columns is not, beside its title. */
function besideTitle(colour: ColourName | undefined): ColourName | undefined {
  return colour === 'dim' ? undefined : colour;
}

function stripOf<Row>(column: Column<Row>, rows: readonly Row[]): Strip {
  const cellOf = rows.length > 1 ? (column.terminal ?? column.cell) : column.cell;
  const cells = rows.map((row) => {
    const cell = cellOf(row);
    return cell === undefined ? '' : safeWord(String(cell));
  });
  const { title, align = 'left', colour, minor, long } = column;
  return {
    ...{ title, align, colour, cells, width: widest(title, cells) },
    ...(minor !== undefined && { minor }),
    ...(long && { long, usual: usual(title, cells) }),
  };
}

/** The width that all but one in ten of the cells keep to. */
function usual(title: string, cells: readonly string[]): number {
  const widths = cells.filter((cell) => cell !== '').map(widthOf);
  widths.sort((a, b) => a - b);
  return Math.max(title.length, widths[Math.floor((widths.length - 1) * USUAL_PART)] ?? 0);
}

function strip(cells: readonly string[], colour?: ColourName): Strip {
  return { title: '', align: 'left', colour, cells, width: widest('', cells) };
}

function widthsOf(strips: readonly Strip[]): number[] {
  return strips.map(({ width }) => width);
}

function widest(title: string, cells: readonly string[]): number {
  return cells.reduce((most, cell) => Math.max(most, widthOf(cell)), title.length);
}

function widthOf(text: string): number {
  // Most text has nothing but characters of one unit, of which counting is not needed.
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

/** The titles and then the rows, each as its lines. */
function tableLines(strips: readonly Strip[], widths: readonly number[], paint: Paint, gap: number): string[][] {
  const titled = strips.map((each) => ({ ...each, cells: [each.title, ...each.cells] }));
  return drawn(titled, widths, (text, column, row) => paint(text, row === 0 ? 'title' : strips[column]!.colour), gap);
}

/** The table's library looks at all rows for each row, so it gets few at a time. */
const BLOCK = 32;

/** Cells side by side, those that are wider than their column folded: the lines of each row. */
function drawn(
  strips: readonly Strip[],
  widths: readonly number[],
  paint: (text: string, column: number, row: number) => string,
  gap = GAP,
): string[][] {
  const rows = strips[0]!.cells.map((_, row) =>
    // Colours are laid on each piece: the table would cut through their codes.
    strips.map(({ cells }, i) => folded(cells[row]!, widths[i]!).map((piece) => paint(piece, i, row))),
  );
  const style = {
    chars: { ...Object.fromEntries(NO_LINES.map((name) => [name, ''])), middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths],
    colAligns: strips.map(({ align }) => align),
  };
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += BLOCK) {
    const table = new Table(style);
    for (const row of rows.slice(at, at + BLOCK)) table.push(row.map((pieces) => pieces.join('\n')));
    lines.push(...trimLines(table.toString()).split('\n'));
  }
  let first = 0;
  return rows.map((row) => {
    const height = Math.max(...row.map(({ length }) => length));
    first += height;
    return lines.slice(first - height, first);
  });
}

function folded(text: string, width: number): string[] {
  return widthOf(text) <= width ? [text] : fold(text, width);
}

const NO_LINES = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
];

/** What did not fit beside the other columns. */
function belowLines(strips: readonly Strip[], row: number, width: number, paint: Paint): string[] {
  const lines: string[] = [];
  let left = 0;
  for (const { title, cells, colour } of strips.filter(({ cells }) => cells[row] !== '')) {
    const length = title.length + 1 + widthOf(cells[row]!);
    const beside = length + GAP <= left;
    const start = INDENT + title.length + 1;
    const [first = '', ...more] = beside ? [cells[row]!] : fold(cells[row]!, Math.max(NARROWEST / 2, width - start));
    left = more.length > 0 ? 0 : (beside ? left - GAP : width - INDENT) - length;
    const text = `${paint(title.toLowerCase(), 'dim')} ${paint(first, colour)}`;
    if (beside) lines.push(`${lines.pop()}${' '.repeat(GAP)}${text}`);
    else lines.push(`${' '.repeat(INDENT)}${text}`);
    lines.push(...more.map((piece) => `${' '.repeat(start)}${paint(piece, colour)}`));
  }
  return lines;
}

export function painter(look: Look): Paint {
  const chalk = new Chalk({ level: wantsColour(look.color !== false, process.env) ? 1 : 0 });
  return (text, colour) =>
    colour && text !== '' ? [...PALETTE[colour]].reduce((paint, name) => paint[name as 'bold'], chalk as ChalkInstance)(text) : text;
}

/** https://no-color.org and https://force-color.org; a terminal that calls itself dumb has none. */
export function wantsColour(option: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (!option || environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR !== undefined) return environment.FORCE_COLOR !== '0' && environment.FORCE_COLOR !== 'false';
  return environment.TERM !== 'dumb';
}

function terminalWidth(look: Look): number {
  return Math.max(NARROWEST, look.width ?? process.stdout.columns ?? 80);
}

/** Of a terminal that has no lines nobody has said how many it has, as of a serial line: none is too long for it. */
function terminalHeight(look: Look): number {
  return look.height || process.stdout.rows || Number.POSITIVE_INFINITY;
}

function trimLines(text: string): string {
  return text.replace(/ +((?:\x1b\[\d+m)*)$/gm, '$1');
}
