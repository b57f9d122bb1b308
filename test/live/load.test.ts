import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Flag } from '../../src/kernel/enums.gen.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { LoadOptions } from '../../src/load/options.js';
import type { BpfMap } from '../../src/map/map.js';
import { findGlobal, setGlobalTexts } from '../../src/object/globals.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { KernelFeatures } from '../../src/probe/features.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { kernelConfig } from '../../src/system/kernel-config.js';
import { isOlderThan, kernelVersion, versionCode } from '../../src/system/kernel-version.js';
import { noRoot, OwnBpffs, openBpfDescriptors, testObjectPath } from '../support/live.js';

const live = { skip: noRoot };
const noBloomFilter = { skip: noRoot || (isOlderThan('5.16') && 'needs bloom filters (5.16)') };
const noLoop = { skip: noRoot || (isOlderThan('5.17') && 'needs bpf_loop (5.17)') };
// bpf_rcu_read_lock is of 6.2.
const noExterns =
  noRoot ||
  (isOlderThan('6.2') && 'needs kernel functions that came later (6.2)') ||
  (!kernelConfig() && 'needs the configuration of the kernel');
const PACKET = new Uint8Array(64);

function specOf(name: string): ObjectSpec {
  return parseObject(readFileSync(testObjectPath(name)), { name: `${name}.bpf.o` });
}

function loadObject(name: string, options: LoadOptions = {}): LoadedObject {
  return load(specOf(name), options);
}

/** What a socket filter returns for a packet. */
function run(object: LoadedObject, program: string): number {
  return object.program(program)!.testRun({ data: PACKET }).returnValue;
}

function key(index: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(index).buffer);
}

/** The value of a global variable that is in the kernel, as an unsigned number. */
function global(object: LoadedObject, name: string, size: 1 | 4 | 8 = 8): bigint {
  const { map, offset } = findGlobal(object.spec, name);
  const value = Buffer.from(object.map(object.spec.maps[map]!.name)!.lookup(key(0))!).subarray(offset);
  return size === 8 ? value.readBigUInt64LE() : BigInt(value.readUIntLE(0, size));
}

test('global variables have their first values, and constants cannot be changed', live, () => {
  using object = loadObject('load-data');
  assert.equal(global(object, 'answer', 4), 42n);
  assert.equal(run(object, 'sum'), 42 + 'n'.charCodeAt(0) + 1 + 1);
  assert.equal(global(object, 'counter'), 6n);
  assert.equal(global(object, 'zeroed', 4), 82n);
  assert.equal(global(object, 'custom', 4), 24n);
  const constants = object.map('.rodata')!;
  assert.equal(constants.state.frozen, true);
  assert.throws(() => constants.update(key(0), constants.lookup(key(0))!));
  assert.equal(object.map('.data')!.state.frozen, false);
});

test('global variables that were set are what the programs see', live, () => {
  using object = load(
    setGlobalTexts(specOf('load-data'), [
      ['answer', '100'],
      ['label', 'A'],
      ['mode', 'LOUD'],
      ['wide', '5'],
      ['verbose', 'true'],
      ['config.port', '8'],
    ]),
  );
  assert.equal(run(object, 'sum'), 100 + 1 + 65 + 7 + 0 + 1);
  assert.equal(global(object, 'zeroed', 4), 10n);
});

test('constants are bound to every program of the object', live, () => {
  using object = loadObject('load-core', { only: ['look'] });
  const ids = object.program('look')!.info.mapIds;
  assert.ok(ids.includes(object.map('.rodata')!.id), 'a program that does not use them');
});

test('programs with functions of all kinds give what C would', noLoop, () => {
  using object = loadObject('load-functions');
  assert.equal(run(object, 'first'), (1 + 1) * 2 + (2 + 1) + 10);
  assert.equal(run(object, 'second') | 0, (PACKET.length - 14 + 1) * 2 - 3 + 28);
  assert.equal(run(object, 'looping'), 1 + 2 + 3 + 4);
  assert.equal(run(object, 'alone'), 7);
  assert.equal(object.program('first')!.info.functionCount, 4);
});

test('optional programs are loaded only when they are named', noLoop, () => {
  using all = loadObject('load-functions');
  assert.equal(all.program('optional'), undefined);
  using chosen = loadObject('load-functions', { only: ['optional', 'alone'] });
  assert.deepEqual(
    chosen.programs.map(({ spec }) => spec.name),
    ['alone', 'optional'],
  );
  assert.throws(() => loadObject('load-functions', { only: ['none'] }), /has no program none/);
});

test('maps have what was declared, and sizes that fit the machine', noBloomFilter, () => {
  using bpffs = new OwnBpffs();
  using object = loadObject('load-maps', { pinRoot: bpffs.path });
  const info = (name: string) => object.map(name)!.info;
  assert.equal(info('typed').flags, Flag.BPF_F_NO_PREALLOC);
  assert.ok(info('typed').btfKeyTypeId > 0);
  assert.equal(info('ring').maxEntries, 8192);
  assert.ok(info('per_cpu_events').maxEntries >= 1);
  assert.equal(info('bloom').mapExtra, 3n);
});

test('maps of maps and prog arrays have their first entries', noBloomFilter, () => {
  using bpffs = new OwnBpffs();
  using object = loadObject('load-maps', { pinRoot: bpffs.path });
  const inner = (slot: number) => object.map('outer')!.lookup(key(slot));
  assert.equal(Buffer.from(inner(0)!).readUInt32LE(), object.map('inner_a')!.id);
  assert.equal(Buffer.from(inner(2)!).readUInt32LE(), object.map('inner_b')!.id);
  assert.equal(inner(1), undefined);
  assert.equal(run(object, 'entry'), 77, 'the tail call');
});

test('a map that is pinned by its name is shared by who loads the object next', noBloomFilter, () => {
  using bpffs = new OwnBpffs();
  const path = `${bpffs.path}/shared`;
  using first = loadObject('load-maps', { pinRoot: bpffs.path });
  assert.ok(existsSync(path));
  using second = loadObject('load-maps', { pinRoot: bpffs.path });
  const [a, b] = [first, second].map((object) => object.maps.find(({ spec }) => spec.name === 'shared')!);
  assert.equal(a!.map.id, b!.map.id);
  assert.deepEqual([a!.reused, b!.reused], [false, true]);
  assert.notEqual(first.map('typed')!.id, second.map('typed')!.id);
});

test('a pinned map of another shape is not taken for the declared one', noBloomFilter, () => {
  using bpffs = new OwnBpffs();
  using _ = loadObject('load-maps', { pinRoot: bpffs.path });
  const spec = specOf('load-maps');
  const maps = spec.maps.map((map) => (map.name === 'shared' ? { ...map, maxEntries: 5 } : map));
  assert.throws(
    () => load({ ...spec, maps }, { pinRoot: bpffs.path }),
    /map shared: the one that is pinned at .* is another \(entries 4, not 5\)/,
  );
});

test('a map that is given is used in place of the declared one', noBloomFilter, () => {
  using bpffs = new OwnBpffs();
  using first = loadObject('load-maps', { pinRoot: bpffs.path });
  const spec = specOf('load-maps');
  const index = spec.maps.findIndex(({ name }) => name === 'typed');
  const given: BpfMap = first.map('typed')!;
  using second = load(spec, { pinRoot: bpffs.path, reuse: new Map([[index, given]]) });
  assert.equal(second.map('typed')!.id, given.id);
});

test('externs are the settings and symbols of this kernel', { skip: noExterns }, (t) => {
  using symbols = new Kallsyms();
  const address = symbols.find('_stext')?.address;
  if (address === undefined) return t.skip('addresses of kernel symbols are hidden here');
  using object = loadObject('load-externs');
  object.program('look')!.testRun({});
  assert.equal(Number(global(object, 'version')), versionCode(kernelVersion()));
  assert.equal(global(object, 'config'), 3n);
  assert.equal(global(object, 'tristate'), 1n);
  assert.equal(global(object, 'found'), address);
  for (const name of ['absent', 'unset', 'to_come']) assert.equal(global(object, name), 0n, name);
  assert.equal(object.program('call')!.testRun({}).returnValue, 3);
});

test('given settings come before those of the kernel', { skip: noExterns }, () => {
  using object = loadObject('load-externs', { kconfig: 'CONFIG_HZ=77\nCONFIG_NET=m\n', only: ['look'] });
  object.program('look')!.testRun({});
  assert.equal(global(object, 'hz'), 77n);
  assert.equal(global(object, 'tristate'), 2n);
});

test('relocations are resolved against the running kernel', live, () => {
  using object = loadObject('load-core');
  object.program('look')!.testRun({});
  assert.equal(Number(global(object, 'pid', 4)), process.pid);
  assert.equal(global(object, 'comm_size', 4), 16n);
  assert.deepEqual(
    ['never', 'no_struct', 'array', 'never_type'].map((name) => global(object, name, 4)),
    [0n, 0n, 2n, 0n],
  );
});

test('types are given to the kernel in the words that an older one knows', live, () => {
  const now = new KernelFeatures();
  const lacking = new Set(['argCtxTag', 'btfEnum64', 'btfTypeTag', 'btfDeclTag', 'expectedAttachType', 'arrayMmap']);
  using object = loadObject('load-data', { features: { has: (feature) => !lacking.has(feature) && now.has(feature) } });
  assert.equal(object.map('.data')!.info.flags & Flag.BPF_F_MMAPABLE, 0);
  assert.equal(run(object, 'sum'), 42 + 'n'.charCodeAt(0) + 2);
});

test('maps in a section of records load too', live, () => {
  using object = loadObject('load-legacy.clang-14');
  assert.equal(run(object, 'lookups'), 1);
  assert.equal(object.map('first_map')!.info.valueSize, 8);
});

test('closing an object leaves no descriptor', live, () => {
  const before = openBpfDescriptors();
  using bpffs = new OwnBpffs();
  for (const name of ['load-data', 'load-core', ...(isOlderThan('6.4') ? [] : ['struct-ops']), ...(noExterns ? [] : ['load-externs'])])
    loadObject(name, { pinRoot: bpffs.path })[Symbol.dispose]();
  assert.equal(openBpfDescriptors(), before);
});
