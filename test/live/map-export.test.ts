import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { BpfMap } from '../../src/map/map.js';
import { rows } from '../../src/map/rows.js';
import { parseObject } from '../../src/object/parse.js';
import { sanitizeBtf } from '../../src/object/sanitize-btf.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { KernelFeatures } from '../../src/probe/features.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { u32, u64 } from '../support/bytes.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, openBpfDescriptors, testObjectPath } from '../support/live.js';
import { CREATABLE, contents, makeMap, tryMakeMap } from '../support/maps.js';
import { randomNumbers } from '../support/random.js';

/** The object as 5.10 gets it, which has no BTF_KIND_FLOAT: a float is an empty struct of its size. */
function withoutFloats(spec: ObjectSpec): ObjectSpec {
  const features = new KernelFeatures();
  const bytes = sanitizeBtf(spec.btf!, { has: (feature) => feature !== 'btfFloat' && features.has(feature) })!;
  return { ...spec, btf: Btf.parse(bytes) };
}

describe('map export and import', { skip: noRoot }, () => {
  let folder: string;
  let object: LoadedObject;
  const file = (name: string) => join(folder, name);
  const id = (map: BpfMap) => ['id', String(map.id)];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-export-'));
    object = loadTestObject('map-values');
  });

  after(() => {
    object[Symbol.dispose]();
    rmSync(folder, { recursive: true });
    assert.equal(openBpfDescriptors(), 0);
  });

  async function run(...words: string[]): Promise<Record<string, unknown>> {
    const { status, out, err } = await capture(['-j', 'map', ...words]);
    assert.deepEqual([status, err], [0, ''], out);
    return JSON.parse(out);
  }

  async function refused(message: RegExp, ...words: string[]): Promise<void> {
    const { status, out, err } = await capture(['map', ...words]);
    assert.deepEqual([status, out], [255, '']);
    assert.match(err, message);
  }

  /** Writes lines as a file for a map. */
  async function fileFor(map: BpfMap, name: string, lines: readonly string[]): Promise<string> {
    await run('export', ...id(map), file(name));
    const [header = ''] = readFileSync(file(name), 'utf8').split('\n');
    writeFileSync(file(name), [header, ...lines, ''].join('\n'));
    return file(name);
  }

  for (const floats of [true, false]) {
    const types = floats ? 'the types of the object' : 'types in the words of a kernel without floats';
    test(`what is exported and imported is the same, whatever the bytes are, by ${types}`, async () => {
      if (floats) return await comesBack(object);
      using older = load(withoutFloats(parseObject(readFileSync(testObjectPath('map-values')), { name: 'map-values.bpf.o' })));
      await comesBack(older);
    });
  }

  async function comesBack(object: LoadedObject): Promise<void> {
    const random = randomNumbers(7);
    for (const name of ['flows', 'cpu_counts', 'cpu_lists', 'prefixes', 'prefixes6', '.data']) {
      const map = object.map(name)!;
      const some = (size: number, mask: number) => Uint8Array.from({ length: size }, () => random(256) & mask);
      for (let i = 0; i < 20 && map.row.key === 'bytes'; i++)
        map.update(some(map.info.keySize, i % 2 ? 255 : 1), some(map.valueBytes, i % 3 ? 255 : 1));
      for (let i = 0; i < 4 && map.row.key === 'lpm'; i++)
        map.update(Uint8Array.of(8 * i, 0, 0, 0, ...some(map.info.keySize - 4, 255)), u32(i));
      for (let i = 0; i < 4 && name === 'cpu_lists'; i++) {
        // What lies between one CPU's value and the next is no part of them.
        const value = new Uint8Array(map.valueBytes);
        for (const place of map.perCpu(value)) place.set(some(place.length, 255));
        map.update(u32(i), value);
      }
      const was = contents(map);
      const path = file(`${name}.ndjson`);
      assert.deepEqual(await run('export', ...id(map), path), { file: path, elements: was.length });
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      assert.equal(lines.length, was.length + 1);
      for (const line of lines) JSON.parse(line);
      for (const { key } of map.row.key === 'index' ? [] : was.map(([text]) => ({ key: Uint8Array.from(text.split(','), Number) })))
        map.delete(key);
      if (map.row.key === 'index') map.update(u32(0), new Uint8Array(map.valueBytes));
      await run('import', ...id(map), path);
      assert.deepEqual(contents(map), was, name);
    }
  }

  test('elements are written by their types where that says all of their bytes, else in hex', async () => {
    const map = object.map('flows')!;
    for (const { key } of [...rows(map)]) map.delete(key);
    // What a kernel without floats has instead says nothing of the bytes.
    const floats = new KernelFeatures().has('btfFloat');
    await run('set', ...id(map), '{source: "10.0.0.1", protocol: UDP}', `{name: "web"${floats ? ', ratio: 0.5' : ''}}`);
    await run(
      'set',
      ...id(map),
      `hex("${'ff'.repeat(map.info.keySize)}")`,
      floats ? '{ratio: NaN}' : `hex("${'ff'.repeat(map.info.valueSize)}")`,
    );
    const { out } = await capture(['map', 'export', ...id(map), '-']);
    const [header, ...lines] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      { ...header, max_entries: 0 },
      {
        format: 'bpf-ts map',
        version: 1,
        name: 'flows',
        type: 'hash',
        key_size: 24,
        value_size: map.info.valueSize,
        max_entries: 0,
        flags: 0,
      },
    );
    const typed = lines.find((line) => 'key' in line);
    assert.deepEqual([typed.key.protocol, typed.value.name, typed.value.ratio], ['UDP', 'web', floats ? 0.5 : {}]);
    assert.deepEqual(Object.keys(lines.find((line) => 'key_hex' in line)), ['key_hex', 'value_hex']);
  });

  test('an import adds, changes and, asked to, deletes; a dry run only says so', async () => {
    using map = makeMap('HASH');
    for (const n of [1, 2, 3]) map.update(u32(n), u64(n));
    await run('export', ...id(map), file('three'));
    map.update(u32(2), u64(20));
    map.delete(u32(3));
    map.update(u32(4), u64(4));
    const was = contents(map);
    const counts = { added: 1, changed: 1, same: 1, deleted: 1 };
    assert.deepEqual(await run('import', ...id(map), file('three'), '--replace', '--dry-run'), { ...counts, dry_run: true });
    assert.deepEqual(contents(map), was);
    assert.deepEqual(await run('import', ...id(map), file('three'), '--replace'), { ...counts, dry_run: false });
    assert.deepEqual(
      contents(map),
      [1, 2, 3].map((n): [string, string] => [u32(n).join(), u64(n).join()]),
    );
    await refused(
      /three: line 2: the map has an element with this key \(--flags noexist\)/,
      'import',
      ...id(map),
      file('three'),
      '--flags',
      'noexist',
    );
    map.delete(u32(1));
    await refused(/the map has no element with this key \(--flags exist\)/, 'import', ...id(map), file('three'), '--flags', 'exist');
    const { out } = await capture(['map', 'import', ...id(map), file('three')]);
    assert.equal(out, `map test (id ${map.id}): 1 added, 0 changed, 2 as before, 0 deleted\n`);
  });

  test('many elements are written in batches, to every type of map that can be read and written', async () => {
    using map = makeMap('HASH', { maxEntries: 50_000, flags: 0 });
    for (let n = 0; n < 10_000; n++) map.update(u32(n), u64(n));
    await run('export', ...id(map), file('many'));
    using other = makeMap('LRU_HASH', { maxEntries: 50_000 });
    await refused(/line 1: type is hash, map test .* has lru_hash/, 'import', ...id(other), file('many'));
    using copy = makeMap('HASH', { maxEntries: 10_000 });
    await run('import', ...id(copy), file('many'));
    assert.deepEqual(contents(copy), contents(map));
    for (const type of CREATABLE) {
      using each = tryMakeMap(type);
      if (!each || each.row.walk === 'never' || each.row.value !== 'plain' || each.row.key !== 'bytes') continue;
      each.update(u32(1), type === 'DEVMAP_HASH' ? u32(1) : u64(5));
      const was = contents(each);
      await run('export', ...id(each), file(type));
      each.delete(u32(1));
      await run('import', ...id(each), file(type));
      assert.deepEqual(contents(each), was, type);
    }
  });

  test('maps of maps and of programs are imported by ids', async () => {
    const jumps = object.map('jumps')!;
    using inner = makeMap('ARRAY', { maxEntries: 2, valueSize: 8 });
    // The object's own holds maps with types, and up to 6.1 none without.
    using outer = makeMap('HASH_OF_MAPS', { innerMapFd: inner.fd });
    outer.update(u32(5), inner.fd);
    jumps.update(u32(1), object.program('first')!.fd);
    for (const [map, key] of [
      [outer, u32(5)],
      [jumps, u32(1)],
    ] as const) {
      const was = map.lookup(key);
      await run('export', ...id(map), file('ids'));
      map.delete(key);
      assert.equal((await run('import', ...id(map), file('ids'))).added, 1);
      assert.deepEqual(map.lookup(key), was);
    }
  });

  test('a file is checked whole before the first element is written', async () => {
    const map = object.map('ports')!;
    const good = '{"key": 1, "value": 80}';
    const wrong: [lines: string[], message: RegExp][] = [
      [[good, '{"key": 2, "value": 70000}'], /bad: line 3: value: 70000 does not fit u16/],
      [[good, '{"key": 2'], /bad: line 3: the element: expected ',' or '}', got the end at character 10/],
      [[good, '{"key": 2}'], /bad: line 3: there is no value or value_hex/],
      [[good, '{"key": 2, "key_hex": "02000000", "value": 1}'], /line 3: there is more than one of key or key_hex/],
      [[good, '{"key": 2, "value": 1, "more": 1}'], /line 3: there is no member "more"/],
      [[good, '{"key_hex": "0200", "value": 1}'], /line 3: key_hex: 2 bytes are given, it has 4/],
      [[good, '', good], /line 4: an element with this key stands further up already/],
      [[good, '[1]'], /line 3: it is no object/],
      [Array.from({ length: 65 }, (_, i) => `{"key": ${i}, "value": 1}`), /it has 65 elements, map ports .* takes 64/],
    ];
    for (const [lines, message] of wrong) {
      await refused(message, 'import', ...id(map), await fileFor(map, 'bad', lines));
      assert.equal(map.next(), undefined);
    }
    for (const [text, message] of [
      ['', /it is empty/],
      ['hello\n', /line 1: it is no exported map/],
      ['{"format": "bpf-ts map", "version": 2}\n', /line 1: its version is 2, this release reads 1/],
      ['{"format": "bpf-ts map", "version": 1, "type": "hash", "key_size": 8}\n', /line 1: key_size is 8, map ports .* has 4/],
    ] as const) {
      writeFileSync(file('bad'), text);
      await refused(message, 'import', ...id(map), file('bad'));
    }
    await refused(/bad-file: no such file/, 'import', ...id(map), file('bad-file'));
  });

  test('when the kernel refuses an element, those before it are put back', async () => {
    using inner = makeMap('HASH');
    using other = makeMap('HASH', { keySize: 8 });
    using outer = makeMap('HASH_OF_MAPS', { innerMapFd: inner.fd });
    outer.update(u32(1), inner.fd);
    const was = contents(outer);
    // A map of another shape is no element of it.
    const lines = [`{"key_hex": "02000000", "value": ${inner.id}}`, `{"key_hex": "03000000", "value": ${other.id}}`];
    await refused(/line 3: write the element \(nothing was changed\)/, 'import', ...id(outer), await fileFor(outer, 'shapes', lines));
    assert.deepEqual(contents(outer), was);
    using frozen = makeMap('HASH');
    const path = await fileFor(frozen, 'frozen', ['{"key_hex": "01000000", "value_hex": "0100000000000000"}']);
    frozen.freeze();
    await refused(/is frozen: it cannot be written/, 'import', ...id(frozen), path);
  });

  test('maps that cannot be read without taking, or refer to what a file cannot, are refused before a file is made', async () => {
    for (const [type, message] of [
      ['QUEUE', /queue, which shows only its head/],
      ['RINGBUF', /ringbuf, which holds records/],
      ['PERF_EVENT_ARRAY', /it refers to perf events of running processes/],
      ['BLOOM_FILTER', /only answers whether/],
    ] as const) {
      using map = tryMakeMap(type);
      // A bloom filter there is since 5.16, a ring buffer in all of them.
      if (map) await refused(message, 'export', ...id(map), file('never'));
      else assert.ok(isOlderThan('5.16') && type === 'BLOOM_FILTER', type);
    }
    assert.ok(!readdirSync(folder).includes('never'));
    using array = makeMap('ARRAY');
    await refused(/folder|directory/, 'export', ...id(array), folder);
    const path = await fileFor(array, 'array', ['{"key": 1, "value_hex": "0100000000000000"}']);
    await refused(/cannot be deleted, and the file lacks 15 of them/, 'import', ...id(array), path, '--replace');
    await refused(
      /line 2: key: there is no index 16/,
      'import',
      ...id(array),
      await fileFor(array, 'array', ['{"key": 16, "value_hex": "00"}'.replace('00', '00'.repeat(8))]),
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('.') && name !== '.data.ndjson'),
      [],
    );
  });
});
