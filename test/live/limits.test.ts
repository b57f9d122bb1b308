import assert from 'node:assert/strict';
import { chmodSync, closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { filledHash, manyMaps } from '../../bench/fixtures.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';
import { assertSentence, bundle } from '../support/bundle.js';
import { emulated, someOf } from '../support/guest.js';
import { Limited, noLimit } from '../support/limited.js';
import { noRoot, OwnBpffs } from '../support/live.js';

const MIB = 1 << 20;
const ENTRIES = 50_000;
const BTF_START = [0x9f, 0xeb, 1, 0, 24, 0, 0, 0];

/** Nobody else is this user, whose threads the kernel counts; it may use BPF, and read this checkout wherever it is. */
const ORDINARY_USER = [
  ...['setpriv', '--reuid=47291', '--regid=47291', '--clear-groups'],
  ...['--inh-caps=+bpf,+perfmon,+dac_read_search', '--ambient-caps=+bpf,+perfmon,+dac_read_search'],
];

describe('within the limits of a process', { skip: noRoot }, () => {
  let folder: string;
  let large: string;
  let map: BpfMap;
  const id = () => ['id', String(map.id)];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    // It has no bytes on the disk.
    large = join(folder, 'large.btf');
    const fd = openSync(large, 'w');
    writeSync(fd, Uint8Array.from(BTF_START));
    ftruncateSync(fd, 100 * MIB);
    closeSync(fd);
    map = filledHash(ENTRIES, 8);
  });

  after(() => {
    map[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  test('where no thread can be started, maps are read, and files of commands, all the same', { skip: noLimit('pids') }, async () => {
    const file = join(folder, 'commands');
    writeFileSync(file, 'version\n');
    const whole = (await bundle(['map', 'dump', ...id()])).out;
    // What Node starts for itself, and less than the four threads that it starts for others.
    using cgroup = new Limited('pids', 8);
    const counted = await bundle(['map', 'count', ...id()], cgroup.prefix);
    assert.deepEqual([counted.status, counted.out, counted.err], [0, `${ENTRIES}\n`, '']);
    assert.equal((await bundle(['map', 'dump', ...id()], cgroup.prefix)).out, whole);
    const exported = await bundle(['map', 'export', ...id(), join(folder, 'exported')], cgroup.prefix);
    assert.deepEqual([exported.status, exported.err], [0, '']);
    const batch = await bundle(['batch', 'file', file], cgroup.prefix);
    assert.deepEqual([batch.status, batch.err], [0, '']);
    assert.ok(batch.out.endsWith('processed 1 commands\n'));
  });

  test('where a user may have no more threads, maps are read, and files of commands, all the same', async () => {
    using bpffs = new OwnBpffs();
    const pin = join(bpffs.path, 'there');
    map.pin(pin);
    chmodSync(pin, 0o666);
    const file = join(folder, 'commands-of-user');
    writeFileSync(file, 'version\n');
    chmodSync(folder, 0o777);
    const as = (threads: number) => [...ORDINARY_USER, 'prlimit', `--nproc=${threads}`];
    const whole = (await bundle(['map', 'dump', ...id()])).out;
    const free = await bundle(['map', 'dump', 'pinned', pin], as(1000));
    assert.deepEqual([free.status, free.out === whole, free.err], [0, true, '']);
    for (const threads of emulated ? [8] : [8, 12, 16]) {
      const dumped = await bundle(['map', 'dump', 'pinned', pin], as(threads));
      assert.deepEqual([dumped.status, dumped.out === whole, dumped.err], [0, true, ''], `${threads} threads`);
      const batch = await bundle(['batch', 'file', file], as(threads));
      assert.deepEqual([batch.status, batch.err], [0, ''], `${threads} threads`);
    }
    const exported = await bundle(['map', 'export', 'pinned', pin, join(folder, 'exported-by-user')], as(8));
    assert.deepEqual([exported.status, exported.err], [0, '']);
    assert.equal((await bundle(['map', 'count', 'pinned', pin], as(8))).out, `${ENTRIES}\n`);
    // Node itself ends where it gets none, before anything of the tool runs: nothing is done by halves.
    const none = await bundle(['map', 'export', 'pinned', pin, join(folder, 'not-written')], as(1));
    assert.ok(none.status !== 0, none.err);
    assert.ok(!existsSync(join(folder, 'not-written')));
  });

  test('a file that the memory of a cgroup does not hold is refused before it is read', { skip: noLimit('memory') }, async () => {
    using cgroup = new Limited('memory', 64 * MIB);
    const words = /^Error: read .*large\.btf: it takes some 116 MiB of memory, and the limit of this cgroup leaves \d+ MiB$/m;
    assertSentence(await bundle(['btf', 'dump', 'file', large], cgroup.prefix), words);
  });

  test('values that it does not hold as text are refused before they are read', { skip: noLimit('memory') }, async () => {
    using values = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 4 * MIB, maxEntries: 1, name: 'large' });
    for (const command of [
      ['map', 'dump'],
      ['-j', 'map', 'dump'],
      ['map', 'lookup'],
    ]) {
      using cgroup = new Limited('memory', 64 * MIB);
      const rest = command.includes('lookup') ? ['key', '0', '0', '0', '0'] : [];
      const { status, out, err } = await bundle([...command, 'id', String(values.id), ...rest], cgroup.prefix);
      assert.equal(status, 255, command.join(' '));
      assert.match(out + err, /it takes some 160 MiB of memory, and the limit of this cgroup leaves \d+ MiB/);
    }
  });

  test('memory that is not given is told of in one sentence', async () => {
    const words = /^Error: read .*large\.btf: there is not enough memory$/m;
    assertSentence(await bundle(['btf', 'dump', 'file', large], ['prlimit', `--data=${100 * MIB}`]), words);
  });

  test('dumps, exports and lists take no more memory than a few objects do', { skip: noLimit('memory') }, async () => {
    using _many = manyMaps(2000);
    const commands = [['-j', 'map', 'dump', ...id()], ['map', 'export', ...id(), '-'], ['-j', 'map', 'list'], ['map', 'count'], ['graph']];
    for (const command of someOf(commands, 3)) {
      using cgroup = new Limited('memory', 64 * MIB);
      const { status, err } = await bundle(command, cgroup.prefix);
      assert.deepEqual([status, err], [0, ''], command.join(' '));
    }
  });
});
