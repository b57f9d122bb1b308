// The commands that are killed, each with what it works on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MapType } from '../../src/kernel/enums.gen.js';
import { load } from '../../src/load/load.js';
import { BpfMap } from '../../src/map/map.js';
import { parseObject } from '../../src/object/parse.js';
import type { Place } from './place.js';

/** A command line, and what becomes of it. */
export interface KillCase {
  readonly name: string;
  readonly args: (place: Place) => readonly string[];
  /** What has to be there before. */
  readonly prepare?: (place: Place) => void;
  /** It runs until it is asked to stop, which then is no failure. */
  readonly live?: boolean;
  /** What the kernel gives no link for, and so keeps when nobody is left to take it away: lines of the state. */
  readonly stays?: RegExp;
  /** A process that it starts, by its command line; it is not to outlive the command unless that is killed outright. */
  readonly starts?: (place: Place) => string;
}

const IMPORTED = 'elements.ndjson';
const ELEMENTS = 3000;

export const CASES: readonly KillCase[] = [
  { name: 'prog load', args: (place) => ['prog', 'load', place.object('killed'), join(place.bpffs, 'program')] },
  {
    name: 'prog loadall with maps',
    args: (place) => ['prog', 'loadall', place.object('killed'), join(place.bpffs, 'all'), 'pinmaps', join(place.bpffs, 'maps')],
  },
  {
    name: 'prog loadall of 48 and a map that pins itself',
    args: (place) => ['prog', 'loadall', place.object('interrupted'), join(place.bpffs, 'all')],
  },
  {
    name: 'prog loadall where a file system has to be mounted',
    args: (place) => ['prog', 'loadall', place.object('killed'), join(place.folder, 'empty')],
  },
  { name: 'prog load by a loader program', args: (place) => ['-L', 'prog', 'load', place.object('killed'), join(place.bpffs, 'light')] },
  {
    name: 'map create',
    args: (place) => words(`map create ${place.bpffs}/made type hash key 4 value 8 entries 10 name ${place.token}_made`),
  },
  {
    name: 'map import',
    prepare: (place) => {
      makeMap(place, ELEMENTS / 2, 0n);
      writeImport(place);
    },
    args: (place) => words(`map import pinned ${place.there} ${join(place.folder, IMPORTED)} --replace`),
  },
  {
    name: 'map export',
    prepare: (place) => makeMap(place, ELEMENTS, 1n),
    args: (place) => words(`map export pinned ${place.there} ${join(place.folder, 'exported')}`),
  },
  {
    name: 'map export over a file',
    prepare: (place) => {
      makeMap(place, ELEMENTS, 1n);
      writeFileSync(join(place.folder, 'exported'), 'before');
    },
    args: (place) => words(`map export pinned ${place.there} ${join(place.folder, 'exported')}`),
  },
  {
    name: 'link attach with a pin',
    prepare: (place) => makeProgram(place, 'one'),
    args: (place) => words(`link attach pinned ${place.there} tcx/ingress dev near pin ${place.bpffs}/link`),
  },
  {
    name: 'link attach',
    live: true,
    prepare: (place) => makeProgram(place, 'one'),
    args: (place) => words(`link attach pinned ${place.there} tcx/ingress dev near --for 100ms`),
  },
  {
    name: 'net attach',
    prepare: (place) => makeProgram(place, 'one'),
    args: (place) => words(`net attach tcx_ingress pinned ${place.there} dev near`),
  },
  {
    name: 'cgroup attach',
    prepare: (place) => makeProgram(place, 'egress'),
    args: (place) => words(`cgroup attach ${place.cgroup} cgroup_inet_egress pinned ${place.there} multi`),
  },
  { name: 'struct_ops register', args: (place) => ['struct_ops', 'register', place.object('killed-ops'), join(place.bpffs, 'links')] },
  { name: 'iter pin', args: (place) => ['iter', 'pin', place.object('killed-iter'), join(place.bpffs, 'iterator')] },
  { name: 'run', live: true, args: (place) => ['run', place.object('killed'), '--dev', 'near', '--for', '100ms', '--dump'] },
  {
    name: 'run of a filter, which has no link',
    live: true,
    args: (place) => ['run', place.object('killed'), '--only', `${place.token}_filter`, '--dev', 'near', '--netlink', '--for', '100ms'],
    stays: /^tc clsact/,
  },
  {
    name: 'run of two objects with a command',
    live: true,
    args: (place) => ['run', place.object('killed'), place.object('killed-iter'), '--dev', 'near', '--', ...words(commandOf(place))],
    starts: commandOf,
  },
  {
    name: 'gen object',
    args: (place) => ['gen', 'object', join(place.folder, 'linked.o'), place.object('killed'), place.object('interrupted')],
  },
  {
    name: 'gen object over a file',
    prepare: (place) => writeFileSync(join(place.folder, 'linked.o'), 'before'),
    args: (place) => ['gen', 'object', join(place.folder, 'linked.o'), place.object('killed'), place.object('interrupted')],
  },
];

function words(line: string): string[] {
  return line.split(' ');
}

/** Nobody else's has these arguments. */
function commandOf({ token }: Place): string {
  return `sleep 0.1 0.0${Number.parseInt(token.slice(1), 16)}`;
}

function makeProgram(place: Place, name: string): void {
  const only = [`${place.token}_${name}`];
  using object = load(parseObject(readFileSync(place.object('killed')), { name: place.token }), { only });
  object.programs[0]!.program.pin(place.there);
}

function makeMap(place: Place, elements: number, value: bigint): void {
  const attributes = { type: MapType.HASH, keySize: 4, valueSize: 8, maxEntries: 2 * ELEMENTS, name: `${place.token}_there` };
  using map = BpfMap.create(attributes);
  for (let key = 0; key < elements; key++) map.update(bytes(new Uint32Array([key])), bytes(new BigUint64Array([value])));
  map.pin(place.there);
}

/** Half of the elements are there already and change; the other half come. */
function writeImport(place: Place): void {
  const header = {
    format: 'bpf-ts map',
    version: 1,
    name: 'there',
    type: 'hash',
    key_size: 4,
    value_size: 8,
    max_entries: 2 * ELEMENTS,
    flags: 0,
  };
  const elements = Array.from({ length: ELEMENTS }, (_, key) => ({
    key_hex: Buffer.from(new Uint32Array([key]).buffer).toString('hex'),
    value_hex: '0100000000000000',
  }));
  writeFileSync(join(place.folder, IMPORTED), [header, ...elements].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function bytes({ buffer }: { readonly buffer: ArrayBuffer }): Uint8Array {
  return new Uint8Array(buffer);
}
