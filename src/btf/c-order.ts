import { CHash, leadsOn } from './c-hash.js';
import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { DATASEC, ENUM, ENUM64, FLOAT, FUNC, FUNC_PROTO, INT, STRUCT, UNION, VAR } from './kind-numbers.js';
import { compareStrings, sortedByString } from './sort-strings.js';
import { eachRun, stableSorted } from './stable-sort.js';

/** Types of this rank have no name of their own, or none that matters, and come last. */
const LAST = 10;
const MAX_DEPTH = 1000;
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
  const ranked = new Uint32Array(flat.count);
  const last = new Uint32Array(flat.count);
  let [rankedCount, lastCount] = [0, 0];
  for (let id = 0; id < flat.count; id++) {
    const kind = flat.kind(id);
    if (kind === FUNC || kind === VAR || kind === DATASEC) continue;
    if (rankOf(flat, id) === LAST) last[lastCount++] = id;
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
  const ranks = Uint8Array.from(ids, (id) => rankOf(flat, id));
  const places = namePlaces(flat, ids, limits);
  const byName = stableSorted(
    ids.map((_, i) => i),
    (i) => places[2 * i]!,
  );
  const sorted = stableSorted(byName, (i) => ranks[i]! * PLACES + places[2 * i + 1]!);
  const isEqual = (a: number, b: number): boolean =>
    ranks[a] === ranks[b] && places[2 * a] === places[2 * b] && places[2 * a + 1] === places[2 * b + 1];
  const result = sorted.map((i) => ids[i]!);
  const hashes = new CHash(flat, limits);
  eachRun(sorted, isEqual, (start, end) => hashes.sort(result.subarray(start, end)));
  return result;
}

function rankOf(flat: FlatTypes, id: number): number {
  let named = false;
  let at = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    named ||= flat.name(at) !== 0;
    const kind = flat.kind(at);
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
    const kind = flat.kind(at);
    if (leadsOn(kind)) {
      at = flat.target(at);
      continue;
    }
    const goesByValue = at === id && (kind === ENUM || kind === ENUM64) && flat.name(at) === 0 && flat.vlen(at) > 0;
    return goesByValue ? flat.words[flat.tail(at)]! : flat.name(at);
  }
  return flat.btf.fail(id, 'the chain of types does not end');
}

/** Of each type two places among all their names: that of its own, and that of the one it goes by. The empty name has place 0. */
function namePlaces(flat: FlatTypes, ids: Uint32Array, limits: CLimits): Uint32Array {
  const offsets = new Uint32Array(2 * ids.length);
  const named = new Uint32Array(2 * ids.length);
  let count = 0;
  for (let i = 0; i < ids.length; i++) {
    const own = flat.name(ids[i]!);
    const goesBy = sortName(flat, ids[i]!);
    offsets[2 * i] = own;
    offsets[2 * i + 1] = goesBy;
    if (own !== 0) named[count++] = 2 * i;
    if (goesBy !== 0 && goesBy !== own) named[count++] = 2 * i + 1;
  }
  const places = new Uint32Array(offsets.length);
  const step = (bytes: number): void => limits.text(bytes);
  const sorted = sortedByString(named.subarray(0, count), flat.strings, offsets, step);
  let place = 0;
  for (let i = 0; i < count; i++) {
    const item = sorted[i]!;
    if (i === 0 || compareStrings(flat.strings, offsets[sorted[i - 1]!]!, offsets[item]!, step) !== 0) place++;
    places[item] = place;
  }
  for (let i = 1; i < offsets.length; i += 2) if (offsets[i] === offsets[i - 1]) places[i] = places[i - 1]!;
  return places;
}
