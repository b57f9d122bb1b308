import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ObjectChange, ObjectWatch } from '../../src/events/object-watch.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { startTool } from '../support/tool.js';

const array = (name: string) => BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 4, maxEntries: 1, name });

function brieflyThere(): number {
  using map = array('brief');
  return map.id;
}

/** Others load programs too: only the own objects are looked at. */
function of(changes: readonly ObjectChange[], id: number): ObjectChange[] {
  return changes.filter((each) => each.change !== 'missed' && each.object.id === id);
}

describe('watching what comes and goes', { skip: noRoot }, () => {
  test('a map that comes is told with its type and name, and when it goes by what was known of it', () => {
    const watch = new ObjectWatch(['map']);
    const map = array('watched');
    const [came] = of(watch.look(), map.id);
    assert.deepEqual(came, { change: 'came', kind: 'map', object: { id: map.id, type: 'array', name: 'watched', holders: [] } });
    assert.deepEqual(of(watch.look(), map.id), []);
    map[Symbol.dispose]();
    const [went] = of(watch.look(), map.id);
    assert.equal(went?.change, 'went');
    assert.deepEqual(went, { ...came, change: 'went' });
  });

  test('what came and went between two looks is known by its number', () => {
    const watch = new ObjectWatch(['map']);
    const id = brieflyThere();
    using last = array('last');
    assert.ok(id < last.id);
    const missed = watch.look().filter((each) => each.change === 'missed');
    assert.ok(
      missed.some(({ first, last: end }) => first <= id && id <= end),
      JSON.stringify(missed),
    );
  });

  test('the command tells of a program while it goes on, with who holds it', async (t) => {
    const running = startTool('watch', 'prog', '--interval', '10ms', '--for', '2m', '--ndjson');
    let out = '';
    running.child.stdout!.on('data', (data) => {
      out += data;
    });
    const held: LoadedObject[] = [];
    t.after(() => {
      for (const each of held) each[Symbol.dispose]();
    });
    let row: string | undefined;
    // What is there when it begins to look did not come, and when that is nobody is told.
    while (row === undefined && running.child.exitCode === null) {
      held.push(loadTestObject('hooks-net'));
      await sleep(500);
      const ids = held.map((each) => `"id":${each.program('count_xdp')!.id},`);
      row = out.split('\n').find((line) => ids.some((id) => line.includes(id)));
    }
    assert.ok(row, out);
    const { change, kind, type, name, pids } = JSON.parse(row) as Record<string, unknown>;
    assert.deepEqual([change, kind, type, name], ['came', 'program', 'xdp', 'count_xdp']);
    assert.ok((pids as { pid: number }[]).some(({ pid }) => pid === process.pid));
    running.child.kill('SIGINT');
    assert.equal((await running.ended).status, 0);
  });

  test('a limit and a time end it, and wrong words are told', async () => {
    assert.deepEqual(await capture(['watch', 'link', '--for', '0.05']), { status: 0, out: '', err: '' });
    assert.match((await capture(['watch', 'nosuch'])).err, /^Error: what to watch: expected 'prog', 'map', 'link', 'btf', got 'nosuch'/);
    assert.match((await capture(['watch', '--limit', '0'])).err, /^Error: --limit: '0' is no number above 0/);
    assert.match((await capture(['watch', '--interval', '0'])).err, /^Error: --interval: 0 leaves no time/);
  });
});
