import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import type { BtfType } from '../../src/btf/types.js';
import { mergeTypes } from '../../src/gen/merge-types.js';

const INT: BtfType = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 };
const struct = (name: string, type: number): BtfType => ({
  kind: 'STRUCT',
  name,
  size: 8,
  members: [{ name: 'm', type, bitOffset: 0, bitfieldSize: 0 }],
  kindFlag: false,
});

test('types of several modules become those of one, without what the base or another one has', () => {
  const base = Btf.parse(encodeBtf([INT, { kind: 'PTR', type: 1 }, struct('known', 2), INT]));
  const split = (...types: BtfType[]) => Btf.parse(encodeBtf(types, { base }), { base });
  const one = split(struct('known', 2), { kind: 'PTR', type: 5 }, struct('shared', 6));
  const two = split({ kind: 'CONST', type: 3 }, struct('shared', 7), { kind: 'PTR', type: 3 }, struct('own', 6));
  const merged = mergeTypes([one, two], base, 'both');
  assert.equal(merged.startId, 5);
  assert.deepEqual(
    [...merged.ids()].map((id) => merged.type(id)),
    [{ kind: 'PTR', type: 3 }, struct('shared', 5), { kind: 'CONST', type: 3 }, struct('own', 6)],
  );
});
