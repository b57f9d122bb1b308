import type { Layout, LayoutHole, LayoutMember } from './layout.js';

/** Comments begin at this column, with tabs of eight. */
const COMMENT_COLUMN = 56;
const TAB = 8;
/** Bytes of a cache line, of nearly all machines. */
const CACHE_LINE = 64;

/**
 * A layout as C, with the offset and size of each member in bytes beside it (of bitfields `byte:bit` and bits), holes between them, the beginnings of cache
 * lines, and a summary: much as pahole has it.
 */
export function layoutText(layout: Layout): string {
  const lines = [`${opening(layout)} {`, ...body(layout, 1, { line: 0 }), ...summary(layout), '};'];
  return `${lines.join('\n')}\n`;
}

/** The cache line that the last member was in. */
interface Progress {
  line: number;
}

function* body(layout: Layout, level: number, progress: Progress): Generator<string> {
  for (const part of layout.parts) {
    if (part.kind === 'hole') yield* hole(part, level);
    else yield* member(part, level, progress);
  }
}

function* boundary({ start }: LayoutMember, tabs: string, progress: Progress): Generator<string> {
  const byte = Math.floor(start / 8);
  const line = Math.floor(byte / CACHE_LINE);
  if (line <= progress.line) return;
  progress.line = line;
  const ago = byte - line * CACHE_LINE;
  yield `${tabs}/* --- cacheline ${line} boundary (${line * CACHE_LINE} bytes)${ago > 0 ? ` was ${amount(ago * 8)} ago` : ''} --- */`;
}

function* member(part: LayoutMember, level: number, progress: Progress): Generator<string> {
  const tabs = '\t'.repeat(level);
  yield* boundary(part, tabs, progress);
  if (!part.inner) return yield commented(`${tabs}${part.declaration};`, place(part));
  yield `${tabs}${opening(part.inner)} {`;
  yield* body(part.inner, level + 1, progress);
  yield commented(`${tabs}}${part.name && ' '}${part.name};`, place(part));
}

function* hole({ length, isPadding }: LayoutHole, level: number): Generator<string> {
  // What is left over at the end of the whole is in its summary.
  if (isPadding && level === 1) return;
  yield `${'\t'.repeat(level)}/* ${amount(length)} ${isPadding ? 'padding' : 'hole'} */`;
}

function summary({ kind, size, parts }: Layout): string[] {
  const holes = parts.filter((part): part is LayoutHole => part.kind === 'hole');
  const inner = holes.filter(({ isPadding }) => !isPadding);
  const lines = Math.ceil(size / CACHE_LINE);
  const facts = [`size: ${size}`, `cachelines: ${lines}`, `members: ${parts.length - holes.length}`];
  if (kind === 'STRUCT' && inner.length > 0) facts.push(`holes: ${inner.length} (${amount(sum(inner))})`);
  const padding = sum(holes.filter(({ isPadding }) => isPadding));
  if (padding > 0) facts.push(`padding: ${amount(padding)}`);
  if (size % CACHE_LINE > 0) facts.push(`last cacheline: ${amount((size % CACHE_LINE) * 8)}`);
  return [...(parts.length > 0 ? [''] : []), `\t/* ${facts.join(', ')} */`];
}

function opening({ kind, name }: Layout): string {
  return kind.toLowerCase() + (name && ` ${name}`);
}

function place({ start, length, isBitfield }: LayoutMember): string {
  const offset = String(Math.floor(start / 8)).padStart(5);
  if (!isBitfield) return `${offset}   ${String(length / 8).padStart(5)}`;
  return `${offset}:${start % 8} ${String(length).padStart(5)} bit${length === 1 ? '' : 's'}`;
}

function amount(bits: number): string {
  const [count, unit] = bits % 8 === 0 ? [bits / 8, 'byte'] : [bits, 'bit'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A declaration may have several lines: the comment stands beside the last. */
function commented(line: string, comment: string): string {
  const width = widthOf(line.slice(line.lastIndexOf('\n') + 1));
  return `${line}${' '.repeat(Math.max(1, COMMENT_COLUMN - width))}/* ${comment} */`;
}

function widthOf(line: string): number {
  const tabs = line.length - line.replace(/^\t+/, '').length;
  return tabs * TAB + line.length - tabs;
}

function sum(holes: readonly LayoutHole[]): number {
  return holes.reduce((total, { length }) => total + length, 0);
}
