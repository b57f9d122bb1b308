// The commands that meet faults, each with what it works on and what it is to leave.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MapType } from '../../src/kernel/enums.gen.js';
import { netAttachments } from '../../src/link/net.js';
import { load } from '../../src/load/load.js';
import { BpfMap } from '../../src/map/map.js';
import { parseObject } from '../../src/object/parse.js';
import { testObjectPath } from '../support/live.js';

/** Where cases work: a BPF file system and a folder of their own, and a network interface, `near`. */
export interface Place {
  readonly bpffs: string;
  readonly folder: string;
  readonly ifindex: number;
}

export interface Case {
  readonly name: string;
  readonly args: (place: Place) => readonly string[];
  /** What has to be there before. */
  readonly prepare?: (place: Place) => void;
  /** SIGKILL leaves it done or not begun: there is one thing to be done, and that is done by one call. */
  readonly atomic?: boolean;
}

const RUN = testObjectPath('run');
const pinned = (place: Place) => join(place.bpffs, 'there');

export const CASES: readonly Case[] = [
  { name: 'prog load', atomic: true, args: ({ bpffs }) => ['prog', 'load', RUN, join(bpffs, 'program')] },
  {
    name: 'prog loadall with maps',
    args: ({ bpffs }) => ['prog', 'loadall', RUN, join(bpffs, 'programs'), 'pinmaps', join(bpffs, 'maps')],
  },
  { name: 'prog load of a map that pins itself', args: ({ bpffs }) => ['prog', 'load', testObjectPath('run-pinned'), join(bpffs, 'x')] },
  { name: 'prog load by a loader program', args: ({ bpffs }) => ['-L', 'prog', 'load', testObjectPath('load-data'), join(bpffs, 'light')] },
  {
    name: 'map create',
    atomic: true,
    args: ({ bpffs }) => words(`map create ${bpffs}/made type hash key 4 value 8 entries 10 name made`),
  },
  { name: 'map pin', atomic: true, prepare: makeMap, args: (place) => words(`map pin pinned ${pinned(place)} ${place.bpffs}/again`) },
  {
    name: 'map update',
    atomic: true,
    prepare: makeMap,
    args: (place) => words(`map update pinned ${pinned(place)} key 0 0 0 0 value 1 2 3 4 5 6 7 8`),
  },
  { name: 'map dump', prepare: makeMap, args: (place) => words(`map dump pinned ${pinned(place)}`) },
  {
    name: 'link attach',
    prepare: makeProgram,
    args: (place) => words(`link attach pinned ${pinned(place)} tcx/ingress dev near pin ${place.bpffs}/link`),
  },
  { name: 'net attach', prepare: makeProgram, args: (place) => words(`net attach tcx_ingress pinned ${pinned(place)} dev near`) },
  { name: 'run', args: () => ['run', RUN, '--dev', 'near', '--for', '10ms'] },
  { name: 'gen object', atomic: true, args: ({ folder }) => ['gen', 'object', join(folder, 'linked.o'), RUN] },
  { name: 'iter pin', atomic: true, args: ({ bpffs }) => ['iter', 'pin', testObjectPath('iterates'), join(bpffs, 'iterator')] },
];

function words(line: string): string[] {
  return line.split(' ');
}

function makeMap(place: Place): void {
  using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name: 'faults' });
  map.pin(pinned(place));
}

function makeProgram(place: Place): void {
  using object = load(parseObject(readFileSync(RUN), { name: 'run' }));
  object.program('see')!.pin(pinned(place));
}

/** Takes away what a run left. */
export function clear(place: Place): void {
  for (const folder of [place.bpffs, place.folder, STANDARD]) {
    for (const name of readdirSync(folder)) if (!name.endsWith('.debug')) rmSync(join(folder, name), { recursive: true });
  }
}

/** Where maps pin themselves. */
const STANDARD = '/sys/fs/bpf';

/** All that a case can leave, as text: files and pins with what is in them, attachments. */
export function stateOf(place: Place): string {
  const { tc, xdp } = netAttachments(place.ifindex);
  const files = [place.bpffs, place.folder, STANDARD].flatMap((folder) => below(folder).map((path) => `${path} ${contents(path)}`));
  return [...files, `${tc.length} of tc`, `${xdp.length} of xdp`].join('\n');
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.debug'))
    .map((name) => join(folder, name))
    .sort();
}

function contents(path: string): string {
  if (path.endsWith('/there')) return valueAt(path);
  return statSync(path).isFile() && !path.includes('/bpffs') && existsSync(path) ? String(statSync(path).size) : '';
}

function valueAt(path: string): string {
  try {
    using map = BpfMap.fromPin(path);
    return String(map.lookup(new Uint8Array(4)));
  } catch {
    return 'a program';
  }
}
