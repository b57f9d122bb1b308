import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import type { BtfMember, BtfType } from '../../src/btf/types.js';
import { compileFormatter } from '../../src/btf/value.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { Elf } from '../../src/elf/elf.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind } from './build.js';

/** Types in order, id 1 first; a format of `typeId` over bytes. */
function format(types: readonly BtfType[], typeId: number, bytes: readonly number[], littleEndian = true): { json: string; plain: string } {
  const formatter = compileFormatter(Btf.parse(encodeBtf(types, { littleEndian })), typeId);
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return { json: formatter.json(view, 0), plain: formatter.plain(view, 0, 0) };
}

function int(name: string, bits: number, encoding = 0, offset = 0): BtfType {
  return { kind: 'INT', name, size: Math.ceil(bits / 8), bits, offset, encoding };
}

function struct(...members: readonly (readonly [name: string, type: number, bitOffset: number, bits?: number])[]): BtfType {
  const list: BtfMember[] = members.map(([name, type, bitOffset, bitfieldSize = 0]) => ({ name, type, bitOffset, bitfieldSize }));
  return { kind: 'STRUCT', name: 's', size: 16, members: list, kindFlag: list.some(({ bitfieldSize }) => bitfieldSize > 0) };
}

test('a struct with every kind of member reads as bpftool prints it', () => {
  const elf = Elf.parse(new Uint8Array(readFileSync('test/progs/values.bpf.o')));
  const btf = Btf.parse(elf.section('.BTF')!.bytes);
  const data = elf.section('.data')!.bytes;
  const offset = [...elf.symbols!.named('all')][0]!.value;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const formatter = compileFormatter(btf, btf.find('everything', 'STRUCT')!);
  const golden = (name: string) => readFileSync(`test/data/values.${name}`, 'utf8').trimEnd();
  assert.equal(formatter.json(view, offset), golden('compact.json'));
  assert.equal(formatter.json(view, offset, 3), golden('pretty.json'));
  assert.equal(formatter.plain(view, offset, 2), golden('plain.txt'));
});

test('a data section is an object with the list of its variables', () => {
  const types: BtfType[] = [
    int('int', 32, 1),
    { kind: 'VAR', name: 'a', type: 1, linkage: 1 },
    { kind: 'VAR', name: 'b', type: 1, linkage: 1 },
    {
      kind: 'DATASEC',
      name: '.data',
      size: 8,
      entries: [
        { type: 2, offset: 0, size: 4 },
        { type: 3, offset: 4, size: 4 },
      ],
    },
  ];
  const { json, plain } = format(types, 4, [1, 0, 0, 0, 255, 255, 255, 255]);
  assert.equal(json, '{".data":[{"a":1},{"b":-1}]}');
  assert.equal(plain, '{\n    ".data": [{\n            "a": 1\n        },{\n            "b": -1\n        }\n    ]\n}');
});

test('numbers of 64 bits keep all their digits', () => {
  const values = [
    0n,
    1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    2n ** 63n,
    2n ** 64n - 1n,
    2n ** 64n - 2n ** 53n,
    2n ** 64n - 2n ** 53n - 1n,
  ];
  for (const littleEndian of [true, false]) {
    const btf = Btf.parse(encodeBtf([int('u64', 64), int('s64', 64, 1)], { littleEndian }));
    for (const value of values) {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, value, littleEndian);
      assert.equal(compileFormatter(btf, 1).json(view, 0), String(value));
      assert.equal(compileFormatter(btf, 2).json(view, 0), String(BigInt.asIntN(64, value)));
    }
  }
});

test('bitfields are unsigned hexadecimal numbers at any bit of either byte order', () => {
  const bytes = [0xf1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
  const little = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const big = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  for (let start = 0; start < 32; start += 3) {
    for (const bits of [1, 5, 8, 17, 24, 31]) {
      const types = [int('int', 32, 1), struct(['x', 1, start, bits])];
      const expected = (value: bigint) => `{"x":"0x${BigInt.asUintN(bits, value).toString(16)}"}`;
      assert.equal(format(types, 2, bytes).json, expected(little >> BigInt(start)));
      assert.equal(format(types, 2, bytes, false).json, expected(big >> BigInt(64 - start - bits)));
    }
  }
});

test('integers that do not fill their bytes are bitfields, too, as old compilers wrote them', () => {
  assert.equal(format([int('a', 4, 0, 4)], 1, [0xa5]).json, '"0xa"');
  assert.equal(format([int('odd', 24)], 1, [1, 2, 3]).plain, '0x30201');
  assert.equal(format([int('int', 32), struct(['x', 1, 4])], 2, [0xf0, 0xff, 0xff, 0xff, 3]).json, '{"x":"0x3fffffff"}');
});

test('characters are a string only if all before the first zero byte can be printed', () => {
  const types: BtfType[] = [
    int('char', 8, 1),
    { kind: 'ARRAY', type: 1, index: 1, length: 4 },
    { kind: 'ARRAY', type: 2, index: 1, length: 2 },
  ];
  assert.equal(format(types, 2, [0x61, 0x22, 0, 0xff]).json, '"a\\""');
  assert.equal(format(types, 2, [0, 1, 2, 3]).json, '""');
  assert.equal(format(types, 2, [0x61, 0x7f, 0, 0]).json, '[97,127,0,0]');
  assert.equal(format(types, 2, [0x61, 0x62, 0x63, 0x64]).json, '[97,98,99,100]');
  assert.equal(format(types, 3, [0x61, 0, 0, 0, 0x62, 0, 0, 0]).json, '["a","b"]');
});

test('single characters, booleans and floating-point numbers', () => {
  assert.deepEqual(format([int('c', 8, 2)], 1, [0x41]), { json: '"A"', plain: '"A"' });
  assert.deepEqual(format([int('c', 8, 2)], 1, [0x22]), { json: '"\\""', plain: '"\\""' });
  assert.deepEqual(format([int('c', 8, 2)], 1, [7]), { json: '"\\u0007"', plain: '0x7' });
  assert.equal(format([int('bool', 8, 4)], 1, [2]).json, 'true');
  assert.equal(format([{ kind: 'FLOAT', name: 'float', size: 4 }], 1, [0, 0, 0xc0, 0x3f]).json, '1.5');
  assert.equal(format([{ kind: 'FLOAT', name: 'double', size: 8 }], 1, [0, 0, 0, 0, 0, 0, 0xf0, 0x7f]).json, '"Infinity"');
});

test('an enum is named by what its bytes mean', () => {
  const values = [
    { name: 'ON', value: 200n },
    { name: 'ALSO_ON', value: 200n },
  ];
  const small: BtfType = { kind: 'ENUM', name: 'e', size: 1, signed: false, values };
  assert.equal(format([small], 1, [200]).json, '"ON"');
  assert.equal(format([small], 1, [201]).json, '-55');
  const old: BtfType = { kind: 'ENUM', name: 'e', size: 8, signed: false, values };
  assert.equal(format([old], 1, [200, 0, 0, 0, 0, 0, 0, 0]).json, '"ON"');
  assert.equal(format([old], 1, [200, 0, 0, 0, 1, 0, 0, 0]).json, '4294967496');
});

test('a pointer to a function can be named by who knows what it stands for', () => {
  const types: BtfType[] = [
    { kind: 'FUNC_PROTO', returns: 0, params: [] },
    { kind: 'PTR', type: 1 },
    { kind: 'PTR', type: 0 },
    struct(['function', 2, 0], ['data', 3, 64]),
  ];
  const view = new DataView(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0).buffer);
  const formatter = compileFormatter(Btf.parse(encodeBtf(types)), 4, { functionPointer: (type, id) => `void () ${type}/prog_id:${id}` });
  assert.equal(formatter.json(view, 0), '{"function":"void () 1/prog_id:7","data":7}');
});

test('types without values are named as such', () => {
  const btf = Btf.parse(everyKind().bytes());
  const view = new DataView(new ArrayBuffer(0));
  assert.equal(compileFormatter(btf, 0).json(view, 0), '"(unknown)"');
  assert.equal(compileFormatter(btf, 7).plain(view, 0, 0), '(fwd-kind-invalid)');
  assert.equal(compileFormatter(btf, 13).json(view, 0), '"(unsupported-kind)"');
});

test('a value that the bytes do not hold is refused', () => {
  const btf = Btf.parse(encodeBtf([int('u32', 32), { kind: 'ARRAY', type: 1, index: 1, length: 0xffffffff }]));
  const view = new DataView(new ArrayBuffer(4));
  assert.equal(compileFormatter(btf, 1).json(view, 0), '0');
  assert.throws(() => compileFormatter(btf, 1).json(view, 1), ParseError);
  assert.throws(() => compileFormatter(btf, 2).json(view, 0), ParseError);
});

test('types that would print without end are refused', () => {
  const nothing: BtfType = { kind: 'STRUCT', name: '', size: 0, members: [], kindFlag: false };
  const arrays = Array.from({ length: 10 }, (_, i): BtfType => ({ kind: 'ARRAY', type: i + 1, index: 1, length: 0xffff }));
  const btf = Btf.parse(encodeBtf([nothing, ...arrays, struct(['again', 12, 0])]));
  const view = new DataView(new ArrayBuffer(64));
  for (const id of [4, 11, 12]) assert.throws(() => compileFormatter(btf, id).json(view, 0), ParseError);
});

test('values of damaged types give parse errors and nothing else', () => {
  const view = new DataView(new ArrayBuffer(64));
  for (let id = 1; id < 20; id++) {
    assertOnlyParseErrors(everyKind().bytes(), 100, (damaged) => compileFormatter(Btf.parse(damaged), id).json(view, 0));
  }
});

test('anonymous structs that double with every level are refused, not printed', () => {
  const levels = Array.from({ length: 20 }, (_, i): BtfType => struct(['', i + 1, 0], ['', i + 1, 0]));
  const btf = Btf.parse(encodeBtf([int('u8', 8), ...levels]));
  assert.throws(() => compileFormatter(btf, 21).json(new DataView(new ArrayBuffer(64)), 0), {
    name: 'ParseError',
    message: /too large to print/,
  });
});

test('the least and largest numbers of 64 bits keep all their digits', () => {
  const numbers = [
    0n,
    1n,
    -1n,
    2n ** 53n,
    -(2n ** 53n),
    2n ** 53n + 1n,
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    -(2n ** 32n),
    2n ** 32n,
  ];
  for (const number of numbers) {
    const bytes = [...new Uint8Array(BigInt64Array.of(number).buffer)];
    assert.equal(format([int('long', 64, 1)], 1, bytes).json, String(number));
    assert.equal(format([int('unsigned long', 64)], 1, bytes).json, String(BigInt.asUintN(64, number)));
    assert.equal(format([int('long', 64, 1)], 1, bytes.toReversed(), false).json, String(number));
  }
});

test('bit fields within four bytes are read from any bit', () => {
  for (let bits = 1; bits <= 32; bits++) {
    for (let within = 0; within < 8 && within + bits <= 32; within++) {
      const bytes = [0xd7, 0x3c, 0xa5, 0x96];
      const value = (0x96a53cd7 >>> within) & (2 ** bits - 1);
      assert.equal(
        format([int('unsigned int', 32), struct(['f', 1, within, bits])], 2, [...bytes, ...new Array(12).fill(0)]).json,
        `{"f":"0x${(value >>> 0).toString(16)}"}`,
      );
    }
  }
});
