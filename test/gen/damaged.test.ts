import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { UsageError } from '../../src/errors.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { minimizeBtf } from '../../src/gen/min-core-btf.js';
import { skeleton } from '../../src/gen/skeleton/skeleton.js';
import { subskeleton } from '../../src/gen/skeleton/subskeleton.js';
import { readCoreObject } from '../../src/gen/sources.js';
import { typescriptModule } from '../../src/gen/ts/module.js';
import { parseObject } from '../../src/object/parse.js';
import { assertOnlyParseErrors } from '../mutate.js';

const bytesOf = (name: string) => new Uint8Array(readFileSync(`test/progs/${name}.bpf.o`));
const ROUNDS = Number(process.env.BPF_TS_FUZZ_ROUNDS ?? 300);

/** Objects that are well formed may still not go together. */
function link(...objects: Uint8Array[]): void {
  try {
    linkObjects(objects.map((bytes, index) => ({ what: `object ${index}`, bytes })));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
}

test('damaged objects are linked or refused', () => {
  const [main, library] = [bytesOf('gen-link-main'), bytesOf('gen-link-lib')];
  assertOnlyParseErrors(library, ROUNDS, (bytes) => link(main, bytes));
  // What is linked has no debug information: more of the damage hits what matters.
  assertOnlyParseErrors(linkObjects([{ what: 'main', bytes: main }]), ROUNDS, (bytes) => link(bytes, library));
});

test('damaged objects give code or are refused', () => {
  const linked = linkObjects([{ what: 'types', bytes: bytesOf('gen-types') }]);
  assertOnlyParseErrors(linked, ROUNDS, (bytes) => {
    const spec = parseObject(bytes, { name: 'damaged' });
    typescriptModule(spec, bytes, { name: 'damaged', file: 'damaged.o' });
    for (const _ of skeleton(spec, bytes, 'damaged'));
    if (spec.btf) subskeleton(spec, 'damaged');
  });
});

test('damaged types are reduced or refused', () => {
  const kernel = linkObjects([{ what: 'core', bytes: bytesOf('gen-core') }]);
  const object = readCoreObject(kernel, 'core');
  assertOnlyParseErrors(object.btf.bytes, ROUNDS, (bytes) => minimizeBtf(Btf.parse(bytes), [object]));
  assertOnlyParseErrors(kernel, ROUNDS, (bytes) => minimizeBtf(object.btf, [readCoreObject(bytes, 'damaged')]));
});
