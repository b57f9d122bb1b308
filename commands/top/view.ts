import type { ColourName } from '../../src/format/colour.js';
import { shortNumber, shortTime } from '../../src/format/quantity.js';
import { safeWord } from '../../src/format/safe-text.js';
import { sparkline } from '../../src/format/sparkline.js';
import type { Paint } from '../print/terminal.js';
import type { Rates } from './activity.js';
import { cursor, shown, type TopState } from './state.js';

/** Where the view is drawn. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What is shown of one program beside its rates, asked when its detail view is opened. */
export interface Detail {
  readonly lines: readonly string[];
}

interface Field {
  readonly title: string;
  readonly width: number;
  readonly text: (row: Rates) => string;
  readonly colour?: ColourName;
  readonly left?: boolean;
}

const FIELDS: readonly Field[] = [
  { title: 'ID', width: 7, text: ({ id }) => String(id), colour: 'id' },
  { title: 'CPU %', width: 7, text: ({ cpu }) => cpu.toFixed(2) },
  { title: 'Events/s', width: 8, text: ({ rate }) => shortNumber(rate) },
  { title: 'Average', width: 7, text: ({ average }) => (average === 0 ? '-' : shortTime(average)) },
  { title: 'Missed/s', width: 8, text: ({ missed }) => (missed === 0 ? '-' : shortNumber(missed)) },
  { title: 'Type', width: 14, text: ({ type }) => type, colour: 'type', left: true },
  { title: 'Name', width: 0, text: ({ name }) => safeWord(name), colour: 'name', left: true },
];
const FRAME = 4;

/** The lines of the whole screen, not more than it has. The terminal cuts what is wider than it. */
export function view(state: TopState, size: Size, paint: Paint, detail?: Detail): string[] {
  const lines = state.detail ? detailLines(state, size, paint, detail) : tableLines(state, size, paint);
  const room = Math.max(0, size.rows - FRAME + 1);
  return [
    summary(state, size),
    '',
    ...lines.slice(0, room),
    ...Array<string>(Math.max(0, room - lines.length)).fill(''),
    keys(state, size, paint),
  ].slice(0, size.rows);
}

function summary(state: TopState, { columns }: Size): string {
  const rows = state.programs;
  const total = (of: (row: Rates) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const parts = [
    `${rows.length} programs, ${rows.filter(({ rate }) => rate > 0).length} ran`,
    `${total(({ cpu }) => cpu).toFixed(2)} % of a CPU`,
    `${shortNumber(total(({ rate }) => rate))} events/s`,
    `by ${state.sort}`,
    ...(state.filter || state.typing ? [`filter: ${safeWord(state.filter)}${state.typing ? '_' : ''}`] : []),
  ];
  return cut(parts.join('   '), columns);
}

function tableLines(state: TopState, size: Size, paint: Paint): string[] {
  const rows = shown(state);
  const on = cursor(state);
  const room = Math.max(1, size.rows - FRAME);
  const at = rows.findIndex(({ id }) => id === on);
  // The cursor stays in sight.
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const titles = FIELDS.map(({ title, width, left }) => padded(title, width, left)).join(' ');
  return [
    paint(cut(`  ${titles}`, size.columns), 'title'),
    ...rows.slice(first, first + room).map((row) => rowLine(row, row.id === on, size.columns, paint)),
  ];
}

function rowLine(row: Rates, chosen: boolean, columns: number, paint: Paint): string {
  let left = columns - 2;
  const cells = FIELDS.map(({ width, text, colour, left: toLeft }) => {
    const cell = cut(padded(text(row), width, toLeft), Math.max(0, left));
    left -= cell.length + 1;
    return row.rate === 0 ? cell : paint(cell, colour);
  });
  const text = cells.join(' ').trimEnd();
  return `${chosen ? '>' : ' '} ${row.rate === 0 ? paint(text, 'dim') : text}`;
}

function detailLines(state: TopState, { columns }: Size, paint: Paint, detail: Detail | undefined): string[] {
  const row = state.programs.find(({ id }) => id === state.chosen);
  if (!row) return ['The program has gone.'];
  const course = state.courses.get(row.id) ?? [];
  const spark = (values: readonly number[]) => paint(sparkline(values, Math.max(1, columns - 24)), 'good');
  return [
    `${paint(`${row.type} ${row.id}`, 'id')} ${paint(safeWord(row.name), 'name')}`,
    '',
    `CPU       ${row.cpu.toFixed(2).padStart(8)} %  ${spark(course.map(({ cpu }) => cpu))}`,
    `Events/s  ${shortNumber(row.rate).padStart(8)}    ${spark(course.map(({ rate }) => rate))}`,
    `Average   ${(row.average === 0 ? '-' : shortTime(row.average)).padStart(8)}`,
    '',
    ...(detail?.lines ?? []).map((line) => cut(safeWord(line), columns)),
  ];
}

function keys(state: TopState, { columns }: Size, paint: Paint): string {
  const text = state.typing
    ? 'type a part of a name or type   Enter keeps it   Esc drops it'
    : state.detail
      ? 'q or Esc goes back   Ctrl-C ends'
      : 'q ends   s sorts   / filters   Enter shows one   arrows move';
  return paint(cut(text, columns), 'dim');
}

function padded(text: string, width: number, left?: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

function cut(text: string, columns: number): string {
  return [...text].length <= columns ? text : [...text].slice(0, columns).join('');
}
