import { type Graph, type Node, type NodeKind, RELATIONS, SHARED } from './graph.js';

/** A line of a tree: what stands left of the node, and the node. */
export interface TreeLine {
  /** Branches, and how the node hangs together with the one above: `│  ├─ uses `. */
  readonly lead: string;
  readonly node: Node;
  /** It stands in the tree already, with all below it. */
  readonly again: boolean;
}

// What a graph of everything begins with: what nothing else explains comes last.
const ROOTS: readonly NodeKind[] = ['program', 'map', 'link', 'btf', 'interface', 'cgroup', 'place', 'process', 'pin'];

/** The tree below one node: each node stands in it once with what it hangs together with, and is only named where it comes again. */
export function* treeBelow(graph: Graph, root: string): Generator<TreeLine> {
  yield* new Tree(graph, SHARED).lines(root);
}

/** Trees that have all nodes: one for each program, with its maps, links and holders, then what hangs together with no program. */
export function* forest(graph: Graph): Generator<TreeLine> {
  const tree = new Tree(graph, new Set([...SHARED, 'program']));
  for (const kind of ROOTS) for (const [id, node] of graph.nodes) if (node.kind === kind && !tree.shown.has(id)) yield* tree.lines(id);
}

const ORDER = Object.keys(RELATIONS);

class Tree {
  readonly shown = new Set<string>();
  #root: string | undefined;

  constructor(
    readonly graph: Graph,
    /** Kinds that are only named below others. */
    readonly closed: ReadonlySet<NodeKind>,
  ) {}

  *lines(root: string): Generator<TreeLine> {
    this.#root = root;
    this.shown.add(root);
    yield { lead: '', node: this.graph.nodes.get(root)!, again: false };
    yield* this.#below(root, undefined, '');
  }

  *#below(id: string, above: string | undefined, indent: string): Generator<TreeLine> {
    const branches = this.#branches(id, above);
    for (const [i, { other, words }] of branches.entries()) {
      const last = i === branches.length - 1;
      const node = this.graph.nodes.get(other)!;
      const isClosed = this.closed.has(node.kind) || this.#isOtherUser(node, id);
      const again = !isClosed && this.shown.has(other);
      yield { lead: `${indent}${last ? '└─' : '├─'} ${words} `, node, again };
      if (node.kind !== 'program' || !isClosed) this.shown.add(other);
      if (!isClosed && !again) yield* this.#below(other, id, `${indent}${last ? '   ' : '│  '}`);
    }
  }

  /** The other users of a map that is not what it is about: what those hang together with is not told. */
  #isOtherUser({ kind }: Node, above: string): boolean {
    return kind === 'program' && above !== this.#root && this.graph.nodes.get(above)?.kind === 'map';
  }

  #branches(id: string, above: string | undefined): { other: string; words: string }[] {
    return this.graph
      .edgesOf(id)
      .filter(({ from, to }) => from !== to && from !== above && to !== above)
      .sort((a, b) => ORDER.indexOf(a.relation) - ORDER.indexOf(b.relation))
      .map(({ from, relation, to }) => {
        const [forward, backward] = RELATIONS[relation];
        return from === id ? { other: to, words: forward } : { other: from, words: backward };
      });
  }
}
