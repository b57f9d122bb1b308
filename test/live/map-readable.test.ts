import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Flag } from '../../src/kernel/enums.gen.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { BpfMap } from '../../src/map/map.js';
import { u32, u64 } from '../support/bytes.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';
import { makeMap } from '../support/maps.js';

describe('map dump for people', { skip: noRoot }, () => {
  let object: LoadedObject;
  const id = (map: BpfMap) => ['id', String(map.id)];

  before(() => {
    object = loadTestObject('map-values');
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  async function readable(map: BpfMap, ...more: string[]): Promise<string> {
    const { status, out, err } = await capture(['map', 'dump', ...id(map), '--readable', ...more]);
    assert.deepEqual([status, err], [0, '']);
    return out;
  }

  test('prefixes are addresses with a length', async () => {
    await capture(['map', 'set', ...id(object.map('prefixes')!), '10.0.0.0/8', '7']);
    await capture(['map', 'set', ...id(object.map('prefixes6')!), '2001:db8::/32', '8']);
    using odd = makeMap('LPM_TRIE', { keySize: 7 });
    odd.update(Uint8Array.of(20, 0, 0, 0, 1, 2, 3), u64(9));
    assert.equal(await readable(object.map('prefixes')!), '10.0.0.0/8: 7\n');
    assert.equal(await readable(object.map('prefixes6')!), '2001:db8::/32: 8\n');
    assert.equal(await readable(odd), '01 02 03/20: 09 00 00 00 00 00 00 00\n');
    assert.deepEqual(JSON.parse((await capture(['-j', 'map', 'dump', ...id(object.map('prefixes')!), '--readable'])).out), [
      { key: '10.0.0.0/8', value: '7' },
    ]);
  });

  test('a terminal gets prefixes without asking, a pipe and --plain what bpftool prints', async () => {
    const words = ['map', 'dump', ...id(object.map('prefixes')!)];
    assert.match((await capture(words, true)).out, /10\.0\.0\.0\/8/);
    const piped = await capture(words);
    assert.doesNotMatch(piped.out, /10\.0\.0\.0/);
    assert.equal((await capture([...words, '--plain'], true)).out, piped.out);
  });

  test('a terminal gets elements with types as a table, each member in its column', async () => {
    const flows = object.map('flows')!;
    const key = '{source: "10.0.0.1", target: "10.0.0.7", port: be(443), local: 50123, protocol: TCP, mac: "52:54:00:12:34:56"}';
    await capture(['map', 'set', ...id(flows), key, '{packets: 12, name: "we\\u001bb", peer: "2001:db8::1"}']);
    const { status, out } = await capture(['map', 'dump', ...id(flows), '--no-color'], true);
    const [titles = '', row = ''] = out.split('\n');
    assert.match(titles, /^source +target +port +local +protocol +mac +packets/);
    assert.match(row, /^10\.0\.0\.1 +10\.0\.0\.7 +443 +50123 +TCP +52:54:00:12:34:56 +12\b/);
    assert.match(out, /name we\\eb +peer 2001:db8::1/);
    assert.match(out, /\nFound 1 element\n$/);
    assert.equal(status, 0);
  });

  test('a terminal gets a row for each CPU, and variables with their values', async () => {
    const counts = object.map('cpu_counts')!;
    await capture(['map', 'set', ...id(counts), '5', '7']);
    const { out } = await capture(['map', 'dump', ...id(counts), '--no-color'], true);
    assert.match(out, /^Key +CPU +Value\n +5 +0 +7\n(?: +1 +7\n)?/);
    using data = loadTestObject('load-data');
    const { out: variables } = await capture(['map', 'dump', ...id(data.map('.bss')!), '--no-color'], true);
    assert.match(variables, /^Variable +Value\n\w+ +/);
  });

  test('programs and maps in maps are named', async () => {
    const program = object.program('first')!;
    object.map('jumps')!.update(u32(2), program.fd);
    assert.equal(await readable(object.map('jumps')!), `2: prog ${program.id}  first\n`);
    using inner = makeMap('ARRAY', { maxEntries: 2, name: 'inner_one' });
    // The object's own holds maps with types, and up to 6.1 none without.
    using outer = makeMap('HASH_OF_MAPS', { innerMapFd: inner.fd });
    outer.update(u32(5), inner.fd);
    assert.equal(await readable(outer), `05 00 00 00: map ${inner.id}  array  inner_one\n`);
  });

  test('--recursive shows what is in the maps of a map, as several maps are shown', async () => {
    using inner = makeMap('ARRAY', { maxEntries: 2, name: 'inner_one' });
    using outer = makeMap('HASH_OF_MAPS', { innerMapFd: inner.fd });
    inner.update(u32(1), u64(77));
    outer.update(u32(5), inner.fd);
    outer.update(u32(6), inner.fd);
    const { out } = await capture(['map', 'dump', ...id(outer), '--recursive']);
    assert.match(
      out,
      new RegExp(
        `^${outer.id}: hash_of_maps[^]*inner_map_id: ${inner.id} \n[^]*Found 2 elements\n\n${inner.id}: array  name inner_one[^]*4d 00[^]*Found 2 elements\n$`,
      ),
    );
    const all = JSON.parse((await capture(['-j', 'map', 'dump', ...id(outer), '--recursive'])).out) as {
      id: number;
      elements: unknown[];
    }[];
    assert.deepEqual(
      all.map((each) => [each.id, each.elements.length]),
      [
        [outer.id, 2],
        [inner.id, 2],
      ],
    );
    assert.match(await readable(outer, '--recursive'), new RegExp(`map inner_one \\(id ${inner.id}\\)  1: 4d 00`));
  });

  test('stacks have the symbols of the kernel', async () => {
    object.program('note_stack')!.testRun({});
    const [line = '', ...frames] = (await readable(object.map('stacks')!)).trimEnd().split('\n');
    assert.match(line, /^\d+: $/);
    for (const frame of frames) assert.match(frame, /^\t0x[0-9a-f]{16} [\w.]+\+0x[0-9a-f]+( \[\w+\])?$/);
    // Who asks for the run is the innermost function that is no program.
    assert.ok(
      frames.some((frame) => / bpf_prog_test_run_raw_tp\+/.test(frame) || / __sys_bpf\+/.test(frame)),
      frames.join('\n'),
    );
    const [row] = JSON.parse((await capture(['-j', 'map', 'dump', ...id(object.map('stacks')!), '--readable'])).out) as {
      value: string[];
    }[];
    assert.equal(row?.value.length, frames.length);
  });

  test('devices are named, and empty places left out', async () => {
    using devices = makeMap('DEVMAP', { maxEntries: 4 });
    devices.update(u32(1), u32(1));
    assert.equal(await readable(devices), '1: lo (ifindex 1)\n');
    using wide = makeMap('DEVMAP_HASH', { valueSize: 8 });
    wide.update(u32(9), u32(1, 0));
    assert.equal(await readable(wide), '09 00 00 00: lo (ifindex 1)\n');
    using queues = makeMap('CPUMAP', { valueSize: 8 });
    queues.update(u32(0), u32(192, 0));
    assert.equal(await readable(queues), '0: queue of 192\n');
  });

  test('buffers say how they are read', async () => {
    const { status, err } = await capture(['map', 'dump', ...id(object.map('events')!)]);
    assert.equal(status, 255);
    assert.match(err, /is of type ringbuf, which holds records, and reading takes them out: use 'bpf-ts events'/);
    using hash = makeMap('HASH', { flags: Flag.BPF_F_NO_PREALLOC });
    assert.equal(await readable(hash), '');
  });
});
