import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BpfMap } from '../../src/map/map.js';
import { u32, u64 } from '../support/bytes.js';
import { type Captured, capture } from '../support/capture.js';
import { loadTestObject, noRoot, OwnBpffs, openBpfDescriptors } from '../support/live.js';
import { makeMap, tryMakeMap } from '../support/maps.js';

const run = (line: string): Promise<Captured> => capture(line.split(' ').filter(Boolean));

/** Runs a line that has to fail, and gives its sentence. */
async function refused(line: string, status = 255): Promise<string> {
  const { status: ended, out, err } = await run(line);
  assert.deepEqual([ended, out], [status, ''], line);
  const [first = ''] = err.split('\n');
  assert.match(first, /^Error: /);
  const asJson = await run(`-j ${line}`);
  assert.deepEqual([asJson.status, JSON.parse(asJson.out)], [status, { error: first.slice('Error: '.length) }], line);
  return first.slice('Error: '.length);
}

describe('map commands', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;

  before(() => {
    bpffs = new OwnBpffs();
  });

  after(() => {
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  test('a map is created, pinned, written, read, frozen and found', async () => {
    const path = join(bpffs.path, 'counts');
    const create = `map create ${path} type percpu_hash key 4 value 8 entries 16 name counts flags 0x1`;
    assert.deepEqual(await run(create), { status: 0, out: '', err: '' });
    assert.deepEqual(await run(`map update pinned ${path} key 1 0 0 0 value hex 2a 0 0 0 0 0 0 0`), { status: 0, out: '', err: '' });
    const { out } = await run(`-j map lookup pinned ${path} key 0x1 0 0 0`);
    for (const { value } of JSON.parse(out).values) assert.equal(value[0], '0x2a');
    assert.match((await run(`map dump pinned ${path}`)).out, /^key:\n01 00 00 00\nvalue \(CPU 00\): 2a 00 .*\nFound 1 element\n$/s);
    assert.equal((await run(`-j map delete pinned ${path} key 1 0 0 0`)).out, 'null\n');
    assert.equal((await run(`map dump pinned ${path}`)).out, 'Found 0 elements\n');
    assert.equal((await run(`-j map dump pinned ${path}`)).out, '[]\n');
    assert.equal((await run(`map freeze pinned ${path}`)).status, 0);
    assert.match(
      await refused(`map update pinned ${path} key 1 0 0 0 value 1 0 0 0 0 0 0 0`),
      /^update map counts \(id \d+\): it is frozen/,
    );
    const [row] = [JSON.parse((await run(`-j map show pinned ${path}`)).out)];
    assert.deepEqual([row.type, row.name, row.flags, row.frozen], ['percpu_hash', 'counts', 1, 1]);
    rmSync(path);
  });

  test('a map of maps is created by a pattern and takes maps by any reference', async () => {
    using inner = makeMap('HASH', { name: 'inner_one' });
    const path = join(bpffs.path, 'outer');
    assert.equal(
      (await run(`map create ${path} type array_of_maps key 4 value 4 entries 2 name outer inner_map id ${inner.id}`)).status,
      0,
    );
    assert.equal((await run(`map update pinned ${path} key 0 0 0 0 value name inner_one`)).status, 0);
    assert.equal((await run(`map update pinned ${path} key 1 0 0 0 value id ${inner.id} any`)).status, 0);
    assert.equal((await run(`map dump pinned ${path}`)).out.match(new RegExp(`inner_map_id: ${inner.id} \n`, 'g'))?.length, 2);
    rmSync(path);
  });

  test('a prog array takes programs', async () => {
    using object = loadTestObject('hooks-net');
    using map = makeMap('PROG_ARRAY');
    const { program } = object.programs[0]!;
    assert.deepEqual(await run(`map update id ${map.id} key 1 0 0 0 value id ${program.id}`), { status: 0, out: '', err: '' });
    assert.deepEqual(map.lookup(u32(1)), u32(program.id));
    assert.match(await refused(`map update id ${map.id} key 1 0 0 0 value 1 0 0 0`), /^PROG: expected 'id'/);
  });

  test('a byte that is no byte is refused before anything is written', async () => {
    using map = makeMap('HASH');
    const line = (key: string) => `map update id ${map.id} key ${key} value 1 0 0 0 0 0 0 0`;
    assert.equal(await refused(line('300 0 0 0')), 'key: 300 does not fit a byte (0 to 255)');
    assert.equal(await refused(line('hex fff 0 0 0')), 'key: fff does not fit a byte (0 to 255)');
    assert.match(await refused(line('1 2')), /^the key of map test \(id \d+\) has 4 bytes, got 2 and then 'value', which is no number$/);
    assert.match(
      await refused(line('1 2 3 4 5')),
      /^expected 'key', 'value', 'any', 'noexist', 'exist', got '5' \(more bytes than it has\?\)$/,
    );
    assert.match(await refused(line('x 0 0 0')), /got 0 and then 'x', which is no number$/);
    assert.match(await refused(`map update id ${map.id} key 1 0 0 0 value 1 2`), /the value of map test \(id \d+\) has 8 bytes, got 2$/);
    assert.match(await refused(`map update id ${map.id} key 1 0 0 0`), /^the value is missing/);
    assert.match(await refused(`map lookup id ${map.id}`), /^the key is missing: map test \(id \d+\) has keys of 4 bytes$/);
    assert.match(await refused(`map lookup id ${map.id} key 1 0 0 0 key 1 0 0 0`), /^the key stands there twice$/);
    using queue = makeMap('QUEUE');
    assert.match(await refused(`map push id ${queue.id} key 1 value 1 0 0 0 0 0 0 0`), /has no keys$/);
    assert.equal([...map.info.name].length > 0 && map.next(), undefined);
  });

  test('what the kernel refuses ends with its errno, as in bpftool, and with a sentence', async () => {
    using map = makeMap('HASH', { maxEntries: 1 });
    const update = (key: number, mode: string) => `map update id ${map.id} key ${key} 0 0 0 value 1 0 0 0 0 0 0 0 ${mode}`;
    assert.equal((await run(update(1, 'noexist'))).status, 0);
    assert.match(await refused(update(1, 'noexist'), 239), /^update map test .*already exists$/);
    assert.match(await refused(update(2, 'any'), 249), /it is full or its index too large \(1 entries\)/);
    assert.match(await refused(update(2, 'exist'), 254), /^update map test/);
    assert.match(await refused(`map delete id ${map.id} key 9 0 0 0`, 254), /has no element with this key$/);
    assert.match(await refused(`map getnext id ${map.id} key 1 0 0 0`, 254), /has no key after this one$/);
  });

  test('what is missing is told on standard output, as in bpftool', async () => {
    using map = makeMap('HASH');
    assert.deepEqual(await run(`map lookup id ${map.id} key 1 2 3 4`), { status: 254, out: 'key:\n01 02 03 04\n\nNot found\n', err: '' });
    assert.deepEqual(await run(`-j map lookup id ${map.id} key 1 2 3 4`), { status: 254, out: 'null\n', err: '' });
    using queue = makeMap('QUEUE');
    assert.deepEqual(await run(`map pop id ${queue.id}`), { status: 254, out: 'Error: empty map\n', err: '' });
  });

  test('a bloom filter is peeked into with a value', async (context) => {
    using map = tryMakeMap('BLOOM_FILTER');
    if (!map) return context.skip('this kernel has no bloom filters (since 5.16)');
    assert.equal((await run(`map push id ${map.id} value 1 2 3 4 5 6 7 8`)).status, 0);
    assert.deepEqual(await run(`map peek id ${map.id} value 1 2 3 4 5 6 7 8`), {
      status: 0,
      out: 'value: 01 02 03 04 05 06 07 08\n',
      err: '',
    });
    assert.deepEqual(await run(`map peek id ${map.id} value 9 9 9 9 9 9 9 9`), {
      status: 254,
      out: 'value:\n09 09 09 09 09 09 09 09\n\nNot found\n',
      err: '',
    });
    assert.match(await refused(`map peek id ${map.id}`), /only answers whether a value may be in it: give 'value DATA'/);
  });

  test('a map that cannot be created or pinned leaves nothing', async () => {
    const maps = () =>
      [...BpfMap.all()].filter((map) => {
        using each = map;
        return each.name === 'left_behind';
      }).length;
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    writeFileSync(join(folder, 'contents'), '');
    const create = (path: string, rest: string) => `map create ${path} ${rest} name left_behind`;
    const good = 'type hash key 4 value 8 entries 16';
    assert.match(
      await refused(create(join(folder, 'map'), good)),
      /is not on a BPF file system, and mounting one there would hide what is in it/,
    );
    assert.match(await refused(create(join(folder, 'none', 'map'), good)), /there is no directory/);
    assert.match(
      await refused(create(join(bpffs.path, 'map'), 'type hash key 0 value 8 entries 16')),
      /^create map left_behind: the key needs a size/,
    );
    assert.match(await refused(create(join(bpffs.path, 'map'), 'type bogus key 4')), /^there is no map type 'bogus'$/);
    assert.match(await refused(create(join(bpffs.path, 'map'), `${good} type array`)), /^'type' stands there twice$/);
    assert.match(
      await refused(create(join(bpffs.path, 'map'), `${good} offload_dev nosuchdev`)),
      /no network interface called "nosuchdev"/,
    );
    assert.match(await refused(`map create ${join(bpffs.path, 'map')} ${good}`), /^the map's name is missing/);
    mkdirSync(join(bpffs.path, 'there'));
    assert.match(await refused(create(join(bpffs.path, 'there'), good)), /already exists/);
    assert.deepEqual([maps(), existsSync(join(bpffs.path, 'map'))], [0, false]);
    rmSync(folder, { recursive: true });
    rmSync(join(bpffs.path, 'there'), { recursive: true });
  });

  test('a name of more than 15 characters is cut', async () => {
    const path = join(bpffs.path, 'long');
    await run(`-j map create ${path} type hash key 4 value 4 entries 1 name a_name_that_is_too_long`);
    using map = BpfMap.fromPin(path);
    assert.equal(map.name, 'a_name_that_is_');
    rmSync(path);
  });

  test('a name that several maps have is shown for all and changed for none', async () => {
    using first = makeMap('HASH', { name: 'double' });
    using second = makeMap('HASH', { name: 'double' });
    assert.deepEqual(
      JSON.parse((await run('-j map show name double')).out)
        .map(({ id }: { id: number }) => id)
        .sort(),
      [first.id, second.id].sort(),
    );
    assert.match(await refused('map update name double key 1 0 0 0 value 1 0 0 0 0 0 0 0'), /^several maps match this handle/);
    assert.match(await refused('map show name nobody_has_this'), /no map named 'nobody_has_this'/);
    assert.match(await refused('map dump id 4294967280'), /^there is no map with id 4294967280$/);
  });

  test('a map without a dump among several leaves JSON that is JSON, and a status', async () => {
    using hash = makeMap('HASH', { name: 'mixed' });
    using ring = makeMap('RINGBUF', { name: 'mixed' });
    hash.update(u32(1), u64(1));
    const { status, out } = await run('-j map dump name mixed');
    const [first, second] = JSON.parse(out);
    assert.deepEqual([status, first.id, first.elements.length], [255, hash.id, 1]);
    assert.deepEqual([second.id, second.type], [ring.id, 'ringbuf']);
    assert.match(second.elements[0].error, /reading takes them out/);
  });

  test('a map on a terminal is a record with its columns', async () => {
    using map = makeMap('HASH', { name: 'in_columns' });
    const { out } = await capture(['map', 'show', 'id', String(map.id)], true);
    assert.match(out, /in_columns/);
    assert.match(out, /Entries/);
  });
});
