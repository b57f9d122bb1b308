import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flag, MapType } from '../../src/kernel/enums.gen.js';
import { internalMapName } from '../../src/object/data-maps.js';
import { mapOf, parsed } from './objects.js';

const MAPS = parsed('load-maps');
const DATA = parsed('load-data');

test('a declared map has the type, sizes, flags and types of its declaration', () => {
  const map = mapOf(MAPS, 'typed');
  assert.equal(map.type, MapType.HASH);
  assert.deepEqual([map.keySize, map.valueSize, map.maxEntries, map.flags], [8, 8, 100, Flag.BPF_F_NO_PREALLOC]);
  assert.equal(MAPS.btf!.name(map.keyTypeId), 'key');
  assert.equal(map.pinByName, false);
  assert.equal(map.kind, undefined);
});

test('sizes without types, pinning, and what a type takes beside', () => {
  const shared = mapOf(MAPS, 'shared');
  assert.deepEqual([shared.keySize, shared.valueSize, shared.keyTypeId, shared.valueTypeId], [4, 24, 0, 0]);
  assert.equal(shared.pinByName, true);
  assert.equal(mapOf(MAPS, 'bloom').mapExtra, 3n);
});

test('what depends on the machine stays as it was declared', () => {
  assert.equal(mapOf(MAPS, 'ring').maxEntries, 5000);
  assert.equal(mapOf(MAPS, 'per_cpu_events').maxEntries, 0);
});

test('a map of maps knows the pattern of its inner maps, and which are in which slot', () => {
  const outer = mapOf(MAPS, 'outer');
  assert.equal(outer.valueSize, 4);
  assert.equal(outer.inner!.name, 'outer.inner');
  assert.deepEqual([outer.inner!.type, outer.inner!.maxEntries, outer.inner!.valueSize], [MapType.ARRAY, 2, 8]);
  assert.deepEqual(
    outer.slots.map((slot) => slot !== undefined && MAPS.maps[slot]!.name),
    ['inner_a', false, 'inner_b'],
  );
});

test('a prog array knows which programs are in which slot', () => {
  const { slots } = mapOf(MAPS, 'jumps');
  assert.equal(slots[0], undefined);
  assert.equal(MAPS.programs[slots[1]!]!.name, 'tail');
});

test('maps come in the order of their places in the section', () => {
  assert.deepEqual(
    MAPS.maps.map(({ name }) => name),
    ['inner_a', 'inner_b', 'outer', 'jumps', 'shared', 'typed', 'per_cpu_events', 'ring', 'bloom'],
  );
});

test('each data section is a map of one value, read only for programs where it is constant', () => {
  const shapes = DATA.maps.map(({ name, kind, valueSize, maxEntries }) => [name, kind, valueSize, maxEntries].join(' '));
  assert.deepEqual(shapes.sort(), [
    '.data.custom data 4 1',
    '.data.hidden data 4 1',
    '.rodata.custom rodata 4 1',
    'load_dat.bss bss 8 1',
    'load_dat.data data 8 1',
    'load_dat.rodata rodata 52 1',
  ]);
  for (const { kind, flags } of DATA.maps) assert.equal((flags & Flag.BPF_F_RDONLY_PROG) !== 0, kind === 'rodata');
});

test('a section with no variable that is to be seen outside is not for mapping', () => {
  const mappable = (name: string) => (mapOf(DATA, name).flags & Flag.BPF_F_MMAPABLE) !== 0;
  assert.equal(mappable('.data.hidden'), false);
  assert.equal(mappable('.data.custom'), true);
  assert.equal(mappable('.bss'), true);
});

test('names of data maps are those of libbpf', () => {
  const names = (object: string) =>
    ['.bss', '.data', '.rodata', '.kconfig', '.rodata.str1.1', '.data.a_long_section_name'].map((s) => internalMapName(object, s));
  assert.deepEqual(names('my_object_name'), [
    'my_objec.bss',
    'my_objec.data',
    'my_objec.rodata',
    'my_obje.kconfig',
    '.rodata.str1.1',
    '.data.a_long_se',
  ]);
  assert.deepEqual(names('x').slice(0, 2), ['x.bss', 'x.data']);
  assert.equal(internalMapName('odd-näme', '.bss'), 'odd_n_me.bss');
});

test('data sections get the sizes and places that the compiler left out of the types', () => {
  const { valueTypeId, valueSize } = mapOf(DATA, '.rodata');
  const section = DATA.btf!.type(valueTypeId);
  assert.ok(section.kind === 'DATASEC');
  assert.equal(section.size, valueSize);
  const offsets = section.entries.map(({ offset }) => offset);
  assert.deepEqual(
    offsets,
    [...offsets].sort((a, b) => a - b),
  );
  assert.ok(new Set(offsets).size === offsets.length);
});

test('maps of objects older than BTF are read from their records', () => {
  const spec = parsed('load-legacy.clang-14');
  const shapes = spec.maps.map(({ name, type, keySize, valueSize, maxEntries, flags }) => [
    name,
    type,
    keySize,
    valueSize,
    maxEntries,
    flags,
  ]);
  assert.deepEqual(shapes, [
    ['first_map', MapType.HASH, 4, 8, 16, Flag.BPF_F_NO_PREALLOC],
    ['second_map', MapType.ARRAY, 4, 16, 2, 0],
  ]);
  assert.equal(spec.kernelVersion, 0x050a02);
  const relocations = spec.programs[0]!.relocations.map((relocation) => relocation.kind === 'map' && spec.maps[relocation.map]!.name);
  assert.deepEqual(relocations, ['first_map', 'second_map']);
});
