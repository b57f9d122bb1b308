import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { unmount } from '../../native/system.js';
import { load } from '../../src/load/load.js';
import { parseObject } from '../../src/object/parse.js';
import { Program } from '../../src/program/program.js';
import { isBpffs } from '../../src/system/bpffs.js';
import { type Captured, capture } from '../support/capture.js';
import { noRoot, OwnBpffs, openBpfDescriptors, ownNetwork, testObjectPath } from '../support/live.js';
import { startTool } from '../support/tool.js';

const OBJECT = testObjectPath('commands');

async function succeeds(...args: string[]): Promise<Captured> {
  const result = await capture(args);
  assert.deepEqual([result.status, result.err], [0, ''], `${args.join(' ')}: ${result.out}`);
  return result;
}

function fails(message: RegExp, ...args: string[]): Promise<Captured> {
  return failsWith(255, message, ...args);
}

async function failsWith(status: number, message: RegExp, ...args: string[]): Promise<Captured> {
  const result = await capture(args);
  assert.equal(result.status, status, args.join(' '));
  assert.match(result.err, message);
  return result;
}

describe('commands on programs', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  let folder: string;
  const at = (name: string) => join(bpffs.path, name);
  /** Names below a directory of the bpffs, without the kernel's own files. */
  const names = (directory = '') =>
    existsSync(at(directory))
      ? readdirSync(at(directory))
          .filter((name) => !name.endsWith('.debug'))
          .sort()
      : [];

  before(() => {
    ownNetwork();
    bpffs = new OwnBpffs();
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  test('prog load pins the first program of an object, prog loadall each by its name', async () => {
    await succeeds('prog', 'load', OBJECT, at('first'));
    {
      using first = Program.fromPin(at('first'));
      assert.equal(first.name, 'change_a_byte_of_the_packet');
    }
    assert.equal((await succeeds('-j', 'prog', 'loadall', OBJECT, at('all'), 'pinmaps', at('maps'))).out, 'null\n');
    assert.deepEqual(names('all'), ['change_a_byte_of_the_packet', 'dissect', 'on_raw', 'pass_message', 'prints']);
    assert.deepEqual(names('maps'), ['commands_rodata', 'shared', 'sockets']);
  });

  test('a program is shown by its whole name, with its metadata', async () => {
    const { out } = await succeeds('-j', 'prog', 'show', 'pinned', at('first'));
    const row = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(
      [row.type, row.name, row.metadata],
      ['sched_cls', 'change_a_byte_of_the_packet', { author: 'a "tester"', number: -7 }],
    );
    const plain = await succeeds('prog', 'show', 'id', String(row.id));
    assert.match(plain.out, /\n\tmetadata:\n\t\tauthor = "a \\"tester\\""\n\t\tnumber = -7\n$/);
    await fails(/no program named 'change_a_byte_o'/, 'prog', 'show', 'name', 'change_a_byte_o');
  });

  test('several programs of one name are shown as a list, and one of them has to be named for anything else', async () => {
    const { out } = await succeeds('-j', 'prog', 'show', 'name', 'change_a_byte_of_the_packet');
    assert.ok((JSON.parse(out) as unknown[]).length >= 2);
    await fails(/several programs match this handle/, 'prog', 'pin', 'name', 'change_a_byte_of_the_packet', at('x'));
  });

  test('prog pin refuses what is there already, and what is no bpffs', async () => {
    await succeeds('prog', 'pin', 'pinned', at('first'), at('second'));
    await fails(/second: it already exists/, 'prog', 'pin', 'pinned', at('first'), at('second'));
    writeFileSync(join(folder, 'content'), '');
    await fails(/mounting one there would hide/, 'prog', 'pin', 'pinned', at('first'), join(folder, 'x'));
    assert.deepEqual(readdirSync(folder), ['content']);
    await fails(/no directory/, 'prog', 'pin', 'pinned', at('first'), join(folder, 'none', 'x'));
  });

  test('a bpffs is mounted on an empty directory, but not with -n', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await fails(/because of --nomount/, '-n', 'prog', 'pin', 'pinned', at('first'), join(empty, 'x'));
    assert.ok(!isBpffs(empty));
    await succeeds('prog', 'pin', 'pinned', at('first'), join(empty, 'x'));
    assert.ok(isBpffs(empty));
    unmount(empty);
  });

  test('what a refused load has made is gone again', async () => {
    const made = join(folder, 'made');
    mkdirSync(made);
    const { err } = await fails(
      /^Error: program forgets_to_check: refused by the verifier: R0 invalid mem access/,
      'prog',
      'loadall',
      testObjectPath('refused'),
      at('refused'),
    );
    assert.match(err, /refused\.bpf\.c:\d+: return \*value; /);
    assert.match(err, /\nThe end of the verifier log \(all of it with -d\):\n/);
    assert.ok(!existsSync(at('refused')));
    await fails(/refused by the verifier/, 'prog', 'load', testObjectPath('refused'), join(made, 'x'));
    assert.ok(!isBpffs(made));
    // The first program is pinned before the second finds its place taken.
    mkdirSync(at('taken'));
    await succeeds('prog', 'pin', 'pinned', at('first'), at('taken/on_raw'));
    await fails(/pin program on_raw .*already exists/, 'prog', 'loadall', OBJECT, at('taken'));
    assert.deepEqual(names('taken'), ['on_raw']);
    await fails(/shared/, 'prog', 'loadall', OBJECT, at('new'), 'pinmaps', at('maps'));
    assert.ok(!existsSync(at('new')));
  });

  test('with -j a refused program is one JSON object', async () => {
    const { status, out } = await capture(['-j', 'prog', 'load', testObjectPath('refused'), at('refused')]);
    assert.equal(status, 255);
    assert.match((JSON.parse(out) as { error: string }).error, /refused by the verifier/);
  });

  test('maps are given by name or index in place of those of the object', async () => {
    const shared = JSON.parse((await succeeds('-j', 'map', 'show', 'pinned', at('maps/shared'))).out) as { id: number };
    for (const which of [
      ['name', 'shared'],
      ['idx', '0'],
    ]) {
      await succeeds('prog', 'load', OBJECT, at('reusing'), 'map', ...which, 'id', String(shared.id));
      using program = Program.fromPin(at('reusing'));
      assert.ok(program.info.mapIds.includes(shared.id));
      rmSync(at('reusing'));
    }
    await fails(/no map named 'none'/, 'prog', 'load', OBJECT, at('x'), 'map', 'name', 'none', 'id', String(shared.id));
    await fails(/no map 77/, 'prog', 'load', OBJECT, at('x'), 'map', 'idx', '77', 'id', String(shared.id));
    await fails(
      /given twice/,
      'prog',
      'load',
      OBJECT,
      at('x'),
      ...['idx', '0', 'name', 'shared'].flatMap((word, i, all) => (i % 2 ? [] : ['map', word, all[i + 1]!, 'id', String(shared.id)])),
    );
  });

  test('a type that is given counts for all programs', async () => {
    await succeeds('prog', 'loadall', testObjectPath('ring-buffer'), at('typed'), 'type', 'xdp');
    for (const name of names('typed')) {
      using program = Program.fromPin(at(`typed/${name}`));
      assert.equal(program.info.typeName, 'xdp');
    }
    await fails(/there is no program type 'nonsense'/, 'prog', 'load', OBJECT, at('x'), 'type', 'nonsense');
  });

  test('autoattach pins a link where the section says all, the program elsewhere, and a failure is one', async () => {
    const { status, out } = await capture(['prog', 'loadall', OBJECT, at('auto'), 'autoattach']);
    assert.deepEqual([status, out], [0, '']);
    const link = JSON.parse((await succeeds('-j', 'link', 'show', 'pinned', at('auto/on_raw'))).out) as { type: string };
    assert.equal(link.type, 'raw_tracepoint');
    await succeeds('prog', 'show', 'pinned', at('auto/pass_message'));
    rmSync(at('auto'), { recursive: true });
  });

  test('prog run gives what came out, how long it took and what was returned', async () => {
    const input = join(folder, 'packet');
    writeFileSync(input, new Uint8Array(64));
    const run = (...more: string[]) => ['prog', 'run', 'pinned', at('first'), 'data_in', input, ...more];
    assert.match((await succeeds(...run())).out, /^Return value: 64, duration: \d+ns\n$/);
    assert.match(
      (await succeeds(...run('repeat', '3', 'data_out', '-'))).out,
      /^0000000\t(0000 ){8}\| \.{8} \.{8}\n0000010\tee00 [\s\S]*, duration \(average\): \d+ns\n$/,
    );
    const { out } = await succeeds('-j', ...run('data_out', '-'));
    const result = JSON.parse(out) as { data_out: number[]; retval: number };
    assert.deepEqual([result.retval, result.data_out.length, result.data_out[16]], [64, 64, 0xee]);
    await succeeds(...run('data_out', join(folder, 'out'), 'data_size_out', '100'));
    assert.equal(readFileSync(join(folder, 'out'))[16], 0xee);
    await fails(/ambiguous prefix: 'data' could be 'data_in' or 'data_out' or 'data_size_out'/, ...run('data', '-'));
    await failsWith(228, /more data came out than there is room for/, ...run('data_out', '-', 'data_size_out', '8'));
    await fails(/does not take a run without data for programs of type sched_cls/, 'prog', 'run', 'pinned', at('first'));
    await failsWith(
      244,
      /programs of type sk_msg cannot be run by request/,
      'prog',
      'run',
      'pinned',
      at('all/pass_message'),
      'data_in',
      input,
    );
  });

  test('programs are attached to a sockmap and to the network namespace, and detached', async () => {
    const message = ['pinned', at('all/pass_message'), 'sk_msg_verdict', 'pinned', at('maps/sockets')];
    await succeeds('prog', 'attach', ...message);
    await succeeds('prog', 'detach', 'pinned', at('all/pass_message'), 'msg', 'pinned', at('maps/sockets'));
    await failsWith(234, /detach program pass_message/, 'prog', 'detach', ...message);
    const dissector = ['pinned', at('all/dissect'), 'flow_dissector'];
    await succeeds('prog', 'attach', ...dissector);
    const net = JSON.parse((await succeeds('-j', 'net', 'show')).out) as { flow_dissector: { id: number }[] }[];
    assert.equal(net[0]!.flow_dissector.length, 1);
    await succeeds('prog', 'detach', ...dissector);
    await failsWith(234, /'nonsense' is no attach type/, 'prog', 'attach', 'pinned', at('all/dissect'), 'nonsense');
  });

  test('the trace pipe is shown until a signal comes, and is JSON all the same', async (context) => {
    using object = load(parseObject(readFileSync(OBJECT), { name: OBJECT }), { only: ['prints'] });
    const running = startTool('-j', 'prog', 'tracelog');
    // The pipe gives what is printed once somebody reads it.
    const timer = setInterval(() => object.program('prints')!.testRun({}), 50);
    try {
      // Somebody else on this machine may read it just now: then there is nothing to see.
      const busy = running.ended.then(({ out }) => out.includes('another process reads it'));
      if ((await Promise.race([running.printed('bpf-ts test 42').catch(() => busy), busy])) === true)
        return context.skip('the trace pipe has another reader');
    } finally {
      clearInterval(timer);
    }
    running.child.kill('SIGINT');
    const { status, out, err } = await running.ended;
    assert.deepEqual([status, err], [0, '']);
    assert.ok((JSON.parse(out) as string[]).some((line) => line.endsWith('bpf_trace_printk: bpf-ts test 42\n')));
  });

  test('files that are no objects are refused in a sentence, before anything is made', async () => {
    writeFileSync(join(folder, 'text'), 'hello');
    writeFileSync(join(folder, 'empty-file'), '');
    writeFileSync(join(folder, 'cut'), readFileSync(OBJECT).subarray(0, 700));
    for (const [path, message] of [
      [folder, /is a directory, not an object file/],
      ['/dev/zero', /is a device, not an object file/],
      [join(folder, 'nothing'), /read .*nothing: no such file or directory/],
      [join(folder, 'text'), /text: .*ELF/],
      [join(folder, 'empty-file'), /empty-file/],
      [join(folder, 'cut'), /cut: .*at byte/],
      ['/bin/true', /not an object file for BPF/],
    ] as const) {
      await fails(message, 'prog', 'loadall', path, at('never'));
      assert.ok(!existsSync(at('never')));
    }
  });
});
