import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupPrograms } from '../../src/link/cgroup.js';
import { Link } from '../../src/link/link.js';
import { netAttachments } from '../../src/link/net.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { Program } from '../../src/program/program.js';
import {
  countOf,
  eventually,
  loadTestObject,
  noCgroup,
  OwnBpffs,
  OwnCgroup,
  ownNetwork,
  quietPair,
  testObjectPath,
} from '../support/live.js';
import { programOf } from '../support/programs.js';
import { sendFrame } from '../support/sockets.js';
import { startTool } from '../support/tool.js';

const HOLDER = programOf('support/hold-links');

interface Held {
  readonly pinned: number;
  readonly held: number;
  readonly programs: readonly number[];
}

describe('a process that is killed while it holds links', { skip: noCgroup }, () => {
  let bpffs: OwnBpffs;
  let cgroup: OwnCgroup;
  let bystander: LoadedObject;
  let [near, far] = [0, 0];

  before(() => {
    ownNetwork();
    ({ near, far } = quietPair());
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    bystander = loadTestObject('hooks-net', { only: ['count_other'] });
  });

  after(() => {
    bystander[Symbol.dispose]();
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
  });

  /** All that could have changed: what is attached at the interface and the cgroup, and what is pinned. */
  const state = () => ({
    xdp: netAttachments(near).xdp.flatMap(({ xdp }) => xdp.map(({ progId }) => progId)),
    cgroup: cgroupPrograms(cgroup.path).map(({ id }) => id),
    pins: readdirSync(bpffs.path).filter((name) => !name.endsWith('.debug')),
  });
  const NOTHING = { xdp: [], cgroup: [], pins: [] };
  const path = () => join(bpffs.path, 'link');

  function isThere(open: () => Disposable): boolean {
    try {
      open()[Symbol.dispose]();
      return true;
    } catch {
      return false;
    }
  }
  const programIsThere = (id: number) => isThere(() => Program.fromId(id));

  test('the link that it pinned stays and works, the other one is gone, and nothing else has changed', async () => {
    assert.deepEqual(state(), NOTHING);
    const child = spawn(process.execPath, [HOLDER, 'near', cgroup.path, path()], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [data] = (await once(child.stdout, 'data')) as [Buffer];
    const { pinned, held, programs } = JSON.parse(data.toString()) as Held;
    assert.deepEqual(state(), { xdp: [programs[0]], cgroup: [programs[1]], pins: ['link'] });

    child.kill('SIGKILL');
    await once(child, 'close');
    assert.ok(await eventually(() => !isThere(() => Link.fromId(held)) && !programIsThere(programs[1]!)));
    assert.deepEqual(state(), { xdp: [programs[0]], cgroup: [], pins: ['link'] });
    assert.ok(programIsThere(bystander.program('count_other')!.id));
    {
      using link = Link.fromPin(path());
      assert.deepEqual([link.info.id, link.info.progId], [pinned, programs[0]]);
      // Its program is replaced by one that counts here, so that it is seen to run.
      link.update(bystander.program('count_other')!.fd);
      sendFrame(far);
      assert.ok(await eventually(() => countOf(bystander, 'count_other') > 0));
    }
    unlinkSync(path());
    assert.ok(await eventually(() => state().xdp.length === 0 && !programIsThere(programs[0]!)));
    assert.deepEqual(state(), NOTHING);
  });

  test('run: all that it attached by links is gone', async () => {
    const running = startTool('-j', 'run', testObjectPath('every-net'), '--only', 'on_xdp', '--dev', 'near');
    const id = Number(/"prog_id":(\d+)/.exec(await running.printed('"attached_to"'))![1]);
    assert.deepEqual(state(), { ...NOTHING, xdp: [id] });
    running.child.kill('SIGKILL');
    await running.ended;
    assert.ok(await eventually(() => !programIsThere(id)));
    assert.deepEqual(state(), NOTHING);
  });

  test('link attach with a pin, whenever it is killed: it is attached and pinned, or neither', async () => {
    const program = bystander.program('count_other')!;
    const outcomes = new Set<number>();
    for (let delay = 0; delay < 400; delay += 40) {
      const { child, ended } = startTool('link', 'attach', 'id', `${program.id}`, 'xdp', 'near', 'pin', path());
      await sleep(delay);
      child.kill('SIGKILL');
      await ended;
      const { pins } = state();
      assert.ok(await eventually(() => state().xdp.length === pins.length), `after ${delay} ms: ${JSON.stringify(state())}`);
      outcomes.add(pins.length);
      if (pins.length > 0) unlinkSync(path());
      assert.ok(await eventually(() => state().xdp.length === 0));
    }
    assert.ok(outcomes.has(0));
  });
});
