import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { namesNear, typesLike, typesNamed } from '../../src/btf/find-type.js';
import { typeData } from '../../src/btf/type-data.js';
import { typeText } from '../../src/btf/type-text.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { Elf } from '../../src/elf/elf.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind, RawBtf } from './build.js';

const elf = Elf.parse(new Uint8Array(readFileSync('test/progs/declarations.bpf.o')));
const declarations = Btf.parse(elf.section('.BTF')!.bytes);
const all = Btf.parse(everyKind().bytes());

test('every kind of type has a text and data of its own', () => {
  for (let id = 1; id < all.count; id++) {
    assert.match(typeText(all, id), /\n$/, all.kind(id));
    assert.equal((typeData(all, id) as { id: number }).id, id);
  }
  const text = (name: string) => typeText(all, all.find(name)!);
  assert.equal(text('int'), 'int;\t/* size: 4 */\n');
  assert.equal(text('number'), 'typedef int number;\t/* size: 4 */\n');
  assert.equal(text('later'), 'union later;\n');
  assert.equal(text('color'), 'enum color {\n\tRED = 0,\n\tNONE = -1,\n\n\t/* size: 4, values: 2 */\n};\n');
});

test('a typedef of an anonymous struct shows its layout', () => {
  const raw = new RawBtf();
  raw.int('int', 4, 1);
  raw.type(4, '', 1, 4, [raw.string('counter'), 1, 0]);
  raw.type(8, 'atomic_t', 0, 2);
  const btf = Btf.parse(raw.bytes());
  assert.match(typeText(btf, 3), /^typedef struct \{\n\tint counter; .*\n[^}]*\} atomic_t;\n$/);
  const { members } = typeData(btf, 3) as { members: object[] };
  assert.deepEqual(members, [
    { name: 'counter', declaration: 'int counter', offset: 0, size: 4, bits_offset: 0, bits: 32, bitfield: false },
  ]);
});

test('a large struct says where cache lines begin', () => {
  const raw = new RawBtf();
  raw.int('long', 8, 1);
  raw.type(3, '', 0, 0, [1, 1, 7]);
  raw.type(3, '', 0, 0, [1, 1, 2]);
  const names = ['a', 'b', 'c', 'd'].map((name) => raw.string(name));
  raw.type(4, 'wide', 4, 144, [names[0]!, 2, 0, names[1]!, 3, 448, names[2]!, 2, 576, names[3]!, 1, 1088]);
  const lines = typeText(Btf.parse(raw.bytes()), 4).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.includes('cacheline')),
    [
      '\t/* --- cacheline 1 boundary (64 bytes) was 8 bytes ago --- */',
      '\t/* --- cacheline 2 boundary (128 bytes) was 8 bytes ago --- */',
      '\t/* size: 144, cachelines: 3, members: 4, holes: 1 (8 bytes), last cacheline: 16 bytes */',
    ],
  );
});

test('holes and padding are rows of the data', () => {
  const { members } = typeData(declarations, declarations.find('bits')!) as { members: Record<string, unknown>[] };
  assert.deepEqual(members[1], { hole: 'hole', offset: 0, size: 1, bits_offset: 3, bits: 5 });
  assert.equal(members.at(-1)!.hole, 'padding');
});

test('types are found by name, kind and pattern, and definitions before declarations', () => {
  const raw = new RawBtf();
  raw.type(7, 'thing', 0, 0);
  raw.type(4, 'thing', 0, 0);
  raw.type(8, 'thing', 0, 2);
  raw.type(8, 'things', 0, 2);
  raw.type(17, 'thing', 0, 2, [0xffffffff]);
  const btf = Btf.parse(raw.bytes());
  assert.deepEqual(typesNamed(btf, 'thing'), [2, 3]);
  assert.deepEqual(typesNamed(btf, 'thing', ['TYPEDEF']), [3]);
  assert.deepEqual(typesNamed(btf, 'nothing'), []);
  assert.deepEqual(typesLike(btf, /^thing.$/), [4]);
  assert.deepEqual(namesNear(btf, 'thinks'), ['things']);
  assert.deepEqual(namesNear(btf, 'thimg', 1), ['thing']);
  assert.deepEqual(namesNear(btf, 'elsewhere'), []);
});

test('damaged types give parse errors and nothing else', () => {
  assertOnlyParseErrors(everyKind().bytes(), 300, (damaged) => {
    const btf = Btf.parse(damaged);
    for (let id = 1; id < btf.count; id++) {
      for (const read of [typeText, typeData]) {
        try {
          read(btf, id);
        } catch (error) {
          if (!(error instanceof ParseError)) throw error;
        }
      }
    }
  });
});
