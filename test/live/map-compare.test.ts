import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { BpfMap } from '../../src/map/map.js';
import { u32, u64 } from '../support/bytes.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, OwnBpffs, openBpfDescriptors } from '../support/live.js';
import { CREATABLE, makeMap, tryMakeMap } from '../support/maps.js';
import { startTool } from '../support/tool.js';

const id = (map: BpfMap) => ['id', String(map.id)];

/** A map of numbers. */
function filled(elements: Readonly<Record<number, number>>): BpfMap {
  const map = makeMap('HASH');
  for (const [key, value] of Object.entries(elements)) map.update(u32(Number(key)), u64(value));
  return map;
}

describe('map count', { skip: noRoot }, () => {
  test('elements of every type of map are counted, where the kernel tells of them', async () => {
    const empty = ['ARRAY', 'PERCPU_ARRAY'];
    for (const type of CREATABLE) {
      using map = tryMakeMap(type);
      if (!map) continue;
      const { status, out, err } = await capture(['map', 'count', ...id(map)]);
      if (map.row.walk === 'never' || map.row.lookup === 'never') {
        assert.deepEqual([status, out], [255, ''], type);
        assert.match(err, /^Error: map test \(id \d+\) is of type \w+: (it |the kernel does not tell)/);
      } else if (!['STRUCT_OPS', 'INSN_ARRAY'].includes(type)) {
        assert.deepEqual([status, out], [0, empty.includes(type) ? '16\n' : '0\n'], `${type} ${err}`);
      }
    }
  });

  test('all maps are listed with their elements', async () => {
    using map = filled({ 1: 1, 2: 2, 3: 3 });
    const row = { id: map.id, type: 'hash', name: 'test', elements: 3, max_entries: 16 };
    assert.deepEqual(JSON.parse((await capture(['-j', 'map', 'count', ...id(map)])).out), row);
    const all = JSON.parse((await capture(['-j', 'map', 'count'])).out) as (typeof row)[];
    assert.deepEqual(
      all.find((each) => each.id === map.id),
      row,
    );
    assert.match((await capture(['map', 'count'])).out, new RegExp(`^${map.id}: hash {2}name test {2}elements 3 of 16$`, 'm'));
  });
});

describe('map diff', { skip: noRoot }, () => {
  let folder: string;
  let object: LoadedObject;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-diff-'));
    object = loadTestObject('map-values');
  });

  after(() => {
    object[Symbol.dispose]();
    rmSync(folder, { recursive: true });
    assert.equal(openBpfDescriptors(), 0);
  });

  test('maps, exported files and both are compared key by key, with the status of diff', async () => {
    using a = filled({ 1: 1, 2: 2, 3: 3 });
    using b = filled({ 2: 2, 3: 30, 4: 4 });
    const path = (name: string) => join(folder, name);
    for (const [name, map] of [
      ['a', a],
      ['b', b],
    ] as const)
      assert.equal((await capture(['map', 'export', ...id(map), path(name)])).status, 0);
    const bytes = (n: number) => `${n.toString(16).padStart(2, '0')}${' 00'.repeat(7)}`;
    const key = (n: number) => `0${n} 00 00 00`;
    const plain = [`- ${key(1)}: ${bytes(1)}`, `+ ${key(4)}: ${bytes(4)}`, `~ ${key(3)}: ${bytes(3)} -> ${bytes(30)}`];
    for (const [from, to] of [
      [id(a), id(b)],
      [['file', path('a')], id(b)],
      [id(a), ['file', path('b')]],
      [
        ['file', path('a')],
        ['file', path('b')],
      ],
    ] as const) {
      const { status, out, err } = await capture(['map', 'diff', ...from, ...to]);
      assert.deepEqual([status, out.trimEnd().split('\n').sort(), err], [1, [...plain].sort(), '']);
      const json = JSON.parse((await capture(['-j', 'map', 'diff', ...from, ...to])).out) as { change: string }[];
      assert.deepEqual(
        json.find(({ change }) => change === 'changed'),
        { change: 'changed', key_hex: '03000000', before: { value_hex: '0300000000000000' }, after: { value_hex: '1e00000000000000' } },
      );
      assert.deepEqual(
        json.find(({ change }) => change === 'added'),
        { change: 'added', key_hex: '04000000', value_hex: '0400000000000000' },
      );
    }
    assert.deepEqual(await capture(['map', 'diff', ...id(a), 'file', path('a')]), { status: 0, out: '', err: '' });
    assert.deepEqual(await capture(['-j', 'map', 'diff', ...id(a), ...id(a)]), { status: 0, out: '[]\n', err: '' });
  });

  test('typed elements are shown by their types', async () => {
    const ports = object.map('ports')!;
    await capture(['map', 'set', ...id(ports), '7', '80']);
    await capture(['map', 'export', ...id(ports), join(folder, 'ports')]);
    await capture(['map', 'set', ...id(ports), '7', '443']);
    const words = ['map', 'diff', 'file', join(folder, 'ports'), ...id(ports)];
    assert.equal((await capture(words)).out, '~ 7: 80 -> 443\n');
    assert.deepEqual(JSON.parse((await capture(['-j', ...words])).out), [
      { change: 'changed', key: 7, before: { value: 80 }, after: { value: 443 } },
    ]);
    // Numbers keep all their digits between files too.
    const [header = ''] = readFileSync(join(folder, 'ports'), 'utf8').split('\n');
    for (const [name, value] of [
      ['one', '9007199254740993'],
      ['two', '9007199254740992'],
    ] as const)
      writeFileSync(join(folder, name), `${header}\n{"key": 1, "value": ${value}}\n`);
    const files = await capture(['map', 'diff', 'file', join(folder, 'one'), 'file', join(folder, 'two')]);
    assert.deepEqual([files.status, files.out], [1, '~ 1: 9007199254740993 -> 9007199254740992\n']);
  });

  test('on a terminal elements read as map set takes them, and of a changed value only what differs', async () => {
    using other = loadTestObject('map-values');
    const key = '{source: "10.0.0.1", target: "10.0.0.7", port: be(443), local: 50123, protocol: TCP, mac: "52:54:00:12:34:56"}';
    const [before, after] = [object.map('flows')!, other.map('flows')!];
    const shown = async (name: string) =>
      (await capture(['--no-color', 'map', 'diff', ...id(object.map(name)!), ...id(other.map(name)!)], true)).out
        .replace(/\s+/g, ' ')
        .trim();
    await capture(['map', 'set', ...id(before), key, '{packets: 1, name: "web", open: true}']);
    await capture(['map', 'set', ...id(after), key, '{packets: 2, name: "mail", open: true}']);
    assert.equal(await shown('flows'), `~ ${key}: packets 1 -> 2, name web -> mail`);
    await capture(['map', 'delete', ...id(after), key]);
    assert.ok((await shown('flows')).startsWith(`- ${key}: {packets: 1, delta: 0, name: "web", `));
    await capture(['map', 'set', ...id(other.map('prefixes')!), '"10.0.0.0/8"', '9']);
    assert.equal(await shown('prefixes'), '+ 10.0.0.0/8: 9');
    const counts = (map: BpfMap, first: number) =>
      `[${Array.from({ length: map.valueBytes / 8 }, (_, cpu) => (cpu === 0 ? first : 4)).join(', ')}]`;
    for (const [map, first] of [
      [object.map('cpu_counts')!, 1],
      [other.map('cpu_counts')!, 2],
    ] as const)
      await capture(['map', 'set', ...id(map), '7', counts(map, first)]);
    assert.equal(await shown('cpu_counts'), '~ 7: cpu 0 1 -> 2');
  });

  test('what cannot be compared is refused in a sentence', async () => {
    using a = filled({ 1: 1 });
    using wide = makeMap('HASH', { keySize: 8 });
    using queue = makeMap('QUEUE');
    writeFileSync(join(folder, 'text'), 'hello\n');
    for (const [words, message] of [
      [[...id(a), ...id(wide)], /cannot be compared: their keys differ in size/],
      [[...id(a), ...id(queue)], /cannot be compared|shows only its head/],
      [[...id(a), 'file', join(folder, 'text')], /text: line 1: it is no exported map/],
      [id(a), /MAP is missing|MAP: expected/],
    ] as const) {
      const { status, out, err } = await capture(['map', 'diff', ...words]);
      assert.deepEqual([status, out], [255, ''], words.join(' '));
      assert.match(err, message);
    }
  });
});

describe('map watch', { skip: noRoot }, () => {
  test('what is there is shown first, then what changes, and that the map is gone', async () => {
    const map = filled({ 1: 1, 2: 2 });
    const running = startTool('--ndjson', 'map', 'watch', ...id(map), '--interval', '20ms');
    await running.printed('"present","key_hex":"02000000"');
    map.update(u32(3), u64(3));
    await running.printed('"added","key_hex":"03000000","value_hex":"0300000000000000"');
    map.update(u32(1), u64(10));
    await running.printed(
      '"changed","key_hex":"01000000","before":{"value_hex":"0100000000000000"},"after":{"value_hex":"0a00000000000000"}',
    );
    map.delete(u32(2));
    await running.printed('"removed","key_hex":"02000000","value_hex":"0200000000000000"');
    map[Symbol.dispose]();
    const { status, out, err } = await running.ended;
    assert.deepEqual([status, err], [0, '']);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ change }) => change),
      ['present', 'present', 'added', 'changed', 'removed', 'gone'],
    );
    assert.ok(rows.every(({ time }) => new Date(time).toISOString() === time));
  });

  test('it ends in order at a signal, after a time and after a number of changes', async () => {
    using map = filled({ 1: 1 });
    const running = startTool('-j', 'map', 'watch', ...id(map), '--interval', '1h');
    await running.printed('present');
    running.child.kill('SIGINT');
    const { status, out } = await running.ended;
    assert.equal(status, 0);
    assert.equal((JSON.parse(out) as unknown[]).length, 1);
    assert.match(
      (await capture(['map', 'watch', ...id(map), '--for', '10ms'])).out,
      /^\d\d:\d\d:\d\d\.\d{3} {3}01 00 00 00: 01( 00){7}\n$/,
    );
    const limited = startTool('map', 'watch', ...id(map), '--interval', '10ms', '--limit', '1');
    await limited.printed('01');
    map.update(u32(1), u64(2));
    assert.match((await limited.ended).out, / ~ 01 00 00 00: 01( 00){7} -> 02( 00){7}\n$/);
  });

  test('a pinned map is followed by its path, and gone with it', async () => {
    using bpffs = new OwnBpffs();
    using map = filled({ 1: 1 });
    const path = join(bpffs.path, 'watched');
    map.pin(path);
    setTimeout(() => rmSync(path), 50);
    const { status, out } = await capture(['map', 'watch', 'pinned', path, '--interval', '10ms']);
    assert.equal(status, 0);
    assert.match(out, /- the map is gone\n$/);
    using queue = makeMap('QUEUE');
    const refused = await capture(['map', 'watch', ...id(queue)]);
    assert.deepEqual([refused.status, refused.out], [255, '']);
    assert.match(refused.err, /shows only its head/);
    assert.match((await capture(['map', 'watch', ...id(map), '--interval', '0'])).err, /--interval: 0 leaves no time to wait/);
  });
});
