import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { possibleCpus } from '../../src/system/cpus.js';
import { u32 } from '../support/bytes.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';
import { makeMap } from '../support/maps.js';

describe('typed writes', { skip: noRoot }, () => {
  let object: LoadedObject;
  const id = (name: string) => ['id', String(object.map(name)!.id)];

  before(() => {
    object = loadTestObject('map-values');
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  /** Runs a line that has to succeed, and gives what it prints as JSON. */
  async function done(...words: string[]): Promise<Record<string, Record<string, unknown>>> {
    const { status, out, err } = await capture(['-j', 'map', ...words]);
    assert.deepEqual([status, err], [0, ''], out);
    return JSON.parse(out);
  }

  async function refused(message: RegExp, ...words: string[]): Promise<void> {
    const { status, out, err } = await capture(['map', ...words]);
    assert.equal(out, '');
    assert.notEqual(status, 0);
    assert.match(err, message);
  }

  const KEY = '{source: "10.0.0.1", port: be(80), protocol: TCP, mac: "52:54:00:12:34:56"}';

  test('an element is written, found and deleted by its types', async () => {
    assert.equal(await done('set', ...id('flows'), KEY, '{packets: 0x10, name: "web", peer: "2001:db8::1", low: 5}'), null);
    const { formatted } = await done('lookup', ...id('flows'), KEY);
    const { key, value } = formatted as { key: Record<string, unknown>; value: Record<string, unknown> };
    assert.deepEqual([key.port, key.protocol, key.mac], [20480, 'TCP', [0x52, 0x54, 0, 0x12, 0x34, 0x56]]);
    assert.deepEqual([value.packets, value.name], [16, 'web']);
    await refused(/EEXIST|already exists/, 'set', ...id('flows'), KEY, '{}', 'noexist');
    assert.equal(await done('set', ...id('flows'), KEY, '{packets: 2}', 'exist'), null);
    assert.equal(await done('delete', ...id('flows'), KEY), null);
    await refused(/has no element with this key/, 'delete', ...id('flows'), KEY);
  });

  test('prefixes of LPM tries are written as such', async () => {
    await done('set', ...id('prefixes'), '10.1.0.0/16', '7');
    assert.deepEqual(object.map('prefixes')!.next(), Uint8Array.of(16, 0, 0, 0, 10, 1, 0, 0));
    await done('set', ...id('prefixes6'), '2001:db8::/32', '8');
    const { formatted } = await done('lookup', ...id('prefixes6'), '2001:db8::1/128');
    assert.equal(formatted!.value, 8);
    await refused(/key: a prefix of 33 bits is longer than the 32 of the address/, 'set', ...id('prefixes'), '10.0.0.0/33', '1');
    await refused(/key: '::\/0' is no prefix of 4 bytes/, 'set', ...id('prefixes'), '::/0', '1');
  });

  test('a per-CPU map takes one value for all CPUs or one for each', async () => {
    const cpus = possibleCpus();
    const list = Array.from({ length: cpus }, (_, cpu) => cpu * 10);
    await done('set', ...id('cpu_counts'), '1', '5');
    const values = async (name: string, key: string) => {
      const { formatted } = (await done('lookup', ...id(name), key)) as unknown as { formatted: { values: { value: unknown }[] } };
      return formatted.values.map(({ value }) => value);
    };
    assert.deepEqual(
      await values('cpu_counts', '1'),
      list.map(() => 5),
    );
    await done('set', ...id('cpu_counts'), '1', JSON.stringify(list));
    assert.deepEqual(await values('cpu_counts', '1'), list);
    await refused(
      /value: \d+ values for \d+ CPUs: give one for each, or one for all/,
      'set',
      ...id('cpu_counts'),
      '1',
      JSON.stringify([...list, 1]),
    );
    await refused(/value of CPU 0: -1 does not fit u64/, 'set', ...id('cpu_counts'), '1', JSON.stringify(list.map(() => -1)));
    // Where a value is an array, so is what all get.
    await done('set', ...id('cpu_lists'), '2', '[1, 2, 3]');
    assert.deepEqual(
      await values('cpu_lists', '2'),
      list.map(() => [1, 2, 3]),
    );
    await done('set', ...id('cpu_lists'), '2', JSON.stringify(list.map((each) => [each])));
    assert.deepEqual(
      await values('cpu_lists', '2'),
      list.map((each) => [each, 0, 0]),
    );
  });

  test('queues, maps of programs and of maps, and maps without types take what fits them', async () => {
    await done('push', ...id('waiting'), '0x200000001');
    assert.deepEqual(object.map('waiting')!.pop(), Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0));
    await refused(/has no keys: use 'map push'/, 'set', ...id('waiting'), '1', '2');
    await done('set', ...id('jumps'), '1', 'id', String(object.program('first')!.id));
    assert.deepEqual(object.map('jumps')!.lookup(u32(1)), u32(object.program('first')!.id));
    using plain = makeMap('HASH');
    await done('set', 'id', String(plain.id), '-1', 'hex("0102030405060708")');
    assert.deepEqual(plain.lookup(Uint8Array.of(255, 255, 255, 255)), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  test('what does not fit is refused by the name of its member, before anything is written', async () => {
    const flows = object.map('flows')!;
    await refused(/^Error: key\.local: 70000 does not fit u16 \(0 to 65535\)\n/, 'set', ...id('flows'), '{local: 70000}', '{}');
    await refused(/^Error: value\.name: .* has 20 bytes, which do not fit 16\n/, 'set', ...id('flows'), KEY, `{name: "${'x'.repeat(20)}"}`);
    await refused(/^Error: value: expected ':', got '5' at character 10\n/, 'set', ...id('flows'), KEY, '{packets 5}');
    await refused(/^Error: value: 70000 does not fit u16/, 'set', ...id('ports'), '1', '70000');
    await refused(/^Error: 'more' is too much here|flag: expected/, 'set', ...id('ports'), '1', '7', 'more');
    await refused(/VALUE is missing/, 'set', ...id('ports'), '1');
    assert.equal(flows.next(), undefined);
    assert.equal(object.map('ports')!.next(), undefined);
  });
});
