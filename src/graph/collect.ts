import { isErrno } from '../../native/error.js';
import { MapType } from '../kernel/enums.gen.js';
import { mapTypes, progTypes } from '../kernel/names.js';
import { cgroupTree } from '../link/cgroup.js';
import { Link } from '../link/link.js';
import { listLink } from '../link/listing.js';
import { netAttachments } from '../link/net.js';
import { BpfMap } from '../map/map.js';
import { rows } from '../map/rows.js';
import { Program } from '../program/program.js';
import { type ObjectKind, pinnedPaths } from '../system/bpffs.js';
import { allBtfInfos } from '../system/btf-objects.js';
import { cgroupRoot } from '../system/cgroups.js';
import { holders } from '../system/processes.js';
import { Graph } from './graph.js';
import { connectTarget, interfacePlace } from './places.js';

const KINDS = ['program', 'map', 'link', 'btf'] as const satisfies readonly ObjectKind[];

/**
 * All programs, maps, links and BTF objects of the machine, what they are attached to in this network namespace and below the mounted cgroups, where
 * they are pinned, and which processes hold them. Needs CAP_SYS_ADMIN. The kernel goes on meanwhile: what goes away while it is read is left out.
 */
export function collect(): Graph {
  // What this process holds itself does not count, so holders are looked for before anything is opened.
  const held = KINDS.map((kind) => [kind, holders(kind)] as const);
  const graph = new Graph();
  addPrograms(graph);
  addMaps(graph);
  addLinks(graph);
  addBtf(graph);
  addInterfaces(graph);
  addCgroups(graph);
  for (const kind of KINDS) addPins(graph, kind);
  for (const [kind, byId] of held)
    for (const [id, list] of byId)
      for (const { pid, comm } of list) connectIfThere(graph, `${kind} ${id}`, 'held by', () => graph.add('process', pid, comm));
  return graph;
}

function addPrograms(graph: Graph): void {
  for (using program of Program.all()) {
    const { id, type, mapIds, btfId } = program.info;
    const node = graph.add('program', id, `${progTypes.textOf(type)} ${program.name}`.trimEnd());
    for (const map of mapIds) graph.connect(node, 'uses', addMap(graph, map));
    if (btfId !== 0) graph.connect(node, 'described by', graph.add('btf', btfId));
  }
}

// A map that is mentioned before it is read gets its label then.
function addMap(graph: Graph, id: number): string {
  if (graph.nodes.has(`map ${id}`)) return `map ${id}`;
  try {
    using map = BpfMap.fromId(id, 'read');
    return graph.add('map', id, `${mapTypes.textOf(map.info.type)} ${map.name}`.trimEnd());
  } catch {
    return graph.add('map', id);
  }
}

const OF_MAPS: readonly number[] = [MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS];

function addMaps(graph: Graph): void {
  for (using map of BpfMap.all('read')) {
    const node = addMap(graph, map.id);
    if (map.info.btfId !== 0) graph.connect(node, 'described by', graph.add('btf', map.info.btfId));
    if (OF_MAPS.includes(map.info.type)) for (const id of idsIn(map)) graph.connect(node, 'contains', addMap(graph, id));
    if (map.info.type === MapType.PROG_ARRAY)
      for (const id of idsIn(map)) if (graph.nodes.has(`program ${id}`)) graph.connect(node, 'calls', `program ${id}`);
  }
}

/** The ids of what a map of maps or programs holds. */
function* idsIn(map: BpfMap): Generator<number> {
  try {
    for (const { value } of rows(map)) {
      const id = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
      if (id !== 0) yield id;
    }
  } catch (error) {
    // Maps that only the kernel and programs may read.
    if (!isErrno((error as Error).cause ?? error, 'EPERM')) throw error;
  }
}

function addLinks(graph: Graph): void {
  for (using link of Link.all()) {
    const listed = listLink(link);
    const node = graph.add('link', listed.id, listed.typeName ?? `type ${listed.type}`);
    const program = `program ${listed.progId}`;
    if (graph.nodes.has(program)) graph.connect(node, 'runs', program);
    connectTarget(graph, node, listed.target);
  }
}

function addBtf(graph: Graph): void {
  const labels = new Map([...allBtfInfos()].map(({ id, name }) => [`btf ${id}`, name]));
  for (const [id, node] of graph.nodes) if (node.kind === 'btf') graph.nodes.set(id, { ...node, label: labels.get(id) ?? '' });
}

/** Programs that are attached to interfaces without a link. */
function addInterfaces(graph: Graph): void {
  const { xdp, tc } = netAttachments();
  const found = [
    ...xdp.flatMap(({ ifindex, xdp: programs }) => programs.map(({ progId }) => ({ ifindex, progId }))),
    ...tc.map((each) => ({ ifindex: each.ifindex, progId: 'progId' in each ? (each.linkId === 0 ? each.progId : undefined) : each.id })),
  ];
  for (const { ifindex, progId } of found) {
    if (progId === undefined || hasLinkAt(graph, progId)) continue;
    const { kind, name, label } = interfacePlace(ifindex);
    connectIfThere(graph, `program ${progId}`, 'at', () => graph.add(kind, name, label));
  }
}

function addCgroups(graph: Graph): void {
  const root = cgroupRoot();
  if (root === undefined) return;
  for (const { path, programs } of cgroupTree(root))
    for (const { id, attach } of programs)
      if (!hasLinkAt(graph, id)) connectIfThere(graph, `program ${id}`, 'at', () => graph.add('cgroup', path, attach.toLowerCase()));
}

/** Whether a link says already where the program is. */
function hasLinkAt(graph: Graph, program: number): boolean {
  return graph.edgesOf(`program ${program}`).some(({ relation }) => relation === 'runs');
}

function addPins(graph: Graph, kind: (typeof KINDS)[number]): void {
  for (const [id, paths] of pinnedPaths(kind))
    for (const path of paths) connectIfThere(graph, `${kind} ${id}`, 'pinned at', () => graph.add('pin', path));
}

/** Objects come and go while they are listed: what was not there when its kind was listed is not connected either. */
function connectIfThere(graph: Graph, id: string, relation: 'at' | 'pinned at' | 'held by', other: () => string): void {
  if (graph.nodes.has(id)) graph.connect(id, relation, other());
}
