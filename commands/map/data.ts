// Keys and values on a command line: `key 1 0 0 0`, `value hex ff 00`, `value id 7`; a typed one is a word alone.
import { UsageError } from '../../src/errors.js';
import type { BpfMap, UpdateMode } from '../../src/map/map.js';
import { EntryReader } from '../../src/map/typed-text.js';
import type { Words } from '../line/words.js';
import { parseInteger } from '../line/words.js';
import { takeMap, takeProgram } from '../reference/reference.js';

/** What is given on an element. A value that is another object is its handle, which the caller disposes of. */
export interface Element {
  readonly key?: Uint8Array;
  readonly value?: Uint8Array | (Disposable & { readonly fd: number });
  readonly mode?: UpdateMode;
}

/** Which parts may be given. */
export type ElementPart = 'key' | 'value' | 'mode';

/** The flags of an update. */
export const MODES: readonly UpdateMode[] = ['any', 'noexist', 'exist'];

/** Takes all words that are left, in any order, as parts of an element of this map. Each part may stand once. */
export function takeElement(words: Words, map: BpfMap, parts: readonly ElementPart[]): Element {
  const element: { -readonly [K in keyof Element]: Element[K] } = {};
  while (words.left > 0) {
    const part = nextPart(words, parts);
    if (element[part] !== undefined) throw new UsageError(`the ${part === 'mode' ? 'flag' : part} stands there twice`);
    if (part === 'mode') element.mode = takeMode(words);
    else if (part === 'key') element.key = takeBytes(words, map, 'key', map.info.keySize);
    else element.value = takeValue(words, map);
  }
  return element;
}

/** Takes one of the flags of an update. */
export function takeMode(words: Words): UpdateMode {
  return words.choose('flag', MODES);
}

/** Takes a key: in bpftool's way, or written by its type when a single word is left, which none of that way is. */
export function takeKey(words: Words, map: BpfMap): Uint8Array | undefined {
  if (words.left === 1 && map.info.keySize > 0 && !words.is('key')) return new EntryReader(map).key(words.next('KEY'));
  return neededKey(takeElement(words, map, ['key']), map);
}

/** The key that was given; a map with keys cannot do without. */
export function neededKey(element: Element, map: BpfMap): Uint8Array | undefined {
  if (element.key === undefined && map.info.keySize > 0)
    throw new UsageError(`the key is missing: ${map.title} has keys of ${map.info.keySize} bytes`);
  return element.key;
}

function nextPart(words: Words, parts: readonly ElementPart[]): ElementPart {
  for (const part of ['key', 'value'] as const) if (parts.includes(part) && words.takeIf(part)) return part;
  if (parts.includes('mode') && MODES.some((mode) => words.is(mode))) return 'mode';
  const wanted = parts.flatMap((part): readonly string[] => (part === 'mode' ? MODES : [part]));
  const more = parseInteger(words.peek ?? '') === undefined ? '' : ' (more bytes than it has?)';
  throw new UsageError(`expected ${wanted.map((word) => `'${word}'`).join(', ')}, got '${words.peek}'${more}`);
}

function takeValue(words: Words, map: BpfMap): NonNullable<Element['value']> {
  if (map.row.value === 'map') return takeMap(words);
  if (map.row.value === 'prog') return takeProgram(words);
  return takeBytes(words, map, 'value', map.info.valueSize);
}

function takeBytes(words: Words, map: BpfMap, what: 'key' | 'value', size: number): Uint8Array {
  if (size === 0) throw new UsageError(`${map.title} has no ${what}s`);
  const inHex = words.takeIf('hex');
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const wanted = `the ${what} of ${map.title} has ${size} byte${size === 1 ? '' : 's'}`;
    if (words.left === 0) throw new UsageError(`${wanted}, got ${i}`);
    const word = words.next(what);
    const byte = parseByte(word, inHex);
    if (byte === undefined) throw new UsageError(`${wanted}, got ${i} and then '${word}', which is no number`);
    if (byte > 255n) throw new UsageError(`${what}: ${word} does not fit a byte (0 to 255)`);
    bytes[i] = Number(byte);
  }
  return bytes;
}

function parseByte(word: string, inHex: boolean): bigint | undefined {
  if (!inHex) return parseInteger(word);
  const digits = /^(?:0[xX])?([0-9a-fA-F]+)$/.exec(word)?.[1];
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}
