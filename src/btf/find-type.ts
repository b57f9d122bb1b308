import type { Btf } from './btf.js';
import type { BtfKind } from './types.js';

/** What can be asked for by name: tags are texts, not names. */
const NAMED: ReadonlySet<BtfKind> = new Set([
  'INT',
  'FLOAT',
  'STRUCT',
  'UNION',
  'ENUM',
  'ENUM64',
  'FWD',
  'TYPEDEF',
  'FUNC',
  'VAR',
  'DATASEC',
] satisfies BtfKind[]);

/** Typing errors that a name is still recognised with. */
const MAX_ERRORS = 3;
const LETTERS_PER_ERROR = 4;

/**
 * The types of a name, of its base too, in the order of their ids; of some kinds only, if they are given. Declarations are left out where there is a
 * definition.
 */
export function typesNamed(btf: Btf, name: string, kinds: readonly BtfKind[] = []): number[] {
  return preferred(
    btf,
    btf.findAll(name).filter((id) => isWanted(btf, id, kinds)),
  );
}

/** The same of all names that a pattern fits. */
export function typesLike(btf: Btf, pattern: RegExp, kinds: readonly BtfKind[] = []): number[] {
  const ids: number[] = [];
  for (let id = 1; id < btf.count; id++) if (isWanted(btf, id, kinds) && pattern.test(btf.name(id))) ids.push(id);
  return preferred(btf, ids);
}

function isWanted(btf: Btf, id: number, kinds: readonly BtfKind[]): boolean {
  const kind = btf.kind(id);
  return NAMED.has(kind) && (kinds.length === 0 || kinds.includes(kind));
}

function preferred(btf: Btf, ids: readonly number[]): number[] {
  const defined = new Set(ids.filter((id) => btf.kind(id) === 'STRUCT' || btf.kind(id) === 'UNION').map((id) => btf.name(id)));
  return ids.filter((id) => btf.kind(id) !== 'FWD' || !defined.has(btf.name(id)));
}

/** Up to `most` names that are nearly this one: with few letters more, fewer or others, the nearest first. */
export function namesNear(btf: Btf, name: string, most = 3): string[] {
  const errors = Math.min(MAX_ERRORS, Math.max(1, Math.floor(name.length / LETTERS_PER_ERROR)));
  const near = new Map<string, number>();
  for (let id = 1; id < btf.count; id++) {
    if (!isWanted(btf, id, [])) continue;
    const other = btf.name(id);
    if (Math.abs(other.length - name.length) > errors || near.has(other)) continue;
    const distance = editDistance(name.toLowerCase(), other.toLowerCase());
    if (distance <= errors) near.set(other, distance);
  }
  return [...near]
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([other]) => other);
}

/** How many letters have to be put in, taken out or changed to make one text of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
