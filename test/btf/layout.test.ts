import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { layoutOf } from '../../src/btf/layout.js';
import { layoutText } from '../../src/btf/layout-text.js';
import type { BtfType } from '../../src/btf/types.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { Elf } from '../../src/elf/elf.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind } from './build.js';

const elf = Elf.parse(new Uint8Array(readFileSync('test/progs/declarations.bpf.o')));
const declarations = Btf.parse(elf.section('.BTF')!.bytes);

function text(name: string): string {
  return layoutText(layoutOf(declarations, declarations.find(name)!));
}

test('holes, padding and bitfields of a struct are shown', () => {
  assert.equal(
    text('bits'),
    `struct bits {
	int a: 3;                                       /*     0:0     3 bits */
	/* 5 bits hole */
	unsigned int b: 20;                             /*     1:0    20 bits */
	/* 4 bits hole */
	_Bool c: 1;                                     /*     4:0     1 bit */
	/* 31 bits hole */
	long d: 33;                                     /*     8:0    33 bits */
	/* 7 bits hole */
	char e;                                         /*    13       1 */
	int f: 7;                                       /*    14:0     7 bits */

	/* size: 16, cachelines: 1, members: 6, holes: 4 (47 bits), padding: 9 bits, last cacheline: 16 bytes */
};
`,
  );
});

test('anonymous members are shown with what is in them, at offsets of the whole', () => {
  const lines = text('nested').split('\n');
  assert.deepEqual(lines.slice(1, 11), [
    '\tstruct {',
    '\t\tint x;                                  /*     0       4 */',
    '\t\tstruct empty empty;                     /*     4       0 */',
    '\t\tunion {',
    '\t\t\tu32 y;                          /*     4       4 */',
    '\t\t\tstruct {',
    '\t\t\t\tchar z;',
    '\t\t\t} deep[2];                      /*     4       2 */',
    '\t\t};                                      /*     4       4 */',
    '\t};                                              /*     0       8 */',
  ]);
});

test('a union has no holes', () => {
  const layout = layoutOf(declarations, declarations.find('either')!);
  assert.deepEqual(
    layout.parts.map(({ kind, start, length }) => [kind, start, length]),
    [
      ['member', 0, 48 * 8],
      ['member', 0, 32 * 8],
    ],
  );
});

test('the same place in two members is no hole', () => {
  const member = (name: string, bitOffset: number) => ({ name, type: 1, bitOffset, bitfieldSize: 0 });
  const btf = Btf.parse(
    encodeBtf([
      { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 },
      { kind: 'STRUCT', name: 's', size: 8, members: [member('a', 0), member('b', 0), member('c', 32)], kindFlag: false },
    ]),
  );
  assert.ok(layoutOf(btf, 2).parts.every(({ kind }) => kind === 'member'));
});

test('only structs and unions have a layout', () => {
  assert.throws(() => layoutOf(declarations, declarations.find('u32')!), { name: 'ParseError', message: /TYPEDEF has no layout/ });
});

test('layouts of damaged types give parse errors and nothing else', () => {
  assertOnlyParseErrors(everyKind().bytes(), 1000, (damaged) => {
    const btf = Btf.parse(damaged);
    for (const id of [4, 5]) {
      try {
        layoutText(layoutOf(btf, id));
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
      }
    }
  });
});

test('anonymous structs that double with every level are refused, not laid out', () => {
  const levels = Array.from({ length: 20 }, (_, i): BtfType => {
    const member = { name: '', type: i + 1, bitOffset: 0, bitfieldSize: 0 };
    return { kind: 'STRUCT', name: '', size: 4, members: [member, member], kindFlag: false };
  });
  const btf = Btf.parse(encodeBtf([{ kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 }, ...levels]));
  assert.throws(() => layoutOf(btf, 21), { name: 'ParseError', message: /nest without end/ });
});
