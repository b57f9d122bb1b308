// Who holds an object, with names that were made to do harm.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { BpfMap } from '../../src/map/map.js';
import { capture } from '../support/capture.js';
import { eventually, noRoot } from '../support/live.js';
import { makeMap } from '../support/maps.js';

const HARM = '\u001b[2J\u001b]0;owned\u0007\r\n\t"\u202e\u009b31m';

interface Pid {
  readonly pid: number;
  readonly comm: string;
  readonly cmdline?: string[];
  readonly cgroup?: string;
  readonly netns?: number;
}

describe('owners', { skip: noRoot }, () => {
  let map: BpfMap;
  let holder: ChildProcess;

  /** A process with a name and arguments as bad as can be, a megabyte of them, that has the map open. */
  before(async () => {
    map = makeMap('HASH', { name: 'owned' });
    const script = `require('fs').writeFileSync('/proc/self/comm', Buffer.from('\\xff\\x1b[2J\\xe2\\x80\\xae\\n"', 'latin1'));
      console.log('ready'); process.stdin.resume()`;
    const many = Array.from({ length: 10 }, () => 'x'.repeat(100_000));
    holder = spawn(process.execPath, ['-e', script, HARM, ...many], { stdio: ['pipe', 'pipe', 'ignore', map.fd] });
    await new Promise((resolve) => holder.stdout!.once('data', resolve));
  });
  after(() => {
    holder.kill('SIGKILL');
    map[Symbol.dispose]();
  });

  const show = (...options: string[]) => capture(['map', 'show', 'id', String(map.id), ...options]);
  const ours = (out: string) => (JSON.parse(out) as { pids: Pid[] }).pids.find(({ pid }) => pid === holder.pid)!;

  test('JSON has the fields of bpftool and no others, unless more are asked for', async () => {
    const { out } = await show('-j');
    assert.deepEqual(Object.keys(ours(out)), ['pid', 'comm']);
    assert.match(out, /"pids":\[\{"pid":\d+,"comm":"/);
  });

  test('with --owners JSON tells how they were started and where they are', async () => {
    const { out, err } = await show('-j', '--owners');
    assert.equal(err, '');
    const { cmdline, cgroup, netns, comm } = ours(out);
    assert.equal(comm, '\ufffd\u001b[2J\u202e\n"');
    assert.deepEqual(cmdline!.slice(0, 2), [process.execPath, '-e']);
    assert.equal(cmdline![3], HARM);
    assert.ok(Buffer.byteLength(cmdline!.join(' ')) < 5000);
    assert.ok(cmdline!.at(-1)!.endsWith('x…'));
    assert.ok(readFileSync('/proc/self/cgroup', 'utf8').includes(cgroup!));
    assert.equal(`net:[${netns}]`, readlinkSync('/proc/self/ns/net'));
    assert.doesNotMatch(out.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  test('plain text has one line for each of them', async () => {
    const { out } = await show('--owners');
    const line = out.split('\n').find((each) => each.startsWith(`\t\t${holder.pid}: `));
    assert.match(line!, /^\t\t\d+: cmdline \/.*node -e .*\\e\[2J\\e\]0;owned\\x07\\r\\n\\t".* {2}cgroup \/.* {2}netns \d+$/);
  });

  test('on a terminal a single object shows them, and nothing that the terminal would obey', async () => {
    for (const options of [[], ['--owners'], ['--plain'], ['-j', '--owners'], ['--columns', 'id,pids,processes']]) {
      const { out } = await capture(['--no-color', 'map', 'show', 'id', String(map.id), ...options], true);
      assert.doesNotMatch(out.replaceAll('\n', ''), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/, options.join(' '));
    }
    const { out } = await capture(['--no-color', 'map', 'show', 'id', String(map.id)], true);
    // The numbers of a young machine's processes are no wider than their title.
    assert.match(out, /\n\nProcesses\n *PID +Name/);
    assert.match(out, /[Cc]group/);
    for (const line of out.split('\n')) assert.ok([...line].length <= 80, line);
  });

  test('a process that has ended is left out', async () => {
    holder.stdin!.end();
    assert.ok(await eventually(() => holder.exitCode !== null || !existsSync(`/proc/${holder.pid}/fd/3`)));
    const { out } = await show('-j', '--owners');
    assert.equal((JSON.parse(out) as { pids?: Pid[] }).pids?.some(({ pid }) => pid === holder.pid) ?? false, false);
  });
});
