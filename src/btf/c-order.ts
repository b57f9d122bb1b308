import { CHash, leadsOn } from './c-hash.js';
import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { DATASEC, ENUM, ENUM64, FLOAT, FUNC, FUNC_PROTO, INT, STRUCT, UNION, VAR } from './kind-numbers.js';
import { stringPlaces } from './sort-strings.js';
import { countedUp, sortBy, stableSorted } from './stable-sort.js';

/** Types of this rank have no name of their own, or none that matters, and come last. */
const LAST = 10;
const MAX_DEPTH = 1000;
/** By kind: 1 for those that are ranked without a name. */
const RANKED_WITHOUT_NAME = new Uint8Array(0x80);
for (const kind of [ENUM, ENUM64, INT, FLOAT]) RANKED_WITHOUT_NAME[kind] = 1;
/** More than there can be places among names: strings have four bytes at least for each type that names them. */
const PLACES = 2 ** 28;

/** The types that are printed: functions, variables and data sections are not. */
export interface RankedIds {
  /** Those that have a name, or give names to values, and so come first. */
  readonly ranked: Uint32Array;
  /** All others, with void: declarations, and what is printed only as part of something else. */
  readonly last: Uint32Array;
}

/** @throws ParseError when a chain of types does not end */
export function idsByRank(flat: FlatTypes): RankedIds {
  const { kinds } = flat;
  const ranked = new Uint32Array(flat.count);
  const last = new Uint32Array(flat.count);
  let [rankedCount, lastCount] = [0, 0];
  for (let id = 0; id < kinds.length; id++) {
    const kind = kinds[id]!;
    if (kind === FUNC || kind === VAR || kind === DATASEC) continue;
    if ((flat.name(id) === 0 && RANKED_WITHOUT_NAME[kind] === 0) || rankOf(flat, id) === LAST) last[lastCount++] = id;
    else ranked[rankedCount++] = id;
  }
  return { ranked: ranked.subarray(0, rankedCount), last: last.subarray(0, lastCount) };
}

/**
 * Type ids in the order in which bpftool prints them: by rank of their kind, by the name they go by, by their own name, and where those are equal by a hash
 * over names, so that the order of a kernel's header changes little from build to build (sort_btf_c of bpftool). What is equal in all that stays in the
 * order in which it was given.
 *
 * @throws ParseError when a type is malformed or contains itself
 */
export function sortedIds(flat: FlatTypes, ids: Uint32Array, limits: CLimits): Uint32Array {
  const { own, goesBy } = namePlaces(flat, ids, limits);
  for (let i = 0; i < ids.length; i++) goesBy[i]! += rankOf(flat, ids[i]!) * PLACES;
  const sorted = stableSorted(countedUp(ids.length), goesBy);
  const equal = equalRanges(sorted, goesBy, own);
  const result = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++) result[i] = ids[sorted[i]!]!;
  const hashes = new CHash(flat, limits);
  for (const { start, end } of equal) hashes.sort(result.subarray(start, end));
  return result;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Sorts those that have the same first number, and so stand together, by the second. Returns where those are that have both in common. */
function equalRanges(sorted: Uint32Array, first: Uint32Array, second: Uint32Array): Range[] {
  const found: Range[] = [];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    end = endOfRun(sorted, start, sorted.length, first);
    if (end - start === 1) continue;
    sortBy(sorted.subarray(start, end), second);
    for (let from = start, to = 0; from < end; from = to) {
      to = endOfRun(sorted, from, end, second);
      if (to - from > 1) found.push({ start: from, end: to });
    }
  }
  return found;
}

/** Where those end, from `start` on, that have the same number. */
function endOfRun(items: Uint32Array, start: number, limit: number, numbers: Uint32Array): number {
  const number = numbers[items[start]!]!;
  let end = start + 1;
  while (end < limit && numbers[items[end]!] === number) end++;
  return end;
}

function rankOf(flat: FlatTypes, id: number): number {
  let named = false;
  let at = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    named ||= flat.name(at) !== 0;
    const kind = flat.kinds[at]!;
    switch (kind) {
      case ENUM:
      case ENUM64:
        return named ? 1 : 0;
      case INT:
      case FLOAT:
        return 2;
      case STRUCT:
      case UNION:
        return named ? 3 : LAST;
      case FUNC_PROTO:
        return named ? 4 : LAST;
      default:
        if (!named || !leadsOn(kind)) return LAST;
        at = flat.target(at);
    }
  }
  return flat.btf.fail(id, 'the chain of types does not end');
}

/** The name (its offset) of what the type refers to in the end; of an anonymous enum, that of its first value. */
function sortName(flat: FlatTypes, id: number): number {
  let at = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const kind = flat.kinds[at]!;
    if (leadsOn(kind)) {
      at = flat.target(at);
      continue;
    }
    const goesByValue = at === id && (kind === ENUM || kind === ENUM64) && flat.name(at) === 0 && flat.vlen(at) > 0;
    return goesByValue ? flat.words[flat.tail(at)]! : flat.name(at);
  }
  return flat.btf.fail(id, 'the chain of types does not end');
}

/** By position in `ids`, the places among all their names of the type's own and of the one it goes by. */
function namePlaces(flat: FlatTypes, ids: Uint32Array, limits: CLimits): { own: Uint32Array; goesBy: Uint32Array } {
  const count = ids.length;
  const offsets = new Uint32Array(2 * count);
  // Most go by their own name, whose place need not be found twice.
  const goesBy = new Uint32Array(count);
  let length = count;
  for (let i = 0; i < count; i++) {
    const own = flat.name(ids[i]!);
    const other = sortName(flat, ids[i]!);
    offsets[i] = own;
    goesBy[i] = other === own ? i : length;
    if (other !== own) offsets[length++] = other;
  }
  const places = stringPlaces(offsets.subarray(0, length), flat.strings, (bytes) => limits.text(bytes));
  for (let i = 0; i < count; i++) goesBy[i] = places[goesBy[i]!]!;
  return { own: places.subarray(0, count), goesBy };
}
