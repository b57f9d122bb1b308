import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { noRoot, OwnBpffs } from '../support/live.js';
import { lacks } from '../support/skips.js';
import { tool } from '../support/tool.js';

const OBJECT = fileURLToPath(new URL('../../../test/progs/ring-buffer.bpf.o', import.meta.url));

describe('what may be chosen when an object is loaded', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  before(() => {
    bpffs = new OwnBpffs();
  });
  after(() => bpffs[Symbol.dispose]());

  // Its program counts with an atomic instruction that gives the value before.
  test('--set gives a variable its first value, --only leaves other programs out', { skip: lacks({ since: '5.12' }) }, async () => {
    const [programs, maps] = [join(bpffs.path, 'programs'), join(bpffs.path, 'maps')];
    const words = ['prog', 'loadall', OBJECT, programs, 'pinmaps', maps, '--set', 'sent=0x0102', '--set=lost=3', '--only', 'send_event'];
    const { status, err } = await tool(...words);
    assert.deepEqual([status, err], [0, '']);
    assert.deepEqual([existsSync(join(programs, 'send_event')), existsSync(join(programs, 'discard_event'))], [true, false]);
    const { out } = await tool('-j', 'map', 'dump', 'pinned', join(maps, 'ring_buf_bss'));
    assert.deepEqual(JSON.parse(out)[0].formatted.value['.bss'], [{ sent: 258 }, { lost: 3 }]);
  });

  test('a value that does not fit, and a name that is not there, are refused before anything is made', async () => {
    const path = join(bpffs.path, 'refused');
    const refusals: [string[], RegExp][] = [
      [['--set', 'sent=abc'], /sent: abc is no whole number/],
      [['--set', 'sent=-1'], /sent/],
      [['--set', 'nothing=1'], /no global variable nothing/],
      [['--set', 'sent'], /NAME=VALUE/],
      [['--only', 'nothing'], /no program nothing/],
      [['--type', 'nothing=xdp'], /no program nothing/],
      [['--type', 'send_event=nothing'], /nothing/],
    ];
    for (const [words, message] of refusals) {
      const { status, err } = await tool('prog', 'loadall', OBJECT, path, ...words);
      assert.equal(status, 255);
      assert.match(err, message);
      assert.equal(existsSync(path), false);
    }
  });

  test('a dry run shows what would be made, and makes nothing', async () => {
    const { status, out } = await tool('-j', 'prog', 'load', OBJECT, '--dry-run', '--type', 'send_event=xdp');
    assert.equal(status, 0);
    const { maps, programs } = JSON.parse(out);
    assert.deepEqual(
      maps.map(({ name }: { name: string }) => name),
      ['events', 'ring_buf.bss'],
    );
    assert.deepEqual(
      programs.map(({ name, type }: { name: string; type: string }) => [name, type]),
      [
        ['send_event', 'xdp'],
        ['discard_event', 'socket_filter'],
      ],
    );
  });
});
