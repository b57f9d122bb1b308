import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mount, unmount } from '../../native/system.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { someOf } from '../support/guest.js';
import { eventually, noRoot, OwnBpffs, testObjectPath } from '../support/live.js';
import { type Ended, startTool, TOOL, tool } from '../support/tool.js';

const OBJECT = testObjectPath('interrupted');
const PROGRAMS = 48;
const STANDARD = '/sys/fs/bpf';
const MNT_DETACH = 2;

/** Programs and maps of the object that are in the kernel, by name. */
function inKernel(): string[] {
  const names: string[] = [];
  for (using program of Program.all()) names.push(program.info.name);
  for (using map of BpfMap.all()) names.push(map.info.name);
  return names.filter((name) => name.startsWith('interrupted'));
}

/** The kernel frees a program some time after its last reference went. */
async function assertNothingLeft(): Promise<void> {
  await eventually(() => inKernel().length === 0);
  assert.deepEqual(inKernel(), []);
}

function pins(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => !name.endsWith('.debug')) : [];
}

describe('a load that does not come to its end leaves nothing', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  let plain: string;
  const directory = () => join(bpffs.path, 'programs');

  before(() => {
    bpffs = new OwnBpffs();
    // Where maps pin themselves: one that only this process and its children see.
    mount('bpf', STANDARD, 'bpf', 0);
    plain = mkdtempSync(join(tmpdir(), 'bpf-ts-plain-'));
    writeFileSync(join(plain, 'file'), '');
  });

  after(() => {
    rmSync(plain, { recursive: true });
    unmount(STANDARD, MNT_DETACH);
    bpffs[Symbol.dispose]();
  });

  async function assertFails(message: RegExp, ...args: string[]): Promise<void> {
    const { status, err } = await tool(...args);
    assert.equal(status, 255);
    assert.match(err, message);
    assert.deepEqual([pins(STANDARD), pins(directory())], [[], []]);
    await assertNothingLeft();
  }

  test('when maps are to be pinned where nothing can be', async () => {
    for (const where of [join(plain, 'file'), plain]) {
      await assertFails(/cannot pin in/, 'prog', 'loadall', OBJECT, directory(), 'pinmaps', where);
      assert.equal(existsSync(directory()), false);
    }
    assert.deepEqual(readdirSync(plain), ['file']);
  });

  test('when the file system is another one, and none may be mounted', async () => {
    await assertFails(/--nomount/, '--nomount', 'prog', 'loadall', OBJECT, join(plain, 'new'));
    assert.deepEqual(readdirSync(plain), ['file']);
  });

  test('when the file system is read-only', async () => {
    const [MS_RDONLY, MS_REMOUNT] = [1, 32];
    mkdirSync(directory());
    mount('bpf', bpffs.path, 'bpf', MS_RDONLY | MS_REMOUNT);
    try {
      await assertFails(/read-only/, 'prog', 'loadall', OBJECT, directory());
      await assertFails(/read-only/, 'prog', 'loadall', OBJECT, join(bpffs.path, 'new'));
      await assertFails(/read-only/, 'prog', 'load', OBJECT, join(directory(), 'one'));
    } finally {
      mount('bpf', bpffs.path, 'bpf', MS_REMOUNT);
      rmSync(directory(), { recursive: true });
    }
  });

  test('when one pin of many is taken', async () => {
    mkdirSync(directory());
    mkdirSync(join(directory(), 'interrupted_1130'));
    const { status, err } = await tool('prog', 'loadall', OBJECT, directory());
    assert.equal(status, 255);
    assert.match(err, /interrupted_1130/);
    assert.deepEqual(pins(directory()), ['interrupted_1130']);
    rmSync(directory(), { recursive: true });
    assert.deepEqual(pins(STANDARD), []);
    await assertNothingLeft();
  });

  test('when capabilities are missing', async () => {
    const args = ['--bounding-set=-all', '--inh-caps=-all', '--', ...TOOL, 'prog', 'loadall', OBJECT, directory()];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(status, 255, err);
    assert.match(err, /not permitted/);
    assert.deepEqual([pins(STANDARD), existsSync(directory())], [[], false]);
    await assertNothingLeft();
  });

  /** Runs `loadall`, and sends it a signal as soon as a path is there. */
  async function interrupt(signal: NodeJS.Signals, path: string): Promise<Ended & { signal: NodeJS.Signals | null }> {
    const { child, ended } = startTool('prog', 'loadall', OBJECT, directory());
    const deadline = Date.now() + 20_000;
    // No timer is as quick as looking all the time.
    while (!existsSync(path) && Date.now() < deadline);
    child.kill(signal);
    return { ...(await ended), signal: child.signalCode };
  }

  for (const signal of someOf(['SIGINT', 'SIGTERM', 'SIGHUP'] as const, 3)) {
    test(`unless it is asked to stop by ${signal} while it pins: then all is pinned, or nothing`, async () => {
      for (const path of [join(STANDARD, 'interrupted'), directory(), join(directory(), 'interrupted_1000')]) {
        const { err, status, signal: ending } = await interrupt(signal, path);
        const [programs, maps] = [pins(directory()).length, pins(STANDARD).length];
        assert.ok(programs === 0 || programs === PROGRAMS, `${programs} programs are pinned`);
        // A signal that comes when all is done may find nobody: then the command has succeeded.
        const succeeded = status === 0 && programs === PROGRAMS;
        assert.ok(err === '' && (ending === signal || succeeded), `${err} ${status} ${ending}`);
        assert.equal(maps, programs === 0 ? 0 : 1);
        rmSync(directory(), { recursive: true, force: true });
        rmSync(join(STANDARD, 'interrupted'), { force: true });
        await assertNothingLeft();
      }
    });
  }

  test('when it is asked to stop before it pins', async () => {
    const { child, ended } = startTool('prog', 'loadall', OBJECT, directory());
    await eventually(() => existsSync(`/proc/${child.pid}/maps`));
    child.kill('SIGTERM');
    await ended;
    assert.deepEqual([child.signalCode, pins(STANDARD), existsSync(directory())], ['SIGTERM', [], false]);
    await assertNothingLeft();
  });
});
