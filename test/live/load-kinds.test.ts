import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { btfLoad } from '../../native/bpf.js';
import { load } from '../../src/load/load.js';
import { parseObject } from '../../src/object/parse.js';
import { sanitizeBtf } from '../../src/object/sanitize-btf.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { KernelFeatures } from '../../src/probe/features.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot, openBpfDescriptors, testObjectPath } from '../support/live.js';

const live = { skip: noRoot };
const PACKET = { data: new Uint8Array(64).fill(1) };

function specOf(name: string): ObjectSpec {
  return parseObject(readFileSync(testObjectPath(name)), { name: `${name}.bpf.o` });
}

test('variables in an arena have their first values', { skip: noRoot || (isOlderThan('6.9') && 'needs arenas (6.9)') }, () => {
  const before = openBpfDescriptors();
  {
    using object = load(specOf('load-kinds'), { only: ['uses_arena'] });
    const program = object.program('uses_arena')!;
    assert.equal(program.testRun(PACKET).returnValue, 6);
    assert.equal(program.testRun(PACKET).returnValue, 7);
  }
  assert.equal(openBpfDescriptors(), before);
});

test('an argument that is marked as the context is one in kernels that know the mark, and in older ones', live, () => {
  const now = new KernelFeatures();
  const spec = specOf('load-kinds');
  const maps = spec.maps.filter(({ name }) => name !== 'arena');
  const alone = { ...spec, maps, externs: [], programs: spec.programs.map((program) => ({ ...program, relocations: [] })) };
  for (const knows of now.has('argCtxTag') ? [true, false] : [false]) {
    const features = { has: (feature: Parameters<typeof now.has>[0]) => (feature === 'argCtxTag' ? knows : now.has(feature)) };
    using object = load(alone, { only: ['passes_context'], features });
    assert.equal(object.program('passes_context')!.testRun(PACKET).returnValue, 20, `knows the mark: ${knows}`);
  }
});

test('the function that runs when a program throws is taken along', {
  skip: noRoot || (isOlderThan('6.7') && 'needs exceptions (6.7)'),
}, () => {
  using object = load(specOf('load-kinds'), { only: ['throws'] });
  assert.equal(object.program('throws')!.testRun(PACKET).returnValue, 107);
});

test('types in the words of the oldest kernel that has types are still types', live, () => {
  const oldest = new Set(['btfFunc']);
  for (const name of ['load-data', 'load-externs', 'load-kinds', 'struct-ops', 'declarations']) {
    const spec = specOf(name);
    for (const has of [() => false, (feature: string) => oldest.has(feature)]) {
      const bytes = sanitizeBtf(spec.btf!, { has })!;
      btfLoad({ btf: bytes, btf_size: bytes.length })[Symbol.dispose]();
    }
  }
});
