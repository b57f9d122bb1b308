import type { Random } from './random.js';

type Mutation = (text: string, random: Random, all: readonly string[]) => string;

const MUTATIONS: readonly Mutation[] = [
  cutLine,
  repeatLine,
  swapLines,
  changeNumber,
  changeChar,
  insertPiece,
  repeatPiece,
  spliceText,
  truncate,
];
const PIECES = [
  ' ', '\t', '\n', '\r', '\0', ':', ';', '@', '=', '"', "'", '\\', '(', ')', '((', '; ', ' @ ', '0x', '-1', 'R0=', 'R1_w=', 'fp-8=', 'frame1: ',
  '18446744073709551616', '99999999999999999999999999', '0x10000000000000000', '-9223372036854775809', '\u00e9', '\ud800', '\u2028', '\x1b[31m',
  'processed 1 insns (limit 2) ', 'from 1 to 2: ', '3: (79) ', 'math between ', '[', ']', '{', '}', '1e9', 'NaN', '__proto__', 'constructor',
]; // biome-ignore format: a list of words
const NUMBERS = [
  '0',
  '1',
  '-1',
  '255',
  '256',
  '65536',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '18446744073709551615',
  '1e400',
  '0x7f',
];

/** A damaged copy of a text. */
export function mutateText(text: string, random: Random, all: readonly string[]): string {
  let changed = text;
  for (let changes = 1 + random.below(4); changes > 0; changes--) changed = random.pick(MUTATIONS)(changed, random, all);
  // Repeating what was repeated grows without bounds, and says nothing new.
  return changed.slice(0, 1 << 20);
}

function lines(text: string, change: (lines: string[]) => void): string {
  const list = text.split('\n');
  change(list);
  return list.join('\n');
}

function cutLine(text: string, random: Random): string {
  return lines(text, (list) => list.splice(random.below(list.length), 1 + random.below(3)));
}

function repeatLine(text: string, random: Random): string {
  const times = random.once(256) ? 50_000 : 1 + random.below(4);
  return lines(text, (list) => {
    const line = random.pick(list);
    list.splice(random.below(list.length), 0, ...Array<string>(Math.min(times, Math.ceil(200_000 / (line.length + 1)))).fill(line));
  });
}

function swapLines(text: string, random: Random): string {
  return lines(text, (list) => {
    const [a, b] = [random.below(list.length), random.below(list.length)];
    [list[a], list[b]] = [list[b]!, list[a]!];
  });
}

function changeNumber(text: string, random: Random): string {
  const found = [...text.slice(0, 4096).matchAll(/\d+/g)];
  const match = found.length > 0 ? random.pick(found) : undefined;
  return match ? text.slice(0, match.index) + random.pick(NUMBERS) + text.slice(match.index + match[0].length) : text;
}

function changeChar(text: string, random: Random): string {
  const at = random.below(text.length);
  return text.slice(0, at) + String.fromCharCode(random.below(random.once(8) ? 0x10000 : 128)) + text.slice(at + 1);
}

function insertPiece(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
}

/** Long runs of the same: what makes a regular expression try everything. */
function repeatPiece(text: string, random: Random): string {
  const at = random.below(text.length);
  const piece = random.once(2) ? random.pick(PIECES) : text.slice(at, at + 1 + random.below(8));
  const times = random.once(512) ? 20_000 : 1 + random.below(64);
  return text.slice(0, at) + piece.repeat(times) + text.slice(at);
}

function spliceText(text: string, random: Random, all: readonly string[]): string {
  const other = random.pick(all);
  const from = random.below(other.length);
  const at = random.below(text.length);
  return text.slice(0, at) + other.slice(from, from + random.below(200)) + text.slice(at + random.below(50));
}

function truncate(text: string, random: Random): string {
  return random.once(3) ? text.slice(0, random.below(text.length)) : text;
}
