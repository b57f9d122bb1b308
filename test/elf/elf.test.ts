import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ParseError } from '../../src/bytes/cursor.js';
import { SectionFlags, SectionType, SymbolBinding, SymbolType } from '../../src/elf/constants.js';
import { Elf } from '../../src/elf/elf.js';
import { notesIn } from '../../src/elf/notes.js';
import { fileOffset, segments } from '../../src/elf/segments.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { buildElf, relocations, strings, symbols } from './build.js';

/** An object with a program, a symbol of each kind of section index, and both kinds of relocations. */
function object(littleEndian: boolean): Uint8Array {
  const names = strings(['', 'prog', 'absent', 'fixed', 'shared']);
  const [, prog, absent, fixed, shared] = names.offsets as [number, number, number, number, number];
  const table = [[], [prog, 0x12, 2, 1, 8, 16], [absent, 0x20, 0, 0], [fixed, 0, 0, 0xfff1, 7], [shared, 0x11, 0, 0xfff2, 8, 4]];
  return buildElf(
    [
      { name: 'xdp', flags: SectionFlags.ALLOC | SectionFlags.EXECINSTR, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      { name: '.bss', type: SectionType.NOBITS, size: 1 << 30 },
      { name: '.symtab', type: SectionType.SYMTAB, link: 4, entrySize: 24, bytes: symbols(table, littleEndian) },
      { name: '.strtab', type: SectionType.STRTAB, bytes: names.bytes },
      { name: '.relxdp', type: SectionType.REL, link: 3, info: 1, entrySize: 16, bytes: relocations([[0, 10, 1]], littleEndian) },
      { name: '.relaxdp', type: SectionType.RELA, link: 3, info: 1, entrySize: 24, bytes: relocations([[4, 1, 4, -3]], littleEndian) },
    ],
    littleEndian,
  );
}

/** Everything there is to be read of a file. */
function readAll(bytes: Uint8Array): void {
  const elf = Elf.parse(bytes);
  segments(elf);
  for (const section of elf.sections) {
    for (const relocation of elf.relocations(section)) elf.symbols?.at(relocation.symbol);
    if (section.type === SectionType.NOTE) for (const note of notesIn(section.bytes, elf.littleEndian)) assert.ok(note);
  }
  for (const symbol of elf.symbols ?? []) assert.ok(symbol);
  elf.dynamicSymbols?.named('main').next();
}

for (const littleEndian of [true, false]) {
  const order = littleEndian ? 'little' : 'big';

  test(`sections are read, ${order}-endian`, () => {
    const elf = Elf.parse(object(littleEndian));
    assert.deepEqual([elf.type, elf.machine, elf.littleEndian], [1, 247, littleEndian]);
    assert.deepEqual(
      elf.sections.map(({ name }) => name),
      ['', 'xdp', '.bss', '.symtab', '.strtab', '.relxdp', '.relaxdp', '.shstrtab'],
    );
    const xdp = elf.section('xdp')!;
    assert.deepEqual([...xdp.bytes], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual([xdp.index, xdp.type, xdp.flags, xdp.size, xdp.alignment], [1, 1, 6, 8, 1]);
  });

  test(`symbols are read by index and by name, ${order}-endian`, () => {
    const table = Elf.parse(object(littleEndian)).symbols!;
    const prog = {
      index: 1,
      name: 'prog',
      value: 8,
      size: 16,
      type: SymbolType.FUNC,
      binding: SymbolBinding.GLOBAL,
      visibility: 2,
      sectionIndex: 1,
    };
    assert.equal(table.count, 5);
    assert.deepEqual(table.at(1), prog);
    assert.deepEqual([...table.named('prog')], [prog]);
    assert.deepEqual([...table.named('pro')], []);
    assert.deepEqual(
      [...table].map(({ sectionIndex }) => sectionIndex),
      [1, 0, 0xfff1, 0xfff2],
    );
    assert.equal(table.at(0).name, '');
  });

  test(`relocations of a section are read with and without addends, ${order}-endian`, () => {
    const elf = Elf.parse(object(littleEndian));
    assert.deepEqual(
      [...elf.relocations(elf.section('xdp')!)],
      [
        { offset: 0, type: 10, symbol: 1, addend: undefined },
        { offset: 4, type: 1, symbol: 4, addend: -3 },
      ],
    );
    assert.equal(elf.symbolsOf(elf.relocationSections[0]!).name(4), 'shared');
  });
}

test('a section without bits has a size and no bytes', () => {
  const bss = Elf.parse(object(true)).section('.bss')!;
  assert.deepEqual([bss.size, bss.bytes.length], [1 << 30, 0]);
});

test('section counts and indices that do not fit stand in the first header', () => {
  const bytes = object(true);
  const view = new DataView(bytes.buffer);
  const first = Number(view.getBigUint64(40, true));
  view.setUint16(60, 0, true);
  view.setBigUint64(first + 32, 8n, true);
  view.setUint16(62, 0xffff, true);
  view.setUint32(first + 40, 7, true);
  assert.equal(Elf.parse(bytes).section('xdp')?.index, 1);
});

test('section indices of symbols that do not fit stand in a section of their own', () => {
  const bytes = buildElf([
    { name: '.symtab', type: SectionType.SYMTAB, link: 2, entrySize: 24, bytes: symbols([[], [0, 0, 0, 0xffff]]) },
    { name: '.strtab', type: SectionType.STRTAB, bytes: new Uint8Array(1) },
    { name: '.symtab_shndx', type: SectionType.SYMTAB_SHNDX, link: 1, entrySize: 4, bytes: Uint8Array.of(0, 0, 0, 0, 1, 0, 1, 0) },
  ]);
  assert.equal(Elf.parse(bytes).symbols!.at(1).sectionIndex, 0x10001);
});

test('counts that no file can hold are refused before anything is made of them', () => {
  const bytes = object(true);
  const view = new DataView(bytes.buffer);
  view.setUint16(60, 0, true);
  view.setBigUint64(Number(view.getBigUint64(40, true)) + 32, 1n << 40n, true);
  assert.throws(() => Elf.parse(bytes), { name: 'ParseError', message: /section headers/ });
});

test('a section that reaches beyond the file is refused when it is read', () => {
  const bytes = object(true);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(Number(view.getBigUint64(40, true)) + 64 + 24, 1n << 62n, true);
  const section = Elf.parse(bytes).section('xdp')!;
  assert.throws(() => section.bytes, { name: 'ParseError', message: /section xdp/ });
});

test('what is no 64-bit ELF file is refused', () => {
  const bytes = object(true);
  assert.throws(() => Elf.parse(new Uint8Array(0)), { name: 'ParseError', message: /not an ELF file/ });
  assert.throws(() => Elf.parse(bytes.slice(0, 40)), ParseError);
  bytes[4] = 1;
  assert.throws(() => Elf.parse(bytes), { name: 'ParseError', message: /not a 64-bit/ });
});

test('damaged objects give parse errors and nothing else', () => {
  for (const littleEndian of [true, false]) assertOnlyParseErrors(object(littleEndian), 2000, readAll);
});

test('an executable has segments, and symbols at offsets of the file', () => {
  const elf = Elf.parse(new Uint8Array(readFileSync(process.execPath)));
  const main = elf.symbols?.named('main').next().value ?? elf.dynamicSymbols?.named('main').next().value;
  const all = segments(elf);
  assert.ok(all.length > 2);
  if (main) assert.equal(typeof fileOffset(all, main.value), 'number');
  assert.equal(fileOffset(all, Number.MAX_SAFE_INTEGER), undefined);
});

test('notes are padded to four bytes', () => {
  const word = (n: number): number[] => [n, 0, 0, 0];
  const bytes = [...word(4), ...word(3), ...word(3), 71, 78, 85, 0, 1, 2, 3, 0, ...word(2), ...word(1), ...word(1), 65, 0, 0, 0, 9];
  assert.deepEqual(
    [...notesIn(Uint8Array.from(bytes), true)],
    [
      { name: 'GNU', type: 3, description: Uint8Array.of(1, 2, 3) },
      { name: 'A', type: 1, description: Uint8Array.of(9) },
    ],
  );
});
