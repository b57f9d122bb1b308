// Loaded only when a table goes to a terminal: chalk and cli-table3 cost more to load than most commands take.
import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import { type ColourName, PALETTE } from '../src/format/colour.js';
import { safeWord } from '../src/format/safe-text.js';
import { fitWidths } from '../src/format/widths.js';
import type { Column } from './command.js';
import type { Sink } from './sink.js';

const GAP = 2;
const NARROWEST = 40;

interface Look {
  readonly color?: boolean;
  /** Columns of the terminal; asked of it when missing. */
  readonly width?: number;
}

/** Rows below titles, no wider than the terminal: cells that do not fit go on in a further line. Columns that are empty in all rows are left out. */
export function printTable<Row>(out: Sink, columns: readonly Column<Row>[], rows: readonly Row[], look: Look): void {
  if (rows.length === 0) return;
  const cells = rows.map((row) => columns.map((column) => cellText(column, row)));
  const shown = columns.map((_, i) => i).filter((i) => cells.some((row) => row[i] !== ''));
  const paint = painter(look);
  const widths = shown.map((i) => Math.max(columns[i]!.title.length, ...cells.map((row) => widthOf(row[i]!))));
  const table = plainTable(
    fitWidths(widths, terminalWidth(look) - GAP * (shown.length - 1)),
    shown.map((i) => columns[i]!.align ?? 'left'),
  );
  table.push(shown.map((i) => paint(columns[i]!.title, 'title')));
  for (const row of cells) table.push(shown.map((i) => paint(row[i]!, columns[i]!.colour)));
  out.write(`${trimLines(table.toString())}\n`);
}

/** One row as lines of title and value. */
export function printRecord<Row>(out: Sink, columns: readonly Column<Row>[], row: Row, look: Look): void {
  const paint = painter(look);
  const lines = columns.map((column) => [column.title, cellText(column, row), column.colour] as const).filter(([, text]) => text !== '');
  const title = Math.max(...lines.map(([name]) => name.length));
  const value = Math.max(...lines.map(([, text]) => widthOf(text)));
  const table = plainTable([title, Math.max(NARROWEST / 2, Math.min(value, terminalWidth(look) - GAP - title))], ['left', 'left']);
  for (const [name, text, colour] of lines) table.push([paint(name, 'dim'), paint(text, colour)]);
  out.write(`${trimLines(table.toString())}\n`);
}

function cellText<Row>(column: Column<Row>, row: Row): string {
  const cell = column.cell(row);
  return cell === undefined ? '' : safeWord(String(cell));
}

function widthOf(text: string): number {
  return [...text].length;
}

const NO_LINES = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
];

function plainTable(widths: readonly number[], aligns: readonly ('left' | 'right')[]) {
  return new Table({
    chars: { ...Object.fromEntries(NO_LINES.map((name) => [name, ''])), middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths],
    colAligns: [...aligns],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
}

type Paint = (text: string, colour?: ColourName) => string;

function painter(look: Look): Paint {
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

function trimLines(text: string): string {
  return text.replace(/ +((?:\x1b\[\d+m)*)$/gm, '$1');
}
