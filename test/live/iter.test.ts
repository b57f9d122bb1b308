import assert from 'node:assert/strict';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MapType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';
import { capture } from '../support/capture.js';
import { noRoot, OwnBpffs, openBpfDescriptors } from '../support/live.js';

const object = (name: string) => fileURLToPath(new URL(`../../../test/progs/${name}.bpf.o`, import.meta.url));

describe('iter pin', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  const at = (name: string) => join(bpffs.path, name);

  before(() => {
    bpffs = new OwnBpffs();
  });

  after(() => {
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  test('a pinned iterator runs whenever its file is read', async () => {
    assert.equal((await capture(['iter', 'pin', object('hooks-iter'), at('tasks')])).status, 0);
    for (let i = 0; i < 2; i++) assert.match(readFileSync(at('tasks'), 'latin1'), /^(task\n)+$/);
    unlinkSync(at('tasks'));
  });

  test('an iterator over the elements of a map goes over the one it is given', async () => {
    using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 3, name: 'numbers' });
    for (const key of [0, 1, 2])
      map.update(new Uint8Array(new Uint32Array([key]).buffer), new Uint8Array(new BigUint64Array([BigInt(key * 10)]).buffer));
    map.pin(at('numbers'));
    const { status, out } = await capture(['-j', 'iter', 'pin', object('iter-elements'), at('elements'), 'map', 'pinned', at('numbers')]);
    assert.deepEqual([status, out], [0, 'null\n']);
    assert.equal(readFileSync(at('elements'), 'latin1'), '0: 0\n1: 10\n2: 20\n');
    unlinkSync(at('elements'));
    unlinkSync(at('numbers'));
  });

  test('what cannot be pinned is refused with the reason, and leaves nothing', async () => {
    const refusals: [words: string[], reason: RegExp, expected?: number][] = [
      [
        [object('iter-elements'), at('x')],
        /^Error: attach to iter\/bpf_map_elem.*needs a map: map MAP|^Error: this hook needs a map: map MAP/,
      ],
      [[object('hooks-net'), at('x')], /^Error: program count_xdp, the first of the object, is no iterator: it is in section xdp/, 234],
      [[object('hooks-iter'), '/proc/x'], /^Error: cannot pin at \/proc\/x: /],
      [[object('hooks-iter'), at('x'), 'map', 'id', '4294967295'], /^Error: there is no map with id 4294967295/],
      [[object('hooks-iter'), at('x'), 'more'], /^Error: 'more' is too much here\nUsage: bpf-ts iter pin /],
    ];
    for (const [words, reason, expected = 255] of refusals) {
      const { status, err } = await capture(['iter', 'pin', ...words]);
      assert.equal(status, expected);
      assert.match(err, reason);
    }
  });
});

test('iter without a command is help', async () => {
  const { status, out } = await capture(['iter']);
  assert.equal(status, 0);
  assert.match(out, /iter pin OBJ PATH \[map MAP\]/);
});
