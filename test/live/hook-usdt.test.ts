import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { attach } from '../../src/link/attach.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, loadTestObject, noRoot, openBpfDescriptors, testObjectPath } from '../support/live.js';

const skip = noRoot || (process.arch !== 'x64' && 'its program with probes is for x86-64');
const hasCookies = !isOlderThan('5.15');

describe('usdt', { skip }, () => {
  let object: LoadedObject;
  let directory = '';
  let file = '';

  before(() => {
    object = loadTestObject('hooks-usdt');
    directory = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    file = join(directory, 'probes');
    copyFileSync(testObjectPath('usdt-probes').replace('.bpf.o', '.x86-64'), file);
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  const program = () => object.program('on_probe')!;

  /** How often the program runs while a process with the probes does. */
  function runs(): number {
    const earlier = countOf(object, 'on_probe');
    assert.equal(spawnSync(file).status, 0);
    return countOf(object, 'on_probe') - earlier;
  }

  function seen(slot: number): bigint {
    return new BigInt64Array(object.map('seen')!.lookup(new Uint8Array(new Uint32Array([slot]).buffer))!.buffer)[0]!;
  }

  test('a probe is found by provider and name; constants, registers and memory are read as its arguments', () => {
    {
      using attached = attach(program(), `usdt/${file}:test:four`, { cookie: 99n });
      assert.equal(runs(), 1);
      assert.deepEqual([0, 1, 2, 3, 5].map(seen), [4n, -5n, -7n, 22n, 99n]);
      if (attached instanceof Link) {
        const { target } = attached.info;
        if (target.type === 'uprobe_multi') assert.deepEqual([target.path, target.places.length], [file, 1]);
      }
    }
    assert.equal(runs(), 0);
  });

  test('a probe behind a semaphore is reached, since the kernel raises it', () => {
    {
      using _attached = attach(program(), `usdt/${file}:test:wanted`);
      assert.equal(runs(), 1);
      assert.deepEqual([0, 5].map(seen), [0n, 0n]);
    }
    assert.equal(runs(), 0);
  });

  /** Programs that lie anywhere in memory; they come to their probes when they are told to. */
  test('a probe of one process is reached wherever that lies in memory', async () => {
    const moving = join(directory, 'moving');
    copyFileSync(testObjectPath('usdt-probes-pie').replace('.bpf.o', '.x86-64'), moving);
    const child = spawn(moving, { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const earlier = countOf(object, 'on_probe');
    using _attached = attach(program(), `usdt/${moving}:test:four`, { pid: child.pid!, cookie: 5n });
    child.stdin.end('x');
    assert.equal(await ended, 0);
    assert.equal(countOf(object, 'on_probe') - earlier, 1);
    assert.deepEqual([0, 1, 2, 3, 5].map(seen), [4n, -5n, -7n, 22n, 5n]);
  });

  test('without cookies a program that lies anywhere needs a pid, and addresses go with their attachments', {
    skip: hasCookies && 'needs a kernel before 5.15',
  }, () => {
    const moving = join(directory, 'moving');
    copyFileSync(testObjectPath('usdt-probes-pie').replace('.bpf.o', '.x86-64'), moving);
    assert.throws(() => attach(program(), `usdt/${moving}:test:four`), /name one process by its pid/);
    assert.throws(() => attach(program(), `usdt/${moving}:test:four`, { pid: process.pid }), /does not run/);
    const addresses = object.map('__bpf_usdt_ip_to_spec_id')!;
    {
      using _attached = attach(program(), `usdt/${file}:test:four`);
      assert.ok(addresses.next());
      assert.throws(() => attach(program(), `usdt/${file}:test:four`, { cookie: 1n }), /attached to another probe at the address/);
      assert.ok(addresses.next());
    }
    assert.equal(addresses.next(), undefined);
  });

  test('attaching again takes no further place for the same arguments', () => {
    const specs = object.map('__bpf_usdt_specs')!;
    const used = () =>
      [...Array(specs.info.maxEntries).keys()].filter((id) =>
        specs.lookup(new Uint8Array(new Uint32Array([id]).buffer))!.some((byte) => byte !== 0),
      ).length;
    attach(program(), `usdt/${file}:test:four`)[Symbol.dispose]();
    const once = used();
    attach(program(), `usdt/${file}:test:four`)[Symbol.dispose]();
    assert.equal(used(), once);
  });

  test('a probe that does not exist is refused in words', () => {
    assert.throws(() => attach(program(), `usdt/${file}:test:five`), /has no probe test:five/);
    assert.throws(() => attach(program(), `usdt/${file}:four`), /PATH:PROVIDER:NAME/);
    assert.throws(() => attach(program(), 'usdt'), /it needs a probe of a program or library: usdt\/PATH:PROVIDER:NAME/);
  });
});
