import { Btf } from '../btf/btf.js';
import { checkRecords } from '../btf/check.js';
import { encodeBtf } from '../btf/encode.js';
import type { BtfType } from '../btf/types.js';
import { renumbered } from './references.js';
import { dedupSplit } from './split/dedup-split.js';

/**
 * The own types of several BTFs that go on from the same base as one that does, without repetitions of each other or the base: those of several modules,
 * say.
 *
 * @throws ParseError when a type is malformed
 */
export function mergeTypes(parts: readonly Btf[], base: Btf, what: string): Btf {
  const first = base.count;
  const types: BtfType[] = [];
  for (let id = 0; id < first; id++) types.push(base.type(id));
  for (const part of parts) {
    checkRecords(part);
    const moved = types.length - first;
    for (const id of part.ids()) types.push(renumbered(part.type(id), (to) => (to < first ? to : to + moved)));
  }
  return Btf.parse(encodeBtf(dedupSplit(types, first, what), { base, littleEndian: base.littleEndian }), { base, what });
}
