import { CHash, leadsOn } from './c-hash.js';
import type { CLimits } from './c-limits.js';
import type { FlatTypes } from './flat.js';
import { DATASEC, ENUM, ENUM64, FLOAT, FUNC, FUNC_PROTO, INT, STRUCT, UNION, VAR } from './kind-numbers.js';
import { equalRuns, radixSorted } from './radix.js';

/** Types of this rank have no name of their own, or none that matters, and come last. */
const LAST = 10;
const MAX_DEPTH = 1000;

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
  const ranks = new Uint8Array(flat.count);
  const names = new Uint32Array(flat.count);
  for (const id of ids) {
    ranks[id] = rankOf(flat, id);
    names[id] = sortName(flat, id);
  }
  const order = orderOfNames(flat, ids, names, limits);
  const places = [(id: number) => order[flat.name(id)]!, (id: number) => order[names[id]!]!];
  const sorted = radixSorted(ids, [...places.flatMap(halves), (id) => ranks[id]!]);
  const hashes = new CHash(flat, limits);
  const isEqual = (a: number, b: number): boolean =>
    ranks[a] === ranks[b] && order[names[a]!] === order[names[b]!] && order[flat.name(a)] === order[flat.name(b)];
  for (const [start, end] of equalRuns(sorted, isEqual)) hashes.sort(sorted.subarray(start, end));
  return sorted;
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

/** By string offset, the place of each name among all that types are sorted by; the same for equal names. The empty name has place 0. */
function orderOfNames(flat: FlatTypes, ids: Uint32Array, names: Uint32Array, limits: CLimits): Uint32Array {
  const order = new Uint32Array(flat.strings.length);
  const offsets: number[] = [];
  const note = (offset: number): void => {
    if (offset === 0 || order[offset] !== 0) return;
    order[offset] = 1;
    offsets.push(offset);
  };
  for (const id of ids) {
    note(flat.name(id));
    note(names[id]!);
  }
  const sorted = sortedByText(flat.strings, Uint32Array.from(offsets), limits);
  let place = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || compareText(flat.strings, sorted[i - 1]!, sorted[i]!, limits) !== 0) place++;
    order[sorted[i]!] = place;
  }
  return order;
}

/** By radix for the first bytes; what has them in common is compared. */
function sortedByText(strings: Uint8Array, offsets: Uint32Array, limits: CLimits): Uint32Array {
  const pair = (first: number) => (offset: number) => {
    for (let i = 0; i < first; i++) if (strings[offset + i] === 0) return 0;
    const high = strings[offset + first]!;
    return high === 0 ? 0 : (high << 8) | strings[offset + first + 1]!;
  };
  const digits = [pair(4), pair(2), pair(0)];
  const sorted = radixSorted(offsets, digits);
  const isEqual = (a: number, b: number): boolean => digits.every((digit) => digit(a) === digit(b));
  for (const [start, end] of equalRuns(sorted, isEqual)) {
    const run = Array.from(sorted.subarray(start, end));
    sorted.set(
      run.sort((a, b) => compareText(strings, a, b, limits)),
      start,
    );
  }
  return sorted;
}

function compareText(strings: Uint8Array, a: number, b: number, limits: CLimits): number {
  let i = 0;
  while (strings[a + i] === strings[b + i] && strings[a + i] !== 0) i++;
  limits.text(i);
  return strings[a + i]! - strings[b + i]!;
}

/** A number of 32 bits as two digits, the lower first. */
function halves(read: (id: number) => number): ((id: number) => number)[] {
  return [(id) => read(id) & 0xffff, (id) => read(id) >>> 16];
}
