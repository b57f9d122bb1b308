import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { attach } from '../../src/link/attach.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, OwnBpffs, ownNetwork, quietPair } from '../support/live.js';

interface Said {
  readonly start?: string;
  readonly nodes: readonly { id: string; kind: string; label: string }[];
  readonly edges: readonly { from: string; relation: string; to: string }[];
}

describe('graph', { skip: noRoot }, () => {
  let bpffs: OwnBpffs;
  let loaded: LoadedObject;
  let link: Disposable & { readonly info?: { id: number } };
  let id = 0;

  before(() => {
    ownNetwork();
    quietPair();
    bpffs = new OwnBpffs();
    loaded = loadTestObject('hooks-net');
    const program = loaded.program('count_xdp')!;
    id = program.id;
    program.pin(join(bpffs.path, 'xdp'));
    link = attach(program, 'xdp', { dev: 'near', mode: 'generic' }) as typeof link;
  });

  after(() => {
    link[Symbol.dispose]();
    loaded[Symbol.dispose]();
    bpffs[Symbol.dispose]();
  });

  async function graph(...args: string[]): Promise<Said> {
    const { status, out, err } = await capture(['-j', 'graph', ...args]);
    assert.deepEqual([status, err], [0, '']);
    return JSON.parse(out) as Said;
  }

  test('a program hangs together with its maps, its link, the interface and its pin', async () => {
    const { start, nodes, edges } = await graph('prog', 'id', String(id));
    const counts = loaded.map('counts')!.id;
    assert.equal(start, `program ${id}`);
    const has = (from: string, relation: string, to: string) =>
      assert.ok(
        edges.some((edge) => edge.from === from && edge.relation === relation && edge.to === to),
        JSON.stringify(edges),
      );
    has(`program ${id}`, 'uses', `map ${counts}`);
    has(`link ${link.info!.id}`, 'runs', `program ${id}`);
    has(`link ${link.info!.id}`, 'at', 'interface near');
    has(`program ${id}`, 'pinned at', `pin ${join(bpffs.path, 'xdp')}`);
    assert.ok(nodes.some(({ id: node, label }) => node === `map ${counts}` && label === 'array counts'));
  });

  test('the same is a tree, a text for Graphviz and a picture', async () => {
    const { out } = await capture(['graph', 'prog', 'id', String(id)]);
    assert.ok(out.startsWith(`program ${id} xdp count_xdp\n├─ run by link ${link.info!.id} xdp\n│  └─ at interface near index `), out);
    assert.match((await capture(['graph', 'dev', 'near', '--dot'])).out, /^digraph bpf \{[\s\S]*\n\}\n$/);
    assert.match((await capture(['graph', 'dev', 'near', '--svg'])).out, /<svg [\s\S]*interface near[\s\S]*<\/svg>/);
  });

  test('how far it goes is said by depth', async () => {
    const near = await graph('dev', 'near', 'depth', '1');
    assert.deepEqual(near.nodes.map(({ id: node }) => node).sort(), ['interface near', `link ${link.info!.id}`]);
    assert.ok((await graph('dev', 'near', 'depth', '3')).nodes.length > 3);
  });

  test('everything has this in it', async () => {
    const { nodes } = await graph();
    assert.ok(nodes.some(({ id: node }) => node === `program ${id}`));
  });

  test('wrong words and things without BPF are told', async () => {
    assert.match((await capture(['graph', 'depth', '2'])).err, /^Error: depth is counted from an object/);
    assert.match((await capture(['graph', 'pid', '1', '--dot', '--svg'])).err, /^Error: --dot, --svg and JSON exclude each other/);
    assert.match((await capture(['graph', 'dev', 'far'])).err, /^Error: nothing of BPF hangs together with interface far/);
    assert.match((await capture(['graph', 'dev', 'nosuch0'])).err, /^Error: there is no network interface called/);
  });
});
