// What hangs together with what: nodes and directed edges, and the part of them around one node.

/** What a node is. */
export type NodeKind = 'program' | 'map' | 'link' | 'btf' | 'pin' | 'process' | 'interface' | 'cgroup' | 'place';

/** One thing. */
export interface Node {
  /** `program 7`, `pin /sys/fs/bpf/x`: the same thing has the same id in every graph made on the machine at that time. */
  readonly id: string;
  readonly kind: NodeKind;
  /** What a person reads after the id: type and name. */
  readonly label: string;
}

/** How two nodes hang together, read from the first to the second, and the other way round. A tree shows them in this order. */
export const RELATIONS = {
  runs: ['runs', 'run by'],
  at: ['at', 'has'],
  uses: ['uses', 'used by'],
  contains: ['contains', 'contained in'],
  calls: ['calls', 'called by'],
  iterates: ['iterates over', 'iterated over by'],
  registers: ['registers', 'registered by'],
  'pinned at': ['pinned at', 'pin of'],
  'held by': ['held by', 'holds'],
  'described by': ['described by', 'describes'],
} as const satisfies Record<string, readonly [forward: string, backward: string]>;
export type Relation = keyof typeof RELATIONS;

/** An edge from one node to another, by their ids. */
export interface Edge {
  readonly from: string;
  readonly relation: Relation;
  readonly to: string;
}

/** Nodes by id, in the order in which they were found. */
export class Graph {
  readonly nodes = new Map<string, Node>();
  readonly edges: Edge[] = [];
  readonly #seen = new Set<string>();
  readonly #of = new Map<string, Edge[]>();

  /** Puts a node in; one with that id that is there already stays as it is. Gives the id. */
  add(kind: NodeKind, name: string | number, label = ''): string {
    const id = `${kind} ${name}`;
    if (!this.nodes.has(id)) this.nodes.set(id, { id, kind, label });
    return id;
  }

  /** Connects two nodes, once. */
  connect(from: string, relation: Relation, to: string): void {
    const key = `${from}\0${relation}\0${to}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const edge = { from, relation, to };
    this.edges.push(edge);
    for (const end of from === to ? [from] : [from, to]) this.#of.set(end, [...(this.#of.get(end) ?? []), edge]);
  }

  /** The edges of a node, in both directions. */
  edgesOf(id: string): readonly Edge[] {
    return this.#of.get(id) ?? [];
  }
}

/** Things that many others share: they do not make what they share hang together. */
export const SHARED: ReadonlySet<NodeKind> = new Set(['process', 'interface', 'cgroup', 'place', 'btf']);

/** The nodes within `depth` steps of one, and the edges between them. Steps do not lead through what is {@link SHARED}, except from there. */
export function around(graph: Graph, start: string, depth = Number.POSITIVE_INFINITY): Graph {
  const reached = new Set([start]);
  let border = [start];
  for (let step = 0; step < depth && border.length > 0; step++) {
    const next: string[] = [];
    for (const id of border) {
      if (id !== start && SHARED.has(graph.nodes.get(id)!.kind)) continue;
      for (const { from, to } of graph.edgesOf(id)) {
        const other = from === id ? to : from;
        if (!reached.has(other)) next.push(other);
        reached.add(other);
      }
    }
    border = next;
  }
  return part(graph, reached);
}

function part(graph: Graph, ids: ReadonlySet<string>): Graph {
  const chosen = new Graph();
  for (const [id, node] of graph.nodes) if (ids.has(id)) chosen.nodes.set(id, node);
  for (const { from, relation, to } of graph.edges) if (ids.has(from) && ids.has(to)) chosen.connect(from, relation, to);
  return chosen;
}
