import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { type COptions, headerOf } from '../../src/btf/c.js';
import { padding } from '../../src/btf/c-padding.js';
import { CPrinter } from '../../src/btf/c-print.js';
import { encodeBtf } from '../../src/btf/encode.js';
import type { BtfMember, BtfType } from '../../src/btf/types.js';
import { Elf } from '../../src/elf/elf.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind, RawBtf } from './build.js';

const INT: BtfType = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 };

function header(btf: Btf, options?: COptions): string {
  let text = '';
  for (const chunk of headerOf(btf, options)) text += Buffer.from(chunk).toString();
  return text;
}

/** The definitions alone, without what every header begins and ends with. */
function definitions(types: readonly BtfType[], options: COptions = { unsorted: true }): string {
  const text = header(Btf.parse(encodeBtf(types)), options);
  return text.slice(
    text.indexOf('#endif\n#endif\n\n') + 15,
    text.search(/\n\/\* BPF kfuncs|#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop/),
  );
}

function struct(
  name: string,
  size: number,
  ...members: readonly (readonly [name: string, type: number, bitOffset: number, bits?: number])[]
): BtfType {
  const list: BtfMember[] = members.map(([member, type, bitOffset, bitfieldSize = 0]) => ({ name: member, type, bitOffset, bitfieldSize }));
  return { kind: 'STRUCT', name, size, members: list, kindFlag: true };
}

test('declarations read as bpftool prints them, by name and by id', () => {
  const elf = Elf.parse(new Uint8Array(readFileSync('test/progs/declarations.bpf.o')));
  const btf = Btf.parse(elf.section('.BTF')!.bytes);
  assert.equal(header(btf), readFileSync('test/data/declarations.sorted.h', 'utf8'));
  assert.equal(header(btf, { unsorted: true }), readFileSync('test/data/declarations.unsorted.h', 'utf8'));
});

test('only what the roots need is printed', () => {
  const types = [INT, struct('a', 4, ['x', 1, 0]), struct('b', 4, ['a', 2, 0]), struct('c', 4, ['x', 1, 0])];
  assert.equal(definitions(types, { roots: [3] }), 'struct a {\n\tint x;\n};\n\nstruct b {\n\tstruct a a;\n};\n\n');
});

test('the second type of a name is numbered, and so is the second value', () => {
  const values = [{ name: 'ON', value: 1n }];
  const types: BtfType[] = [
    INT,
    struct('s', 4, ['x', 1, 0]),
    struct('s', 4, ['y', 1, 0]),
    { kind: 'TYPEDEF', name: 't', type: 1 },
    { kind: 'TYPEDEF', name: 't', type: 3 },
    { kind: 'ENUM', name: 'e', size: 4, signed: false, values },
    { kind: 'ENUM64', name: 'e', size: 8, signed: true, values },
  ];
  const text = definitions(types);
  for (const line of [
    'struct s___2 {',
    'typedef struct s___2 t___2;',
    'ON = 1,',
    'ON___2 = 1LL,',
    'enum e___2 {',
    '__attribute__((mode(word)))',
  ]) {
    assert.ok(text.includes(line), line);
  }
});

test('functions that programs may call are declared, by name', () => {
  const tag = (name: string, type: number): BtfType => ({ kind: 'DECL_TAG', name, type, componentIndex: -1, kindFlag: false });
  const types: BtfType[] = [
    INT,
    { kind: 'FUNC_PROTO', returns: 1, params: [{ name: 'x', type: 1 }] },
    { kind: 'FUNC', name: 'later', type: 2, linkage: 1 },
    { kind: 'FUNC', name: 'early', type: 2, linkage: 1 },
    { kind: 'FUNC', name: 'hidden', type: 2, linkage: 1 },
    tag('bpf_kfunc', 3),
    tag('bpf_kfunc', 4),
    tag('bpf_fastcall', 4),
    tag('other', 5),
  ];
  const text = header(Btf.parse(encodeBtf(types)));
  assert.ok(text.includes('extern __bpf_fastcall int early(int x) __weak __ksym;\nextern int later(int x) __weak __ksym;\n#endif'));
  assert.ok(!text.includes('hidden'));
});

test('tags of types are attributes', () => {
  const types: BtfType[] = [
    INT,
    { kind: 'TYPE_TAG', name: 'rcu', type: 1, kindFlag: false },
    { kind: 'TYPE_TAG', name: 'address_space(1)', type: 1, kindFlag: true },
    { kind: 'PTR', type: 2 },
    { kind: 'PTR', type: 3 },
    struct('s', 16, ['a', 4, 0], ['b', 5, 64]),
  ];
  const text = definitions(types);
  assert.ok(text.includes('\tint __attribute__((btf_type_tag("rcu"))) *a;\n\tint __attribute__((address_space(1))) *b;\n'));
});

test('holes are filled by what the compiler would not leave out', () => {
  const rows: [from: number, to: number, align: number, inBitfield: boolean, holes: string[]][] = [
    [8, 32, 4, false, []],
    [8, 64, 4, false, ['long: 0']],
    [8, 32, 1, false, ['int: 0']],
    [32, 192, 8, false, ['long: 64', 'long: 64']],
    [3, 8, 1, true, ['char: 5']],
    [3, 5, 1, false, ['char: 2']],
    [64, 104, 1, false, ['long: 40']],
    [0, 65, 1, false, ['long: 64', 'char: 1']],
    [8, 8, 1, false, []],
  ];
  for (const [from, to, align, inBitfield, holes] of rows) {
    const found: string[] = [];
    padding(from, to, align, inBitfield, (hole) => found.push(hole));
    assert.deepEqual(found, holes, `${from} to ${to}`);
  }
});

test('types that cannot be written in C are refused', () => {
  assert.throws(() => definitions([struct('s', 4, ['s', 1, 0])]), { name: 'ParseError', message: /contains itself/ });
  assert.throws(() => definitions([{ kind: 'PTR', type: 1 }]), { name: 'ParseError', message: /nest too deep/ });
  assert.throws(() => definitions([{ kind: 'CONST', type: 1 }]), { name: 'ParseError' });
});

test('anonymous types that double at every level are refused, not printed', () => {
  const levels = Array.from({ length: 60 }, (_, i) => struct('', 4, ['a', i + 1, 0], ['b', i + 1, 0]));
  assert.throws(() => definitions([INT, ...levels, struct('s', 4, ['x', 61, 0])]), { name: 'ParseError', message: /without end|too long/ });
});

test('damaged types give parse errors and nothing else', () => {
  assertOnlyParseErrors(everyKind().bytes(), 1000, (damaged) => header(Btf.parse(damaged)));
});

test('a prototype that takes itself is refused before the stack ends', () => {
  const types: BtfType[] = [
    INT,
    { kind: 'FUNC_PROTO', returns: 1, params: [{ name: 'f', type: 2 }] },
    { kind: 'FUNC_PROTO', returns: 3, params: [{ name: 'f', type: 3 }] },
    struct('s', 8, ['f', 2, 0]),
  ];
  const btf = Btf.parse(encodeBtf(types));
  for (const id of [2, 3]) assert.throws(() => new CPrinter(btf).declaration(id, 'f'), { name: 'ParseError', message: /nest/ });
  assert.throws(() => header(btf), { name: 'ParseError', message: /nest/ });
});

test('types of a module are printed with all of the base that they go on from', () => {
  const base = Btf.parse(
    encodeBtf([INT, ...Array.from({ length: 20_000 }, (_, i) => struct(`${'long_name_'.repeat(8)}${i}`, 4, ['member', 1, 0]))]),
  );
  const text = header(Btf.parse(new RawBtf(true, base.strings.end).bytes(), { base }));
  assert.ok(text.includes('long_name_19999 {'));
});

test('the order is that of the bytes of names, however long they are', () => {
  const names = [
    'b',
    'ab',
    'abcd',
    'abcde',
    'abcdefghi',
    'abcdefghj',
    'abcdefgh',
    ...Array.from({ length: 60 }, (_, i) => `abcdefgh${i}x`),
  ];
  const text = definitions(
    names.map((name) => struct(name, 0)),
    {},
  );
  // bpftool leaves out the first, as if that were void.
  const expected = [...names].sort((a, b) => (a < b ? -1 : 1)).slice(1);
  assert.deepEqual(
    [...text.matchAll(/^struct (\w+)/gm)].map(([, name]) => name),
    expected,
  );
});
