import { UsageError } from '../src/errors.js';
import { safeWord } from '../src/format/safe-text.js';
import { collect } from '../src/graph/collect.js';
import { graphDot } from '../src/graph/dot.js';
import { around, type Graph, RELATIONS } from '../src/graph/graph.js';
import { forest, type TreeLine, treeBelow } from '../src/graph/tree.js';
import { requireInterface } from '../src/system/interfaces.js';
import { type Highlight, type Output, one, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { TERMS, takeBtfId, takeLink, takeMap, takeProgram } from './reference/reference.js';

interface Row {
  readonly graph: Graph;
  /** The node that was asked for. */
  readonly start: string | undefined;
}

// Longer words first: `run by` begins as `runs` does.
const WORDS = Object.values(RELATIONS).flat().sort().reverse().join('|');
const HIGHLIGHT: readonly Highlight[] = [
  [new RegExp(`^[│ ]*[├└]─ (?:${WORDS})(?= )`, 'gm'), 'dim'],
  [/(?<=^| )(?:program|map|link|btf|process) \d+(?= |$)/gm, 'id'],
  [/(?<=\b(?:program|map|link) \d+ )\w+/g, 'type'],
  [/(?<=\b(?:program|map) \d+ \w+ )\S+/g, 'name'],
  [/(?<=\bprocess \d+ )\S+/g, 'name'],
  [/(?<=\b(?:interface|cgroup|pin) )\S+/g, 'path'],
];

/** `graph [ABOUT] [depth N]` */
export const command = subcommand<Row>({
  name: 'graph',
  summary: 'Show what hangs together: programs, maps, links, BTF, pins, processes, cgroups, interfaces',
  grammar: '[{ prog PROG | map MAP | link LINK | btf id N | dev NAME | cgroup CGROUP | pid N }] [depth N]',
  terms: [TERMS.program, TERMS.map, TERMS.link],
  options: [
    { flags: '--dot', summary: 'write the graph in the language of Graphviz' },
    { flags: '--svg', summary: 'draw it as a picture in SVG' },
  ],
  examples: ['bpf-ts graph', 'bpf-ts graph prog name count', 'bpf-ts graph pid 812 --svg > held.svg', 'bpf-ts -j graph map id 7 depth 1'],
  run: async (words, { own, json }): Promise<Output<Row>> => {
    if ([own.dot, own.svg, json].filter(Boolean).length > 1) throw new UsageError('--dot, --svg and JSON exclude each other');
    const start = takeStart(words);
    const depth = words.takeIf('depth') ? words.number('depth') : undefined;
    words.end();
    if (depth !== undefined && start === undefined) throw new UsageError('depth is counted from an object: name one');
    const row = { graph: startingAt(collect(), start, depth), start };
    if (own.dot) return text([...graphDot(row.graph)].join(''));
    if (own.svg) return text(await (await import('../src/format/svg.js')).dotToSvg([...graphDot(row.graph)].join('')));
    return one(row);
  },
  plain: ({ graph, start }) => [...(start === undefined ? forest(graph) : treeBelow(graph, start))].map(lineText).join(''),
  highlight: HIGHLIGHT,
  json: ({ graph, start }) => ({ start, nodes: [...graph.nodes.values()], edges: graph.edges }),
});

/** Takes what the graph is to be about, and gives the id of its node. */
function takeStart(words: Words): string | undefined {
  if (words.left === 0 || words.is('depth')) return undefined;
  const what = words.choose('what it is about', ['prog', 'map', 'link', 'btf', 'dev', 'cgroup', 'pid'] as const);
  return STARTS[what](words);
}

const STARTS = {
  prog: (words: Words) => {
    using program = takeProgram(words);
    return `program ${program.id}`;
  },
  map: (words: Words) => {
    using map = takeMap(words, 'read');
    return `map ${map.id}`;
  },
  link: (words: Words) => {
    using link = takeLink(words);
    return `link ${link.info.id}`;
  },
  btf: (words: Words) => `btf ${takeBtfId(words)}`,
  dev: (words: Words) => {
    const name = words.next('the name of the interface');
    requireInterface(name);
    return `interface ${name}`;
  },
  cgroup: (words: Words) => `cgroup ${words.next('the path of the cgroup').replace(/(?<=.)\/+$/, '')}`,
  pid: (words: Words) => `process ${words.number('pid')}`,
};

function startingAt(graph: Graph, start: string | undefined, depth: number | undefined): Graph {
  if (start === undefined) return graph;
  if (!graph.nodes.has(start)) throw new Error(`nothing of BPF hangs together with ${start}`);
  return around(graph, start, depth);
}

function lineText({ lead, node: { id, label }, again }: TreeLine): string {
  return `${lead}${safeWord(label ? `${id} ${label}` : id)}${again ? ' (above)' : ''}\n`;
}

function text(written: string): Output<never> {
  return { kind: 'stream', chunks: () => [Buffer.from(written)] };
}
