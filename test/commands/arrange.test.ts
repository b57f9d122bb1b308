import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, type Measured } from '../../commands/print/arrange.js';

const GAP = 2;
const column = (title: string, width: number, more: Partial<Measured> = {}): Measured => ({ title, width, ...more });
const COLUMNS = [
  column('id', 6),
  column('name', 20),
  column('tag', 16, { minor: 2 }),
  column('size', 5, { minor: 1 }),
  column('user', 4, { minor: 3 }),
  column('path', 30, { long: true }),
];

function arranged(width: number, columns = COLUMNS) {
  const { beside, widths, below, leftOut } = arrange(columns, GAP, width);
  const titles = (some: readonly Measured[]) => some.map(({ title }) => title).join(' ');
  const used = widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1));
  assert.ok(used <= width, `${used} of ${width}`);
  return [titles(beside), titles(below), titles(leftOut)];
}

test('all columns stand beside each other where there is room', () => {
  assert.deepEqual(arranged(200), ['id name tag size user path', '', '']);
});

test('minor columns are left out where there is none, the least minor kept first, and others that fit', () => {
  assert.deepEqual(arranged(80), ['id name tag size user', 'path', '']);
  assert.deepEqual(arranged(45), ['id name size user', 'path', 'tag']);
  assert.deepEqual(arranged(28), ['id name', 'path', 'tag size user']);
});

test('what is long stands beside while it is short here', () => {
  const short = COLUMNS.map((each) => (each.title === 'path' ? { ...each, width: 12 } : each));
  assert.deepEqual(arranged(60, short), ['id name size user path', '', 'tag']);
});

test('a few long cells are folded where the others of their column fit', () => {
  const paths = (usual: number) => COLUMNS.map((each) => (each.title === 'path' ? { ...each, usual } : each));
  assert.deepEqual(arranged(60, paths(12)), ['id name size user path', '', 'tag']);
  assert.deepEqual(arranged(60, paths(20)), ['id name tag size user', 'path', '']);
  const { widths } = arrange(paths(12), GAP, 60);
  assert.equal(widths.at(-1), 60 - 6 - 20 - 5 - 4 - 4 * GAP);
});

test('what is long and minor is left out rather than put below', () => {
  const minor = COLUMNS.map((each) => (each.title === 'path' ? { ...each, minor: 9 } : each));
  assert.deepEqual(arranged(80, minor), ['id name tag size user', '', 'path']);
});

test('a cell that is a little too wide is folded, one that is far too wide goes below', () => {
  const [id, kind] = [column('id', 6), column('type', 10)];
  assert.deepEqual(arranged(80, [id, kind, column('target', 70)]), ['id type target', '', '']);
  assert.deepEqual(arranged(80, [id, kind, column('name', 10), column('target', 170)]), ['id type name', 'target', '']);
});
