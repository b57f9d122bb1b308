import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { eventually, noRoot, OwnBpffs, openBpfDescriptors } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';
import { startTool } from '../support/tool.js';

const objectFile = (name: string) => fileURLToPath(new URL(`../../../test/progs/${name}.bpf.o`, import.meta.url));
const OBJECT = objectFile('struct-ops');
const AVAILABLE = '/proc/sys/net/ipv4/tcp_available_congestion_control';
const skip = noRoot || (isOlderThan('6.4') ? 'needs Linux 6.4, for links of struct_ops' : false);

const available = (name: string) => readFileSync(AVAILABLE, 'utf8').split(/\s/).includes(name);

async function run(...args: string[]): Promise<string> {
  const { status, out, err } = await capture(['--plain', ...args]);
  assert.equal(status, 0, out + err);
  return out;
}

interface Shown {
  id: number;
  name: string;
  kernel_struct_ops: string;
}

const shown = async (...args: string[]) => JSON.parse(await run('-j', 'struct_ops', 'show', ...args)) as Shown[];

describe('struct_ops', { skip }, () => {
  let bpffs: OwnBpffs;
  let links: string;

  before(async () => {
    bpffs = new OwnBpffs();
    links = join(bpffs.path, 'links');
    await run('struct_ops', 'register', OBJECT, links);
  });

  after(async () => {
    for (const name of readdirSync(links)) unlinkSync(join(links, name));
    rmdirSync(links);
    bpffs[Symbol.dispose]();
    assert.ok(await eventually(() => !available('bpf_ts_held') && !available('bpf_ts_linked')));
    assert.equal(openBpfDescriptors(), 0);
  });

  test('what is registered is in use, with a link and without', () => {
    assert.ok(available('bpf_ts_held') && available('bpf_ts_linked'));
    assert.deepEqual(readdirSync(links), ['linked']);
  });

  test('registered maps are listed, all or by name or id', async () => {
    const ours = (await shown()).filter(({ name }) => name === 'held' || name === 'linked');
    assert.deepEqual(
      ours.map(({ name, kernel_struct_ops: struct }) => [name, struct]),
      [
        ['held', 'tcp_congestion_ops'],
        ['linked', 'tcp_congestion_ops'],
      ],
    );
    const [held] = ours;
    assert.deepEqual(await shown('id', String(held!.id)), [held]);
    assert.deepEqual(await shown('name', 'held'), [held]);
  });

  test('a dump names the programs that stand for functions', async () => {
    const [info, value] = JSON.parse(await run('-j', 'struct_ops', 'dump', 'name', 'linked')) as Record<
      string,
      Record<string, Record<string, unknown>>
    >[];
    assert.equal(info!.bpf_map_info!.name, 'linked');
    const { common, data } = value!.bpf_struct_ops_tcp_congestion_ops!;
    assert.equal(common!.state, 'BPF_STRUCT_OPS_STATE_READY');
    assert.equal(data!.name, 'bpf_ts_linked');
    assert.match(String(data!.undo_cwnd), /^u32 \(struct sock \*\) hold_undo_cwnd\/prog_id:\d+$/);
    assert.equal(data!.release, 'void (struct sock *) 0');
  });

  for (const words of [['show'], ['list'], ['dump'], ['dump', 'name', 'held'], ['show', 'name', 'linked']]) {
    for (const form of [[], ['-j'], ['-p']]) {
      const args = [...form, 'struct_ops', ...words];
      test(`${args.join(' ')} prints what the reference prints`, { skip: noReference }, async (t) => {
        // Older ones print pointers and enums differently.
        if (words[0] === 'dump' && referenceVersion < 705) return t.skip('needs bpftool 7.5');
        assert.equal(await run(...args), runReference(args).out);
      });
    }
  }

  test('what a link holds is taken out of use by the link', async () => {
    const { status, err } = await capture(['struct_ops', 'unregister', 'name', 'linked']);
    assert.equal(status, 255);
    assert.match(err, /^Error: unregister map linked \(id \d+\): it is in use through a link, so detach that/);
    assert.ok(available('bpf_ts_linked'));
  });

  test('a name that the kernel has already is refused, and nothing of the object stays', async () => {
    const { status, err } = await capture(['struct_ops', 'register', OBJECT]);
    assert.equal(status, 255);
    assert.match(err, /^Error: register held: the kernel has one of this name/);
    assert.equal((await shown('name', 'held')).length, 1);
  });

  test('what is unregistered is gone', async () => {
    await run('struct_ops', 'unregister', 'name', 'held');
    assert.ok(!available('bpf_ts_held'));
    assert.match((await capture(['struct_ops', 'unregister', 'name', 'held'])).err, /^Error: no struct_ops map named 'held'/);
  });

  test('when the second of two maps is refused, the first is taken out of use again', async () => {
    // Its own name is free again; the link's place is taken.
    unlinkSync(join(links, 'linked'));
    assert.ok(await eventually(() => !available('bpf_ts_linked')));
    const taken = join(bpffs.path, 'taken');
    mkdirSync(taken);
    mkdirSync(join(taken, 'linked'));
    const { status, err } = await capture(['struct_ops', 'register', OBJECT, taken]);
    assert.equal(status, 255);
    assert.match(err, /^Error: pin struct_ops link \d+ at /);
    assert.ok(await eventually(() => !available('bpf_ts_held') && !available('bpf_ts_linked')));
    rmdirSync(join(taken, 'linked'));
    rmdirSync(taken);
  });

  test('a link that nobody pins ends with the command, which says so', async () => {
    await run('struct_ops', 'register', OBJECT);
    assert.ok(await eventually(() => !available('bpf_ts_linked')));
    assert.ok(available('bpf_ts_held'));
    await run('struct_ops', 'unregister', 'name', 'held');
  });

  test('an object without such a map, and a map of another type, are refused', async () => {
    const other = objectFile('hooks-net');
    assert.match((await capture(['struct_ops', 'register', other])).err, /has no struct_ops map/);
    const file = join(bpffs.path, 'counts');
    await run('map', 'create', file, 'type', 'array', 'key', '4', 'value', '4', 'entries', '1', 'name', 'counts');
    const { id } = JSON.parse(await run('-j', 'map', 'show', 'pinned', file)) as { id: number };
    assert.match((await capture(['struct_ops', 'dump', 'id', String(id)])).err, /is no struct_ops map/);
    unlinkSync(file);
    assert.ok(!existsSync(file));
  });
});

test('a kernel without such links takes a map without one', { skip: noRoot }, async () => {
  await run('struct_ops', 'register', objectFile('struct-ops-plain'));
  assert.ok(available('bpf_ts_plain'));
  const [plain] = await shown('name', 'plain');
  assert.equal(plain!.kernel_struct_ops, 'tcp_congestion_ops');
  assert.match(
    await run('struct_ops', 'dump', 'id', String(plain!.id)),
    /"undo_cwnd": "u32 \(struct sock \*\) plain_undo_cwnd\/prog_id:\d+"/,
  );
  await run('struct_ops', 'unregister', 'id', String(plain!.id));
  assert.ok(!available('bpf_ts_plain'));
});

const lacksLinks = noRoot || !isOlderThan('6.4') ? 'needs a kernel before 6.4' : false;

test('a kernel without such links says which kernel has them', { skip: lacksLinks }, async () => {
  const { status, err } = await capture(['struct_ops', 'register', OBJECT]);
  assert.equal(status, 255);
  assert.match(err, /^Error: .*: not supported by this kernel \(needs 6\.4, this is /);
  assert.deepEqual(await shown(), []);
});

test('run registers the maps of an object for as long as it stays', { skip }, async () => {
  const running = startTool('-j', 'run', OBJECT);
  await running.printed('"hold_undo_cwnd"');
  assert.ok(available('bpf_ts_held') && available('bpf_ts_linked'));
  running.child.kill('SIGINT');
  const { status, out } = await running.ended;
  assert.equal(status, 0);
  const registered = (JSON.parse(out) as Record<string, unknown>[]).filter((row) => row.map !== undefined);
  assert.deepEqual(
    registered.map(({ map, registered_as: as, link_id: link }) => [map, as, typeof link]),
    [
      ['held', 'tcp_congestion_ops', 'undefined'],
      ['linked', 'tcp_congestion_ops', 'number'],
    ],
  );
  assert.ok(await eventually(() => !available('bpf_ts_held') && !available('bpf_ts_linked')));
});
