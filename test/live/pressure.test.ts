import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mount, unmount } from '../../native/system.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';
import { assertSentence, bundle, LAUNCHER } from '../support/bundle.js';
import { emulated, someOf } from '../support/guest.js';
import { noRoot, OwnBpffs, openBpfDescriptors, testObjectPath } from '../support/live.js';

const FULL_DISK = 'size=8k';
const AT_ONCE = emulated ? 4 : 10;
const LARGE = 1 << (emulated ? 17 : 20);

describe('under pressure', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  let folder: string;
  const pin = (name: string) => join(bpffs.path, name);

  before(() => {
    // With it this process has a mount namespace of its own.
    bpffs = new OwnBpffs();
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    mount('none', folder, 'tmpfs', 0, FULL_DISK);
  });

  after(() => {
    unmount(folder, 2);
    rmSync(folder, { recursive: true });
    bpffs[Symbol.dispose]();
  });

  test('on a full disk nothing is left half written, and what stood there stays', async () => {
    const output = join(folder, 'all.bpf.o');
    writeFileSync(output, 'before');
    const object = testObjectPath('gen-types');
    assert.ok(statSync(object).size > 8192, 'the object has to be larger than the disk');
    assertSentence(await bundle(['gen', 'object', output, object]), /no space left on device/);
    assert.deepEqual(readdirSync(folder), ['all.bpf.o']);
    assert.equal(statSync(output).size, 'before'.length);
  });

  test('with too few descriptors there is a sentence or all of the work, never half of it', { skip: needs('prlimit') }, async () => {
    const wrong: string[] = [];
    const commands = [
      ['prog', 'show'],
      ['map', 'show'],
      ['net', 'show'],
      ['perf', 'show'],
      ['feature', 'probe', 'kernel', 'macros'],
      ['prog', 'loadall', testObjectPath('hooks-net'), pin('few')],
      ['btf', 'dump', 'file', '/sys/kernel/btf/vmlinux', 'root_id', '1'],
    ];
    const probed = await bundle(commands[4]!);
    for (const limit of someOf([22, 24, 26, 28, 30, 34], 6)) {
      for (const command of someOf(commands, 3)) {
        const ended = await bundle(command, ['prlimit', `--nofile=${limit}:${limit}`]);
        const said = `${command.join(' ')} with ${limit}: ${ended.status} ${ended.err}`;
        // Below some number Node itself cannot start.
        if (ended.status === null) continue;
        if (ended.status === 0) {
          if (command[0] === 'feature' && ended.out !== probed.out) wrong.push(`${said} (other answers)`);
          if (command[1] === 'loadall') assert.equal(readdirSync(pin('few')).length, 6);
        } else if (!/too many open files/.test(ended.err) || /\n\s+at /.test(ended.err)) wrong.push(said);
        if (command[1] === 'loadall') rmSync(pin('few'), { recursive: true, force: true });
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('of some that pin at one path at once, one does, and the others leave nothing', async () => {
    const path = pin('one');
    const ended = await Promise.all(
      Array.from({ length: AT_ONCE }, () => bundle(['prog', 'loadall', testObjectPath('hooks-net'), path, 'pinmaps', `${path}-maps`])),
    );
    const done = ended.filter(({ status }) => status === 0);
    assert.equal(done.length, 1, ended.map(({ err }) => err).join(''));
    for (const each of ended) if (each.status !== 0) assertSentence(each, /exists|is taken|is pinned/);
    assert.equal(readdirSync(path).length, 6);
    rmSync(path, { recursive: true });
    rmSync(`${path}-maps`, { recursive: true });
    assert.deepEqual(
      readdirSync(bpffs.path).filter((name) => name.startsWith('one')),
      [],
    );
  });

  test('some that change one map at once lose nothing', async () => {
    using map = BpfMap.create({ type: MapType.HASH, keySize: 4, valueSize: 4, maxEntries: 100, name: 'shared' });
    map.pin(pin('shared'));
    const update = (i: number) =>
      bundle(['map', 'update', 'pinned', pin('shared'), 'key', String(i), '0', '0', '0', 'value', '1', '0', '0', '0', 'noexist']);
    const ended = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => update(i)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      Array<number>(AT_ONCE).fill(0),
    );
    const { out } = await bundle(['-j', 'map', 'dump', 'pinned', pin('shared')]);
    assert.equal((JSON.parse(out) as unknown[]).length, AT_ONCE);
    rmSync(pin('shared'));
  });

  test('values of a megabyte (an eighth where instructions are emulated) are read and written whole', async () => {
    using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: LARGE, maxEntries: 2, name: 'large' });
    map.pin(pin('large'));
    const value = new Uint8Array(LARGE).fill(0xab);
    map.update(new Uint8Array([1, 0, 0, 0]), value);
    const { status, out } = await bundle(['-j', 'map', 'lookup', 'pinned', pin('large'), 'key', '1', '0', '0', '0']);
    const bytes = (JSON.parse(out) as { value: string[] }).value.map(Number);
    assert.deepEqual([status, digest(Uint8Array.from(bytes))], [0, digest(value)]);
    const dump = await bundle(['map', 'dump', 'pinned', pin('large')]);
    assert.ok(dump.out.trimEnd().endsWith('Found 2 elements') && dump.out.length > 6 * LARGE);
    rmSync(pin('large'));
  });

  test('a slow reader gets all of it', async () => {
    using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 30_000, name: 'slow' });
    map.pin(pin('slow'));
    const whole = (await bundle(['map', 'dump', 'pinned', pin('slow')])).out;
    const child = spawn(process.execPath, [LAUNCHER, 'map', 'dump', 'pinned', pin('slow')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pieces: Buffer[] = [];
    for await (const piece of child.stdout) {
      pieces.push(piece as Buffer);
      await sleep(5);
    }
    assert.equal(digest(Buffer.concat(pieces)), digest(Buffer.from(whole)));
    rmSync(pin('slow'));
  });

  test('no descriptor is left open by what failed', () => {
    assert.equal(openBpfDescriptors(), 0);
  });
});

function needs(program: string): string | false {
  return spawnSync(program, ['--version']).error ? `needs ${program}` : false;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
