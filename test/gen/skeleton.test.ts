import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cString } from '../../src/gen/skeleton/c-string.js';
import { headerGuard, skeletonName } from '../../src/gen/skeleton/identifiers.js';
import { skeleton } from '../../src/gen/skeleton/skeleton.js';
import { subskeleton } from '../../src/gen/skeleton/subskeleton.js';
import { parseObject } from '../../src/object/parse.js';

const bytes = new Uint8Array(readFileSync('test/progs/gen-types.bpf.o'));
const NAME = 'gen_types_bpf';
const expected = (kind: string) => readFileSync(`test/data/gen-types.${kind}.h`, 'utf8');
// test/data has the headers that bpftool 7.8 writes, without the object file's bytes.
const withoutBytes = (text: string) => text.replace(/^(?:\\x..|\\0)+(?:\\\n|(?="))/gm, '');

test('a skeleton is the one that bpftool writes', () => {
  const text = [...skeleton(parseObject(bytes, { name: NAME }), bytes, NAME)].join('');
  assert.equal(withoutBytes(text), expected('skeleton'));
  const embedded = [...text.matchAll(/\\(?:x(..)|0)/g)].map(([, digits]) => (digits ? Number.parseInt(digits, 16) : 0));
  assert.deepEqual(Uint8Array.from(embedded), bytes);
});

test('a subskeleton is the one that bpftool writes', () => {
  assert.equal(subskeleton(parseObject(bytes), NAME), expected('subskeleton'));
});

test('a subskeleton without types is refused', () => {
  const spec = { ...parseObject(bytes), btf: undefined };
  assert.throws(() => subskeleton(spec, NAME), { name: 'UsageError', message: /compile it with -g/ });
});

test('a skeleton is called after its file, in a name that C takes', () => {
  const names = {
    '/a/b.c/prog.bpf.o': 'prog_bpf',
    'my-prog.o': 'my_prog',
    'prog.obj': 'prog_obj',
    '3d.o': '_3d',
    'int.o': 'int_',
    'grün.o': 'gr_n',
  };
  for (const [file, name] of Object.entries(names)) assert.equal(skeletonName(file), name, file);
  assert.equal(skeletonName('x.o', 'my-own'), 'my_own');
  assert.equal(skeletonName(`${'n'.repeat(70)}.o`).length, 63);
  assert.equal(headerGuard('my_prog', 'SKEL_H'), '__MY_PROG_SKEL_H__');
});

test('bytes stand on lines of at most 78 characters', () => {
  const lines = [...cString(Uint8Array.from({ length: 50 }, (_, i) => i % 3))].join('').split('\\\n');
  assert.ok(lines.every((line) => line.length <= 78));
  assert.equal(lines[0]!.slice(0, 10), '\\0\\x01\\x02');
});
