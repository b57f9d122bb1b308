import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { filledHash } from '../../bench/fixtures.js';
import { main } from '../../commands/main.js';
import { BpfMap } from '../../src/map/map.js';
import { assertSentence, bundle } from '../support/bundle.js';
import { capture, MemorySink } from '../support/capture.js';
import { startChurn } from '../support/churn.js';
import { guest, someOf } from '../support/guest.js';
import { isJson } from '../support/json.js';
import { noCgroup, noRoot, OwnBpffs, OwnCgroup, openBpfDescriptors, ownNetwork, quietPair, testObjectPath } from '../support/live.js';
import { startChanger, writeKey } from '../support/map-changer.js';
import { makeMap } from '../support/maps.js';
import type { Ended } from '../support/tool.js';

// `npm run pressure` has ten.
const AT_ONCE = Number(process.env.BPF_TS_AT_ONCE ?? (guest === undefined ? 3 : 2));
const LOOKING_MS = 1500;

/** Words of a command line in which `{}` is the number of the one among those at once. */
function atOnce(...words: string[]): Promise<Ended[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, i) => bundle(words.map((word) => word.replaceAll('{}', String(i))))));
}

/** One did it, and each other says why it did not. */
function assertOneDid(ended: readonly Ended[], words: RegExp): void {
  const done = ended.filter(({ status }) => status === 0);
  assert.equal(done.length, 1, ended.map(({ status, err }) => `${status} ${err}`).join(''));
  for (const each of ended) if (each.status !== 0) assertSentence(each, words);
}

function assertAllDid(ended: readonly Ended[]): void {
  assert.deepEqual(
    ended.map(({ status, err }) => [status, err]),
    ended.map(() => [0, '']),
  );
}

describe('many at once', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  let folder: string;
  const pin = (name: string) => join(bpffs.path, name);
  const pins = () => readdirSync(bpffs.path).filter((name) => !name.endsWith('.debug'));

  before(async () => {
    ownNetwork();
    quietPair();
    bpffs = new OwnBpffs();
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    for (const [object, name] of [
      ['hooks-net', 'net'],
      ['hooks-cgroup', 'cgroup'],
    ] as const)
      assertAllDid([await bundle(['prog', 'loadall', testObjectPath(object), pin(name)])]);
  });

  after(() => {
    rmSync(folder, { recursive: true });
    bpffs[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  test('what can be there once is made by one, and the others leave nothing', async () => {
    const taken = /already exists|is taken|is pinned/;
    const object = testObjectPath('hooks-net');
    const makers = [
      [
        ['prog', 'load', object, pin('p'), 'pinmaps', pin('m')],
        ['m', 'p'],
      ],
      [['map', 'create', pin('p'), 'type', 'hash', 'key', '4', 'value', '4', 'entries', '9', 'name', 'once'], ['p']],
      [['prog', 'pin', 'pinned', pin('net/count_tc'), pin('p')], ['p']],
      [['iter', 'pin', testObjectPath('hooks-iter'), pin('p')], ['p']],
    ] as const;
    for (const [command, left] of someOf<(typeof makers)[number]>(makers, 2)) {
      assertOneDid(await atOnce(...command), taken);
      assert.deepEqual(pins(), ['cgroup', ...left, 'net'].sort());
      for (const name of left) rmSync(pin(name), { recursive: true });
    }
  });

  test('of many that write one element one makes it, and of many that delete it one finds it', async () => {
    using map = makeMap('HASH', { name: 'together' });
    const which = ['id', String(map.id)];
    assertOneDid(await atOnce('map', 'set', ...which, '5', '{}', 'noexist'), /already exists/);
    assertOneDid(await atOnce('map', 'delete', ...which, 'key', '5', '0', '0', '0'), /has no element with this key/);
    assertAllDid(await atOnce('map', 'set', ...which, '{}', '{}'));
    assertAllDid([await bundle(['map', 'export', ...which, join(folder, 'elements')])]);
    assertAllDid(await atOnce('map', 'import', ...which, join(folder, 'elements'), '--replace'));
    assertAllDid(await atOnce('map', 'export', ...which, join(folder, 'again')));
    assert.deepEqual(readdirSync(folder).sort(), ['again', 'elements']);
    assertOneDid(await atOnce('map', 'freeze', ...which), /: it is frozen already$/m);
    for (const each of await atOnce('map', 'set', ...which, '1', '{}')) assertSentence(each, /: it is frozen$/m);
  });

  test('an interface takes one program, and lets go of it once', async () => {
    const net = (...words: string[]) => atOnce('net', ...words);
    const there = /a program is attached there already/;
    assertOneDid(await net('attach', 'xdp', 'pinned', pin('net/count_xdp'), 'dev', 'near'), there);
    assertAllDid(await net('attach', 'xdp', 'pinned', pin('net/count_xdp'), 'dev', 'near', 'overwrite'));
    assertAllDid(await net('detach', 'xdp', 'dev', 'near'));
    const linked = await atOnce('link', 'attach', 'pinned', pin('net/count_xdp'), 'xdp', 'near', 'pin', pin('link'));
    assertOneDid(linked, /is attached there already|already exists/);
    assert.ok(pins().includes('link'));
    assertAllDid(await atOnce('link', 'detach', 'pinned', pin('link')));
    rmSync(pin('link'));
    assert.deepEqual(JSON.parse((await bundle(['-j', 'net', 'show', 'dev', 'near'])).out)[0].xdp, []);
  });

  test('a cgroup takes a program once', { skip: noCgroup }, async () => {
    using cgroup = new OwnCgroup();
    const rest = [cgroup.path, 'egress', 'pinned', pin('cgroup/skb_out')];
    assertOneDid(await atOnce('cgroup', 'attach', ...rest, 'multi'), /it is attached there already$/m);
    for (const { out } of await atOnce('-j', 'cgroup', 'show', cgroup.path)) assert.equal((JSON.parse(out) as unknown[]).length, 1);
    assertOneDid(await atOnce('cgroup', 'detach', ...rest), /it is not attached there/);
  });

  test('lists are whole JSON while hundreds of programs, maps and processes come and go', async () => {
    await using _churn = await startChurn();
    const wrong: string[] = [];
    const until = Date.now() + LOOKING_MS;
    for (let round = 0; round === 0 || Date.now() < until; round++)
      for (const line of LOOKS) {
        const { status, out, err } = await capture(['-j', ...line.split(' ')]);
        // A name is looked up when nothing may have it.
        const named = line.includes('name churn') && /no (map|program) named/.test(out);
        if (!isJson(out) || (status !== 0 && !named)) wrong.push(`${line}: ${status} ${err}${out.slice(-200)}`);
      }
    assert.deepEqual(wrong, []);
  });

  test('a map that grows and shrinks while it is read, compared and written out is given in one piece', async () => {
    using map = makeMap('HASH', { maxEntries: 2048 });
    const stable = 300;
    for (let i = 0; i < stable; i++) map.update(writeKey(map, new Uint8Array(4), i), new Uint8Array(8).fill(1));
    await using _changer = await startChanger(map, stable);
    const which = ['id', String(map.id)];
    const until = Date.now() + LOOKING_MS;
    do {
      const dumped = JSON.parse((await capture(['-j', 'map', 'dump', ...which])).out) as unknown[];
      const counted = Number((await capture(['map', 'count', ...which])).out);
      for (const count of [dumped.length, counted]) assert.ok(count >= stable && count <= 2048);
      const compared = await capture(['-j', 'map', 'diff', ...which, ...which]);
      assert.ok(compared.status < 2 && Array.isArray(JSON.parse(compared.out)));
      const exported = await capture(['map', 'export', ...which, join(folder, 'changing')]);
      assert.deepEqual([exported.status, exported.err], [0, '']);
    } while (Date.now() < until);
  });

  test('a map that goes away while it is watched ends the watching; one that is being dumped stays until the end', async () => {
    const map = makeMap('HASH');
    const { id } = map;
    map.update(new Uint8Array(4), new Uint8Array(8));
    const out = new MemorySink();
    const watching = main(['map', 'watch', 'id', String(id), '--interval', '20ms'], { out, err: out, isTerminal: () => false });
    while (out.text === '') await sleep(5);
    map[Symbol.dispose]();
    assert.equal(await watching, 0);
    assert.match(out.text, /the map is gone\n$/);

    const large = filledHash(100_000, 8);
    const text = new MemorySink();
    const dumping = main(['-j', 'map', 'dump', 'id', String(large.id)], { out: text, err: text, isTerminal: () => false });
    while (text.text === '') await sleep(1);
    large[Symbol.dispose]();
    assert.equal(await dumping, 0);
    assert.equal((JSON.parse(text.text) as unknown[]).length, 100_000);
    assertSentence(await capture(['map', 'dump', 'id', String(id)]), new RegExp(`^Error: there is no map with id ${id}$`, 'm'));
  });

  test('a name that several have is told of by who may take one only', async () => {
    using first = BpfMap.create({ type: 1, keySize: 4, valueSize: 4, maxEntries: 1, name: 'ambiguous' });
    using second = BpfMap.create({ type: 1, keySize: 4, valueSize: 4, maxEntries: 1, name: 'ambiguous' });
    writeFileSync(join(folder, 'any'), '');
    assertSentence(await capture(['map', 'freeze', 'name', 'ambiguous']), /several maps/);
    const shown = JSON.parse((await capture(['-j', 'map', 'show', 'name', 'ambiguous'])).out) as { id: number }[];
    assert.deepEqual(
      shown.map(({ id }) => id),
      [first.id, second.id],
    );
  });
});

const LOOKS = [
  ...['prog list', 'map list', 'link list', 'btf list', 'net show', 'perf show', 'cgroup tree', 'struct_ops list', 'map count', 'graph'],
  ...['prog list --owners', 'top --once --interval 20ms', 'prog dump xlated name churn', 'map dump name churn', 'prog show name churn'],
];
