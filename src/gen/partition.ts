/** What is put into classes: the numbers from 0 on, each of which leads to some of the others. */
export interface Graph {
  readonly size: number;
  leadsTo(node: number): readonly number[];
}

/**
 * Splits classes until nodes of one class lead, one by one, to nodes of the same classes. `classes` has the class of each node, numbered from 0 on, at
 * first and in the end.
 *
 * Of the parts of a class the largest keeps its number, and only nodes that lead to renumbered ones are looked at again (Hopcroft's way of minimising
 * automata): a node is renumbered log(size) times at most, where going over all nodes until nothing changes takes size² steps for a long chain.
 */
export function refineClasses(classes: Uint32Array, graph: Graph): void {
  const partition = new Partition(classes);
  const sources = sourcesOf(graph);
  let changed = new Set<number>(classes.keys());
  while (changed.size > 0) {
    const renumbered = partition.split(changed, (node) =>
      graph
        .leadsTo(node)
        .map((to) => classes[to])
        .join(),
    );
    changed = new Set(renumbered.flatMap((node) => sources[node]!));
  }
}

class Partition {
  /** By class. */
  readonly #nodes: number[][] = [];
  /** Where in the list of its class each node is. */
  readonly #places: Uint32Array;

  constructor(readonly classes: Uint32Array) {
    this.#places = new Uint32Array(classes.length);
    for (const [node, own] of classes.entries()) this.#add(node, own);
  }

  /** Tells apart the nodes of each class by their keys, which may have changed for those given. Returns which got another class. */
  split(changed: Iterable<number>, key: (node: number) => string): number[] {
    const parts = new Map<number, Map<string, number[]>>();
    for (const node of changed) {
      const own = this.classes[node]!;
      if (this.#nodes[own]!.length === 1) continue;
      const ofClass = listIn(parts, own, () => new Map<string, number[]>());
      listIn(ofClass, key(node), () => []).push(node);
    }
    return [...parts].flatMap(([own, byKey]) => this.#splitClass(own, [...byKey.values()]));
  }

  /** What is in none of the parts has the same key still, and no part has it: what has changed leads to a class that is new. */
  #splitClass(own: number, parts: number[][]): number[] {
    const rest = this.#nodes[own]!.length - parts.reduce((sum, part) => sum + part.length, 0);
    const largest = parts.reduce((most, part) => (part.length > most.length ? part : most));
    if (largest.length > rest) {
      const inParts = new Set(parts.flat());
      if (rest > 0) parts.push(this.#nodes[own]!.filter((node) => !inParts.has(node)));
      parts.splice(parts.indexOf(largest), 1);
    }
    for (const part of parts) this.#move(part, own);
    return parts.flat();
  }

  #move(part: readonly number[], from: number): void {
    const to = this.#nodes.length;
    for (const node of part) {
      const nodes = this.#nodes[from]!;
      const last = nodes.pop()!;
      const place = this.#places[node]!;
      if (last !== node) {
        nodes[place] = last;
        this.#places[last] = place;
      }
      this.#add(node, to);
    }
  }

  #add(node: number, to: number): void {
    while (this.#nodes.length <= to) this.#nodes.push([]);
    const nodes = this.#nodes[to]!;
    this.#places[node] = nodes.length;
    this.classes[node] = to;
    nodes.push(node);
  }
}

/** Which nodes lead to each. */
function sourcesOf(graph: Graph): number[][] {
  const sources: number[][] = Array.from({ length: graph.size }, () => []);
  for (let node = 0; node < graph.size; node++) for (const to of graph.leadsTo(node)) sources[to]!.push(node);
  return sources;
}

function listIn<K, V>(lists: Map<K, V>, key: K, make: () => V): V {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made = make();
  lists.set(key, made);
  return made;
}
