import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { Btf } from '../../src/btf/btf.js';
import { random } from '../mutate.js';

const BYTES = brotliDecompressSync(readFileSync(fileURLToPath(new URL('../../../test/data/vmlinux-7.2.btf.br', import.meta.url))));

test('in the types of a kernel, searching for names finds what an index of all of them finds', () => {
  const [searched, indexed] = [Btf.parse(BYTES), Btf.parse(BYTES)];
  indexed.indexNames();
  const next = random(7);
  const names = Array.from({ length: 6 }, () => searched.name(1 + (next() % (searched.count - 1)))).filter((name) => name !== '');
  // More than the budget of searches, so that the index takes over in the middle.
  for (const name of [
    'task_struct',
    'list_head',
    'int',
    'no_such_name',
    'bpf_map',
    ...names,
    'no such name either',
    'file',
    'sock',
    'net',
    'inode',
  ]) {
    assert.equal(searched.find(name), indexed.find(name), name);
    assert.deepEqual(searched.findAll(name), indexed.findAll(name), name);
    assert.deepEqual(searched.findEssential(name), indexed.findEssential(name), name);
  }
});
