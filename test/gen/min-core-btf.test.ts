import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { Btf } from '../../src/btf/btf.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { CoreKind } from '../../src/core-relo/kinds.js';
import { CoreRelocator } from '../../src/core-relo/relocate.js';
import { type CoreObject, minimizeBtf } from '../../src/gen/min-core-btf.js';
import { readCoreObject, readTypes } from '../../src/gen/sources.js';
import { RawBtf } from '../btf/build.js';

const object = readCoreObject(readFileSync('test/progs/gen-core.bpf.o'), 'gen-core.bpf.o');
const kernel = Btf.parse(brotliDecompressSync(readFileSync('test/data/vmlinux-7.2.btf.br')));
const minimal = Btf.parse(minimizeBtf(kernel, [object]));

function answers({ btf, relocations }: CoreObject, types: Btf): unknown[] {
  const kernelTypes = { btf: types, modules: () => [] };
  const relocator = new CoreRelocator(btf, () => kernelTypes);
  return relocations.map((relocation) => {
    const { value, ...result } = relocator.resolve(relocation, assert.fail);
    return { ...result, value: relocation.kind === CoreKind.TYPE_ID_TARGET ? value > 0n : value };
  });
}

test('relocations have the same answers against the reduced types as against all', () => {
  const kinds = new Set(object.relocations.map(({ kind }) => kind));
  assert.deepEqual(
    [...kinds].sort((a, b) => a - b),
    Object.values(CoreKind),
  );
  assert.deepEqual(answers(object, minimal), answers(object, kernel));
});

test('only what relocations go through is left of the types', () => {
  assert.ok(minimal.count < 60, `${minimal.count} types`);
  const task = minimal.type(minimal.find('task_struct', 'STRUCT')!);
  assert.deepEqual(
    task.kind === 'STRUCT' &&
      task.members
        .map(({ name }) => name)
        .filter((name) => name !== '')
        .sort(),
    ['comm', 'cred', 'group_leader', 'sched_reset_on_fork'],
  );
  assert.equal(minimal.find('no_such_struct'), undefined);
});

test('a type that is matched as a whole keeps all its members', () => {
  const list = minimal.type(minimal.find('list_head', 'STRUCT')!);
  assert.deepEqual(list.kind === 'STRUCT' && list.members.map(({ name }) => name), ['next', 'prev']);
});

test('the types of several objects are kept together', () => {
  const none: CoreObject = { what: 'none', btf: object.btf, relocations: [] };
  assert.deepEqual(minimizeBtf(kernel, [none, object, object]), minimal.bytes);
  assert.equal(Btf.parse(minimizeBtf(kernel, [none])).count, 1);
});

test('of types of the same name all that match are kept', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4);
  raw.type(4, 'pair', 2, 8, [raw.string('a'), int, 0, raw.string('b'), int, 32]);
  raw.type(4, 'pair', 1, 8, [raw.string('a'), int, 0]);
  const types = Btf.parse(raw.bytes());
  const read = (access: string) => ({ instruction: 0, typeId: 2, access, kind: CoreKind.FIELD_BYTE_OFFSET });
  const both: CoreObject = { what: 'both', btf: types, relocations: [read('0:0'), read('0:1')] };
  const kept = Btf.parse(minimizeBtf(types, [both]));
  assert.deepEqual(kept.findAll('pair').length, 2);
  assert.deepEqual(answers(both, kept), answers(both, types));
});

test('an array without length does not become the last member', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4);
  const none = raw.type(3, '', 0, 0, [int, int, 0]);
  raw.type(4, 'odd', 3, 8, [raw.string('a'), int, 0, raw.string('data'), none, 32, raw.string('b'), int, 32]);
  const types = Btf.parse(raw.bytes());
  const size = { instruction: 0, typeId: 3, access: '0:1', kind: CoreKind.FIELD_BYTE_SIZE };
  const kept = Btf.parse(minimizeBtf(types, [{ what: 'odd', btf: types, relocations: [size] }]));
  const odd = kept.type(kept.find('odd')!);
  assert.deepEqual(odd.kind === 'STRUCT' && odd.members.map(({ name }) => name), ['data', 'b']);
});

test('a relocation that has two answers is refused by name', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4);
  raw.type(4, 'pair', 1, 4, [raw.string('a'), int, 0]);
  raw.type(4, 'pair', 1, 8, [raw.string('a'), int, 32]);
  const types = Btf.parse(raw.bytes());
  const relocations = [{ instruction: 3, typeId: 2, access: '0:0', kind: CoreKind.FIELD_BYTE_OFFSET }];
  assert.throws(() => minimizeBtf(types, [{ what: 'x.o', btf: types, relocations }]), {
    name: 'ParseError',
    message: /x\.o, relocation <byte_off> \[2\] struct pair\.a .*ambiguous/,
  });
});

test('of split BTF what is kept stands on its own', () => {
  const base = new RawBtf();
  const int = base.int('int', 4);
  const baseBtf = Btf.parse(base.bytes());
  const split = new RawBtf(true, baseBtf.strings.end);
  split.type(4, 'pair', 1, 4, [split.string('a'), int, 0]);
  const module = Btf.parse(split.bytes(), { base: baseBtf });
  const object: CoreObject = {
    what: 'x.o',
    btf: module,
    relocations: [{ instruction: 0, typeId: 2, access: '0:0', kind: CoreKind.FIELD_BYTE_SIZE }],
  };
  const kept = Btf.parse(minimizeBtf(module, [object]));
  assert.deepEqual([kept.count, kept.find('pair') !== undefined, kept.find('int') !== undefined], [3, true, true]);
});

test('types are read from BTF and from ELF files, nothing else', () => {
  assert.equal(readTypes(minimal.bytes, 'small.btf').count, minimal.count);
  assert.ok(readTypes(readFileSync('test/progs/gen-core.bpf.o'), 'gen-core.bpf.o').count > 10);
  assert.throws(() => readTypes(new TextEncoder().encode('hello, world'), 'hello'), ParseError);
  assert.throws(() => readCoreObject(readFileSync(process.execPath), 'node'), /node: it has no section \.BTF/);
});
