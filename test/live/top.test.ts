import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { Program } from '../../src/program/program.js';
import { ActivitySampler, RunStats } from '../../src/program/run-stats.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { TOOL } from '../support/tool.js';

const noScript = spawnSync('script', ['--version']).error ? 'needs script(1), for a terminal' : false;
const PACKET = new Uint8Array(64);

describe('top', { skip: noRoot }, () => {
  let loaded: LoadedObject;
  let program: Program;

  before(() => {
    loaded = loadTestObject('hooks-net');
    program = loaded.program('count_xdp')!;
  });

  after(() => loaded[Symbol.dispose]());

  const runs = (repeat: number) => program.testRun({ data: PACKET, repeat });

  test('a sample has the runs since the one before, and their time', () => {
    using sampler = new ActivitySampler();
    const own = () => sampler.sample().programs.find(({ id }) => id === program.id)!;
    runs(1000);
    const first = own();
    assert.deepEqual([first.type, first.name, first.runs], ['xdp', 'count_xdp', 1000n]);
    assert.ok(first.timeNs > 0n);
    assert.equal(own().runs, 0n);
  });

  test('programs are counted while it is asked for', () => {
    using _ = new RunStats();
    const before = program.refresh().runCount;
    runs(10);
    assert.equal(program.refresh().runCount, before + 10n);
  });

  test('one sample is printed as rows, in the order and with the programs that are asked for', async () => {
    const sampled = capture(['-j', 'top', '--once', '--interval', '200ms', '--filter', 'count_xdp', '--sort', 'events']);
    const timer = setInterval(() => runs(1000), 20);
    const { status, out } = await sampled;
    clearInterval(timer);
    assert.equal(status, 0);
    const rows = JSON.parse(out) as Record<string, number>[];
    const own = rows.find(({ id }) => id === program.id)!;
    assert.deepEqual(Object.keys(own), [
      'time',
      'id',
      'type',
      'name',
      'cpu_percent',
      'events_per_second',
      'average_ns',
      'missed_per_second',
    ]);
    assert.ok(own.events_per_second! > 1000 && own.cpu_percent! > 0 && own.average_ns! > 0, out);
    assert.ok(rows.every(({ name }) => String(name).includes('count_xdp')));
  });

  test('samples go on until the time is over, each with its titles in plain text', async () => {
    const { out } = await capture(['top', '--interval', '30ms', '--for', '100ms', '--filter', String(program.id)]);
    assert.ok(out.split('\n').filter((line) => /^ +ID /.test(line)).length >= 2, out);
    assert.ok(out.includes('count_xdp'));
  });

  test('on a terminal it takes the whole screen, follows keys, and gives the terminal back', { skip: noScript }, async () => {
    const child = spawn(
      'script',
      ['-qec', `stty rows 24 cols 100; ${TOOL.map((word) => `'${word}'`).join(' ')} top --interval 100ms; stty -a`, '/dev/null'],
      {
        env: { ...process.env, TERM: 'xterm' },
      },
    );
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    const printed = async (text: string) => {
      for (let i = 0; i < 500 && !out.includes(text); i++) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(out.includes(text), `${text} in ${JSON.stringify(out)}`);
    };
    await printed('q ends');
    child.stdin.write(`/count_xdp`);
    await printed('filter: count_xdp_');
    child.stdin.write('\r');
    await printed('filter: count_xdp\x1b[K');
    child.stdin.write('\r');
    await printed('goes back');
    child.stdin.write('qq');
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
    assert.ok(out.includes('\x1b[?1049h') && out.includes('\x1b[?1049l'));
    assert.match(out.slice(out.lastIndexOf('\x1b[?1049l')), / icanon/);
  });

  test('wrong words are told', async () => {
    assert.match((await capture(['top', '--sort', 'size'])).err, /^Error: --sort takes cpu, events, average, missed, name, id, not 'size'/);
    assert.match((await capture(['top', '--interval', '1ms'])).err, /^Error: --interval: a sample takes 10ms at least/);
    assert.match((await capture(['top', 'all'])).err, /^Error: 'all' is too much here/);
  });
});
