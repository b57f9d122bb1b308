// Types of several files on top of those that they go on from, merged by both tools.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { encodeBtf } from '../../src/btf/encode.js';
import { renumbered } from '../../src/gen/references.js';
import { readTypes } from '../../src/gen/sources.js';
import { capture } from '../support/capture.js';
import { testObjectPath } from '../support/live.js';
import { referenceVersion, runReference } from '../support/reference.js';

/** A base, and two objects whose types go on from it, as a module's from the kernel's. */
const SETS = [
  ['declarations', 'load-core', 'load-maps'],
  ['load-core', 'load-core', 'load-data'],
  ['load-maps', 'run', 'run'],
  ['run', 'declarations', 'load-externs'],
] as const;

describe('btf dump of several files', { skip: referenceVersion < 708 && 'needs bpftool 7.8 to compare with' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-merge-'));
  after(() => rmSync(folder, { recursive: true }));

  /** The types of an object as if they had been split from those of the base, with all that the base has as well. */
  function split(base: string, object: string, name: string): string {
    const known = readTypes(readFileSync(base), base);
    const own = readTypes(readFileSync(object), object);
    const types = [...own.ids()].map((id) => renumbered(own.type(id), (to) => (to === 0 ? 0 : to + known.count - 1)));
    const path = join(folder, name);
    writeFileSync(path, encodeBtf(types, { base: known }));
    return path;
  }

  for (const [baseName, ...names] of SETS) {
    test(`${names.join(' and ')} on top of ${baseName}`, async () => {
      const base = testObjectPath(baseName);
      const files = names.flatMap((name, i) => ['file', split(base, testObjectPath(name), `${i}.btf`)]);
      for (const format of [[], ['format', 'c'], ['format', 'c', 'unsorted']]) {
        const line = ['-B', base, 'btf', 'dump', ...files, ...format];
        const [ours, theirs] = [await capture(line), runReference(line)];
        assert.deepEqual([ours.status, ours.out], [theirs.status, theirs.out]);
      }
    });
  }

  test('files that go on from nothing, and types of another base, are refused', async () => {
    const [one, two] = [testObjectPath('load-core'), testObjectPath('load-maps')];
    for (const line of [
      ['btf', 'dump', 'file', one, 'file', two],
      ['-B', testObjectPath('declarations'), 'btf', 'dump', 'file', one, 'file', two],
    ]) {
      const [ours, theirs] = [await capture(line), runReference(line)];
      assert.deepEqual([ours.status, ours.out], [234, '']);
      assert.equal(theirs.status, 234);
      assert.match(ours.err, /^Error: /m);
    }
  });
});
