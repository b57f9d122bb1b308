import { safeWord } from '../../src/format/safe-text.js';
import type { TitledTable } from '../command.js';
import type { Sink } from './sink.js';
import { type Look, painter, printTable } from './terminal.js';

/** Tables one below the other, each under its title; those without rows are left out. */
export function printTables(out: Sink, tables: readonly TitledTable[], look: Look): void {
  const paint = painter(look);
  const shown = tables.filter(({ rows }) => rows.length > 0);
  for (const [i, { title, columns, rows }] of shown.entries()) {
    out.write(`${i === 0 ? '' : '\n'}${paint(safeWord(title), 'type')}\n`);
    printTable(out, columns, rows, look);
  }
}
