import type { Fd } from '../../native/fd.js';
import { UsageError } from '../errors.js';
import { Flag, MapType } from '../kernel/enums.gen.js';
import { mapTypes } from '../kernel/names.js';
import { type MapInfo, readMapInfo } from '../map/info.js';
import type { MapSpec } from '../object/spec.js';

type Facet = readonly [what: string, wanted: (spec: MapSpec) => number | bigint, found: (info: MapInfo) => number | bigint];

/** What has to agree between a map that is declared and one that is there. */
const FACETS: readonly Facet[] = [
  ['keys', (spec) => spec.keySize, (info) => info.keySize],
  ['values', (spec) => spec.valueSize, (info) => info.valueSize],
  ['entries', (spec) => spec.maxEntries, (info) => info.maxEntries],
  ['flags', (spec) => spec.flags, flagsOf],
  ['extra', (spec) => spec.mapExtra, (info) => info.mapExtra],
];

/** Whether a map that is pinned can stand for a declared one. @throws UsageError that says in what it differs */
export function checkReuse(spec: MapSpec, fd: Fd, path: string): void {
  const info = readMapInfo(fd.number);
  const differences = FACETS.filter(([, wanted, found]) => wanted(spec) !== found(info)).map(
    ([what, wanted, found]) => `${what} ${found(info)}, not ${wanted(spec)}`,
  );
  if (info.type !== spec.type) differences.unshift(`a ${mapTypes.textOf(info.type)}, not a ${mapTypes.textOf(spec.type)}`);
  if (differences.length > 0)
    throw new UsageError(`map ${spec.name}: the one that is pinned at ${path} is another (${differences.join('; ')})`);
}

/** The kernel sets this flag of its own on maps of devices. */
function flagsOf({ type, flags }: MapInfo): number {
  return type === MapType.DEVMAP || type === MapType.DEVMAP_HASH ? flags & ~Flag.BPF_F_RDONLY_PROG : flags;
}
