import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { BtfBuilder } from '../../src/btf/encode.js';
import { type BtfExt, parseBtfExt } from '../../src/btf/ext.js';
import { decodeFuncInfo, decodeLineInfo, encodeFuncInfo, encodeLineInfo, sourceLine } from '../../src/btf/info.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { assertOnlyParseErrors } from '../mutate.js';

const builder = new BtfBuilder();
const XDP = builder.string('xdp');
const FILE = builder.string('a.c');
const TEXT = builder.string('  return 0;');
const ACCESS = builder.string('0:1');
const btf = Btf.parse(builder.bytes());

/** The parts of .BTF.ext, each as words: the record size, then for each section name, count and records. */
function ext(parts: readonly number[][], { littleEndian = true, headerLength = 8 + parts.length * 8 } = {}): Uint8Array {
  const view = new DataView(new ArrayBuffer(headerLength + parts.flat().length * 4));
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  view.setUint32(4, headerLength, littleEndian);
  let offset = 0;
  parts.forEach((part, i) => {
    view.setUint32(8 + i * 8, offset, littleEndian);
    view.setUint32(12 + i * 8, part.length * 4, littleEndian);
    part.forEach((word, n) => void view.setUint32(headerLength + offset + n * 4, word, littleEndian));
    offset += part.length * 4;
  });
  return new Uint8Array(view.buffer);
}

const FUNCTIONS = [8, XDP, 2, 0, 5, 16, 6];
const LINES = [16, XDP, 1, 8, FILE, TEXT, (42 << 10) | 3];
const RELOS = [16, XDP, 1, 24, 9, ACCESS, 2];

const EXPECTED: BtfExt = {
  functions: new Map([
    [
      'xdp',
      [
        { instruction: 0, typeId: 5 },
        { instruction: 2, typeId: 6 },
      ],
    ],
  ]),
  lines: new Map([['xdp', [{ instruction: 1, fileName: FILE, line: TEXT, lineColumn: (42 << 10) | 3 }]]]),
  coreRelos: new Map([['xdp', [{ instruction: 3, typeId: 9, access: '0:1', kind: 2 }]]]),
};

test('functions, lines and relocations are read by section, in both byte orders', () => {
  for (const littleEndian of [true, false]) assert.deepEqual(parseBtfExt(ext([FUNCTIONS, LINES, RELOS], { littleEndian }), btf), EXPECTED);
});

test('a header without CO-RE relocations is an older one', () => {
  assert.deepEqual(parseBtfExt(ext([FUNCTIONS, LINES]), btf), { ...EXPECTED, coreRelos: new Map() });
});

test('longer records are those of a newer writer', () => {
  const longer = [12, XDP, 2, 0, 5, 77, 16, 6, 77];
  assert.deepEqual(parseBtfExt(ext([longer, LINES, RELOS]), btf), EXPECTED);
});

test('a line says file, text, line and column', () => {
  const [line] = EXPECTED.lines.get('xdp')!;
  assert.deepEqual(sourceLine(btf, line!), { file: 'a.c', text: '  return 0;', line: 42, column: 3 });
});

test('counts that the section does not hold are refused', () => {
  for (const part of [
    [8, XDP, 0xffffffff, 0, 5],
    [4, XDP, 1, 0],
    [8, XDP],
    [8, XDP, 2, 0, 5],
  ]) {
    assert.throws(() => parseBtfExt(ext([part, [], []]), btf), ParseError);
  }
});

test('records that are malformed in themselves are kept, for the loader to refuse when it comes to them', () => {
  const { functions, coreRelos } = parseBtfExt(ext([[8, 9999, 1, 0, 0], [], [16, XDP, 1, 3, 1, 9999, 0]]), btf);
  assert.deepEqual([...functions.keys()], ['']);
  assert.deepEqual(coreRelos.get('xdp'), [{ instruction: 3 / 8, typeId: 1, access: '', kind: 0 }]);
});

test('damaged sections give parse errors and nothing else', () => {
  assertOnlyParseErrors(ext([FUNCTIONS, LINES, RELOS]), 3000, (damaged) => parseBtfExt(damaged, btf));
});

test('records for the kernel are read back the same', () => {
  const functions = EXPECTED.functions.get('xdp')!;
  const lines = EXPECTED.lines.get('xdp')!;
  assert.deepEqual(decodeFuncInfo(encodeFuncInfo(functions)), functions);
  assert.deepEqual(decodeLineInfo(encodeLineInfo(lines)), lines);
  assert.deepEqual(decodeFuncInfo(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 9, 9, 9, 9), 12), [{ instruction: 1, typeId: 2 }]);
  assert.throws(() => decodeLineInfo(new Uint8Array(20)), ParseError);
});
