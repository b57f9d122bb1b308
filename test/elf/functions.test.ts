import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SectionType, SegmentType, SymbolBinding, SymbolType } from '../../src/elf/constants.js';
import { Elf } from '../../src/elf/elf.js';
import { functionsLike, functionsNamed } from '../../src/elf/functions.js';
import { buildElf, strings, symbols } from './build.js';

const ADDRESS = 0x400000;

interface Named {
  readonly name: string;
  readonly at: number;
  readonly binding?: number;
  readonly type?: number;
  /** 0: it is somebody else's. */
  readonly section?: number;
}

/** A file that is loaded whole at ADDRESS, with these symbols. */
function fileWith(tables: { dynamic?: readonly Named[]; all?: readonly Named[] }): Elf {
  const names = strings(['', ...[...(tables.dynamic ?? []), ...(tables.all ?? [])].map(({ name }) => name)]);
  let next = 1;
  const table = (type: number, named: readonly Named[] = []) => ({
    name: `.table${type}`,
    type,
    link: 1,
    entrySize: 24,
    bytes: symbols([
      [],
      ...named.map(({ at, binding = SymbolBinding.GLOBAL, type: kind = SymbolType.FUNC, section = 1 }) => [
        names.offsets[next++]!,
        kind | (binding << 4),
        0,
        section,
        ADDRESS + at,
      ]),
    ]),
  });
  const sections = [table(SectionType.DYNSYM, tables.dynamic), table(SectionType.SYMTAB, tables.all)];
  const file = buildElf([{ name: '.strings', type: SectionType.STRTAB, bytes: names.bytes }, ...sections]);
  return Elf.parse(withSegment(file));
}

function withSegment(file: Uint8Array): Uint8Array {
  const whole = new Uint8Array(file.length + 56);
  whole.set(file);
  const view = new DataView(whole.buffer);
  view.setBigUint64(32, BigInt(file.length), true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(file.length, SegmentType.LOAD, true);
  view.setBigUint64(file.length + 16, BigInt(ADDRESS), true);
  view.setBigUint64(file.length + 32, BigInt(file.length), true);
  return whole;
}

test('a function is found where it is in the file, among what is shared first', () => {
  const elf = fileWith({
    dynamic: [{ name: 'open', at: 16 }],
    all: [
      { name: 'open', at: 32 },
      { name: 'helper', at: 48 },
    ],
  });
  assert.deepEqual(functionsNamed(elf, 'open'), [{ name: 'open', offset: 16 }]);
  assert.deepEqual(functionsNamed(elf, 'helper'), [{ name: 'helper', offset: 48 }]);
  assert.deepEqual(functionsNamed(elf, 'nothing'), []);
});

test("what is no function, or another file's, is not found", () => {
  const elf = fileWith({
    dynamic: [
      { name: 'data', at: 16, type: SymbolType.OBJECT },
      { name: 'imported', at: 0, section: 0 },
    ],
  });
  assert.deepEqual([...functionsNamed(elf, 'data'), ...functionsNamed(elf, 'imported')], []);
});

test('a weak function counts only where there is no other, and functions of one name are all given', () => {
  const weak = { name: 'malloc', at: 16, binding: SymbolBinding.WEAK };
  assert.deepEqual(functionsNamed(fileWith({ all: [weak, { name: 'malloc', at: 32 }] }), 'malloc'), [{ name: 'malloc', offset: 32 }]);
  assert.deepEqual(functionsNamed(fileWith({ all: [weak] }), 'malloc'), [{ name: 'malloc', offset: 16 }]);
  const twice = [16, 32].map((at) => ({ name: 'init', at, binding: SymbolBinding.LOCAL }));
  assert.equal(functionsNamed(fileWith({ all: twice }), 'init').length, 2);
});

test('a version is no part of a name in .dynsym, and one in .symtab', () => {
  const elf = fileWith({ dynamic: [{ name: 'stat', at: 16 }], all: [{ name: 'memcpy@@GLIBC_2.14', at: 32 }] });
  assert.deepEqual(functionsNamed(elf, 'stat@GLIBC_2.33'), [{ name: 'stat', offset: 16 }]);
  assert.deepEqual(functionsNamed(elf, 'memcpy@GLIBC_2.14'), [{ name: 'memcpy@@GLIBC_2.14', offset: 32 }]);
});

test('a pattern gives each place once, whatever names it has', () => {
  const elf = fileWith({
    dynamic: [
      { name: 'tcp_send', at: 16 },
      { name: 'tcp_alias', at: 16 },
    ],
    all: [
      { name: 'tcp_send', at: 16 },
      { name: 'tcp_local', at: 32 },
      { name: 'udp_send', at: 48 },
    ],
  });
  assert.deepEqual(
    functionsLike(elf, /^tcp_/).map(({ offset }) => offset),
    [16, 32],
  );
});
