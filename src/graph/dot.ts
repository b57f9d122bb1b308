import type { Graph, Node, NodeKind } from './graph.js';

// Shapes and grounds on which black text is legible.
const LOOKS: Readonly<Record<NodeKind, string>> = {
  program: 'shape=box style="filled,rounded" fillcolor="#cfe3ff"',
  map: 'shape=cylinder style=filled fillcolor="#ffe9b8"',
  link: 'shape=box style=filled fillcolor="#d9f2d0"',
  btf: 'shape=note style=filled fillcolor="#eeeeee"',
  pin: 'shape=folder style=filled fillcolor="#f4f4f4"',
  process: 'shape=ellipse style=filled fillcolor="#f6d5e5"',
  interface: 'shape=hexagon style=filled fillcolor="#d5f0f0"',
  cgroup: 'shape=hexagon style=filled fillcolor="#e2dcf5"',
  place: 'shape=hexagon style=filled fillcolor="#f0f0d8"',
};

/** The graph in the language of Graphviz. */
export function* graphDot(graph: Graph): Generator<string> {
  yield 'digraph bpf {\n  rankdir=LR;\n  node [fontname="sans-serif" fontsize=11];\n  edge [fontname="sans-serif" fontsize=9];\n';
  for (const node of graph.nodes.values()) yield `  ${quoted(node.id)} [label=${quoted(text(node))} ${LOOKS[node.kind]}];\n`;
  for (const { from, relation, to } of graph.edges) yield `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(relation)}];\n`;
  yield '}\n';
}

function text({ id, label }: Node): string {
  return label ? `${id}\n${label}` : id;
}

/** A string of the language; control characters, of which it has only the line feed, are left out. */
function quoted(raw: string): string {
  const escaped = raw.replace(/["\\]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n');
  return `"${escaped.replace(/\p{Cc}/gu, '')}"`;
}
