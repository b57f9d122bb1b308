import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphDot } from '../../src/graph/dot.js';
import { around, Graph } from '../../src/graph/graph.js';
import { forest, type TreeLine, treeBelow } from '../../src/graph/tree.js';

/** Two programs that share a map and a process; one is at an interface by a pinned link. */
function example(): Graph {
  const graph = new Graph();
  const [first, second] = [graph.add('program', 1, 'xdp a'), graph.add('program', 2, 'xdp b')];
  const map = graph.add('map', 5, 'hash m');
  const shell = graph.add('process', 99, 'sh');
  const link = graph.add('link', 3, 'xdp');
  graph.connect(first, 'uses', map);
  graph.connect(second, 'uses', map);
  graph.connect(first, 'held by', shell);
  graph.connect(second, 'held by', shell);
  graph.connect(link, 'runs', first);
  graph.connect(link, 'at', graph.add('interface', 'eth9'));
  graph.connect(link, 'pinned at', graph.add('pin', '/p"\n\x1b'));
  return graph;
}

const text = (lines: Iterable<TreeLine>) => Array.from(lines, ({ lead, node, again }) => `${lead}${node.id}${again ? ' again' : ''}`);

test('a tree shows each thing once, in the words of its side, with shared things only named', () => {
  assert.deepEqual(text(treeBelow(example(), 'program 1')), [
    'program 1',
    '├─ run by link 3',
    '│  ├─ at interface eth9',
    '│  └─ pinned at pin /p"\n\x1b',
    '├─ uses map 5',
    '│  └─ used by program 2',
    '└─ held by process 99',
  ]);
  assert.deepEqual(text(treeBelow(example(), 'map 5')).slice(-2), ['└─ used by program 2', '   └─ held by process 99']);
});

test('everything is a tree for each program, and what is in one is not shown again', () => {
  const lines = text(forest(example()));
  assert.deepEqual(
    lines.filter((line) => /^\w/.test(line)),
    ['program 1', 'program 2'],
  );
  assert.ok(lines.includes('├─ uses map 5 again'));
});

test('what nothing else leads to has a tree of its own', () => {
  const graph = new Graph();
  graph.add('map', 7);
  graph.connect(graph.add('program', 1), 'calls', 'program 1');
  assert.deepEqual(text(forest(graph)), ['program 1', 'map 7']);
});

test('around a thing is what hangs together with it, but not by way of what all share', () => {
  const reached = (start: string, depth?: number) => [...around(example(), start, depth).nodes.keys()].sort();
  assert.deepEqual(reached('link 3', 1), ['interface eth9', 'link 3', 'pin /p"\n\x1b', 'program 1']);
  assert.equal(reached('link 3').length, 7);
  assert.deepEqual(reached('process 99', 1), ['process 99', 'program 1', 'program 2']);
  const graph = example();
  graph.connect(graph.add('program', 8), 'held by', 'process 99');
  assert.ok(!around(graph, 'program 1').nodes.has('program 8'));
});

test('names with quotes and control characters stay inside their strings in DOT', () => {
  const dot = [...graphDot(example())].join('');
  assert.ok(dot.includes('"pin /p\\"\\n"'), dot);
  assert.ok(!dot.includes('\x1b'));
  assert.match(dot, /"program 1" -> "map 5" \[label="uses"\];/);
});

test('an edge that is made twice is there once', () => {
  const graph = example();
  graph.connect('program 1', 'uses', 'map 5');
  assert.equal(graph.edges.length, 7);
});
