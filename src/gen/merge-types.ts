import { Btf } from '../btf/btf.js';
import { encodeBtf } from '../btf/encode.js';
import type { BtfType } from '../btf/types.js';
import { dedupTypes } from './dedup.js';
import { renumbered } from './references.js';

/**
 * The own types of several BTFs that go on from the same base as one that does, without repetitions of each other or the base: those of several modules,
 * say.
 *
 * @throws ParseError when a type is malformed
 */
export function mergeTypes(parts: readonly Btf[], base: Btf, what: string): Btf {
  const first = base.count;
  const types: BtfType[] = [];
  for (let id = 1; id < first; id++) types.push(base.type(id));
  for (const part of parts) {
    const moved = types.length + 1 - first;
    for (const id of part.ids()) types.push(renumbered(part.type(id), (to) => (to < first ? to : to + moved)));
  }
  const merged = dedupTypes(types, first - 1).types.slice(first - 1);
  return Btf.parse(encodeBtf(merged, { base, littleEndian: base.littleEndian }), { base, what });
}
