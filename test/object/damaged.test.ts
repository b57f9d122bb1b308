import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParseError } from '../../src/bytes/cursor.js';
import { relocateCore } from '../../src/core-relo/relocate.js';
import { linkProgram } from '../../src/object/link.js';
import { parseObject } from '../../src/object/parse.js';
import { sanitizeBtf } from '../../src/object/sanitize-btf.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { objectBytes, parsed } from './objects.js';

/** Everything that is done with an object before the kernel sees it. */
function readWhole(bytes: Uint8Array): void {
  const spec = parseObject(bytes, { name: 'damaged.bpf.o' });
  const functions = [...spec.subprograms, ...spec.programs];
  const relocated = relocateCore(functions, spec.btf, () => ({ btf: spec.btf!, modules: () => [] }));
  const inputs = new Map(functions.map((fn, i) => [fn, relocated[i]!]));
  for (const program of spec.programs) linkProgram(spec, program, (fn) => inputs.get(fn)!);
  if (spec.btf) sanitizeBtf(spec.btf, { has: () => false });
}

for (const name of ['load-maps', 'load-externs', 'load-core', 'load-functions', 'load-data', 'struct-ops', 'load-legacy.clang-14']) {
  test(`${name}: a damaged copy is read, or refused with a sentence that says where`, () => {
    readWhole(objectBytes(name));
    assertOnlyParseErrors(objectBytes(name), 400, readWhole);
  });
}

test('nothing that is done with an object changes the bytes of its file', () => {
  for (const name of ['load-core', 'load-externs', 'struct-ops']) {
    const bytes = objectBytes(name);
    const before = Buffer.from(bytes).toString('hex');
    readWhole(bytes);
    readWhole(bytes);
    assert.equal(Buffer.from(bytes).toString('hex'), before);
  }
});

test('what is no object file for BPF is refused', () => {
  assert.throws(() => parseObject(new Uint8Array()), ParseError);
  assert.throws(() => parseObject(new TextEncoder().encode('#!/bin/sh\necho hello\n')), /not an ELF file/);
  const bytes = objectBytes('load-data').slice();
  bytes[16] = 2;
  assert.throws(() => parseObject(bytes), /not an object file for BPF/);
});

test('the same file gives the same spec', () => {
  const plain = (value: unknown) =>
    JSON.stringify(value, (key, v) => (key === 'btf' || key === 'hook' ? undefined : typeof v === 'bigint' ? String(v) : v));
  assert.equal(plain(parsed('load-maps')), plain(parsed('load-maps')));
});
