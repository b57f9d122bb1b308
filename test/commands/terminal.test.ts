import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Column } from '../../commands/command.js';
import { type Look, printRecord, printTable, wantsColour } from '../../commands/print/terminal.js';
import { MemorySink } from '../support/capture.js';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly more?: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
  { title: 'Name', cell: (row) => row.name, colour: 'name' },
  { title: 'Size', cell: (row) => `${row.id * 8}B`, align: 'right' },
  { title: 'Empty', cell: () => undefined },
  { title: 'Processes', cell: (row) => row.more },
];
const LONG = 'systemd(1), '.repeat(9).slice(0, -2);
const ROWS: readonly Row[] = [
  { id: 7, name: 'short' },
  { id: 1234, name: 'a_rather_long_name', more: LONG },
];

function table(width: number, rows: readonly Row[] = ROWS, columns: readonly Column<Row>[] = COLUMNS, more: Look = {}): string {
  const out = new MemorySink();
  printTable(out, columns, rows, { color: false, width, ...more });
  return out.text;
}

function coloured(print: (out: MemorySink) => void): string {
  const out = new MemorySink();
  const before = process.env.FORCE_COLOR;
  process.env.FORCE_COLOR = '1';
  print(out);
  if (before === undefined) delete process.env.FORCE_COLOR;
  else process.env.FORCE_COLOR = before;
  return out.text;
}

test('a table has aligned columns, and none that is empty in all rows', () => {
  const [titles, first, second] = table(200).split('\n');
  assert.equal(titles, '  ID  Name                 Size  Processes');
  assert.equal(first, '   7  short                 56B');
  assert.equal(second, `1234  a_rather_long_name  9872B  ${LONG}`);
});

test('columns that do not fit stand below their row, with their titles', () => {
  assert.equal(
    table(80),
    [
      '  ID  Name                 Size',
      '   7  short                 56B',
      '1234  a_rather_long_name  9872B',
      `    processes ${LONG.slice(0, 59)}`,
      `              ${LONG.slice(60)}`,
      '',
    ].join('\n'),
  );
});

test('below a list that is longer than the terminal its titles stand once more, with how many rows there are', () => {
  const columns = COLUMNS.slice(0, 2);
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, name: 'short' }));
  const lines = table(80, rows, columns, { isList: true, height: 24 }).trimEnd().split('\n');
  assert.deepEqual([lines.length, lines.at(0), ...lines.slice(-3)], [33, 'ID  Name', '29  short', 'ID  Name', '30 rows']);
  assert.equal(table(80, rows, columns, { isList: true, height: 31 }), table(80, rows, columns));
  assert.equal(table(80, rows, columns, { height: 24 }), table(80, rows, columns));
  assert.equal(table(80, rows, columns, { isList: true, height: 0 }), table(80, rows, columns));
  const wide = columns.map(
    (column): Column<Row> => (column.title === 'Name' ? { ...column, minor: 1, cell: () => 'n'.repeat(90) } : column),
  );
  assert.match(
    table(80, rows, wide, { isList: true, height: 24 }),
    /\nID\n30 rows; left out: name \(--columns shows them, or a wider terminal\)\n$/,
  );
});

test('what is left out of a table that is no list is shown by a wider terminal alone', () => {
  const columns = COLUMNS.map((column): Column<Row> => (column.title === 'Processes' ? { ...column, minor: 1 } : column));
  assert.match(table(50, ROWS, columns), /\nleft out: processes \(a wider terminal shows them\)\n$/);
});

test('many rows may read shorter than one', () => {
  const columns: readonly Column<Row>[] = [{ title: 'ID', cell: () => '1,2,3', terminal: () => '1-3' }];
  assert.equal(table(80, ROWS, columns), 'ID\n1-3\n1-3\n');
  assert.equal(table(80, ROWS.slice(1), columns), 'ID\n1,2,3\n');
});

test('no line is wider than the terminal, whatever is in the cells', () => {
  const columns = [...COLUMNS, ...COLUMNS.map((column) => ({ ...column, title: `${column.title}2` }))];
  for (const width of [40, 60, 80, 120, 200]) {
    const text = table(width, ROWS, columns.slice(0, 2));
    for (const line of text.split('\n')) assert.ok(line.length <= width, `${width}: ${line}`);
    assert.equal(text.replace(/\s/g, ''), table(1000, ROWS, columns.slice(0, 2)).replace(/\s/g, ''));
  }
  const folded = table(40, [{ id: 1, name: LONG.replaceAll(' ', ''), more: LONG.replaceAll(' ', '') }], [COLUMNS[1]!, COLUMNS[4]!]);
  for (const line of folded.split('\n')) assert.ok(line.length <= 40, line);
  const below = table(60, [...ROWS, { id: 2, name: 'x', more: 'q'.repeat(500) }]);
  for (const line of below.split('\n')) assert.ok(line.length <= 60, line);
  assert.equal(below.match(/q/g)?.length, 500);
});

test('one row is shown as lines of title and value', () => {
  const out = new MemorySink();
  printRecord(out, COLUMNS, ROWS[0]!, { color: false, width: 80 });
  assert.equal(out.text, 'ID    7\nName  short\nSize  56B\n');
});

test('colours change nothing but colours', () => {
  const rows = [...ROWS, { id: 1, name: 'x'.repeat(70), more: LONG }];
  for (const width of [50, 80, 200]) {
    const text = coloured((out) => printTable(out, COLUMNS, rows, { width }));
    assert.match(text, /\x1b\[1m1234/);
    assert.equal(stripVTControlCharacters(text), table(width, rows));
  }
});

test('beside its title no value of a single row is dim', () => {
  const text = coloured((out) => printRecord(out, [{ title: 'Tag', cell: () => 'f00', colour: 'dim' }], ROWS[0]!, { width: 80 }));
  assert.equal(text, '\x1b[2mTag\x1b[22m  f00\n');
});

test('a name with control characters cannot colour or move anything', () => {
  assert.doesNotMatch(table(200, [{ id: 1, name: '\x1b[2J\r\n', more: '\x9b31m' }]), /[\x1b\r\x9b]/);
});

test('NO_COLOR, FORCE_COLOR and --no-color are heard, the strictest first', () => {
  assert.ok(wantsColour(true, {}));
  assert.ok(!wantsColour(false, { FORCE_COLOR: '1' }));
  assert.ok(!wantsColour(true, { NO_COLOR: '1', FORCE_COLOR: '1' }));
  assert.ok(wantsColour(true, { NO_COLOR: '', TERM: 'xterm' }));
  assert.ok(!wantsColour(true, { FORCE_COLOR: '0' }));
  assert.ok(!wantsColour(true, { TERM: 'dumb' }));
  assert.ok(wantsColour(true, { TERM: 'dumb', FORCE_COLOR: '1' }));
});
