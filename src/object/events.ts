import type { Btf } from '../btf/btf.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfType } from '../btf/types.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import type { ObjectSpec } from './spec.js';

/** What programs put into ring and perf buffers. */
export interface Events {
  /** Types of events, by id, in ascending order. */
  readonly types: readonly number[];
  /** The type of all events of a buffer, by the map's name. Missing when it cannot be told. */
  readonly byMap: ReadonlyMap<string, number>;
  /** Variables that are only there to have a type in the object. */
  readonly markers: ReadonlySet<string>;
}

/** A variable's or type's tag `event:MAP` says what is in a buffer, `event` that the type is one of events. */
const TAG = /^event(?::(.+))?$/;
const EVENT_NAME = /^(?:.*_)?events?(?:_.*)?$/i;
/** Types of the kernel that are called so, and are no events of a program. */
const KERNEL_NAME = /^(?:trace_event|perf_event|bpf_)/;
/** What Go's bpf2go made a custom: `const struct event *unused`. */
const MARKER_NAME = /^_*unused/;

/**
 * Finds out which types are events: what is tagged, what a pointer called `unused...` is to, and structs whose name has the word `event` that are
 * none of the kernel's (no CO-RE relocation is on them). A buffer's type is the one its tag or `given` says; else the type that is called as the
 * map is, but for an `s`; else the only one there is beside those of other buffers.
 *
 * @param given types by map name, by their C names
 * @throws UsageError when a map or type that is given does not exist
 */
export function findEvents(spec: ObjectSpec, given: ReadonlyMap<string, string> = new Map()): Events {
  const { btf } = spec;
  const buffers = spec.maps.filter((map) => map.type === MapType.RINGBUF || map.type === MapType.PERF_EVENT_ARRAY).map(({ name }) => name);
  for (const map of given.keys()) if (!buffers.includes(map)) throw new UsageError(`there is no ring or perf buffer called ${map}`);
  if (!btf) return { types: [], byMap: new Map(), markers: new Set() };
  const tagged = findTags(btf);
  const typeOf = (name: string) => findEventType(btf, name) ?? unknownType(name);
  const byMap = new Map([...tagged.byMap, ...[...given].map(([map, name]) => [map, typeOf(name)] as const)]);
  const relocated = new Set([...spec.programs, ...spec.subprograms].flatMap((fn) => fn.coreRelocations.map(({ typeId }) => typeId)));
  const types = new Set([...byMap.values(), ...tagged.types, ...namedEvents(btf, (id) => relocated.has(id))]);
  const known = new Set(byMap.values());
  const free = [...types].filter((type) => !known.has(type));
  for (const map of buffers) {
    const type = byMap.get(map) ?? guess(btf, map, free);
    if (type !== undefined) byMap.set(map, type);
  }
  return { types: [...types].sort((a, b) => a - b), byMap, markers: tagged.markers };
}

/**
 * The types that records of a buffer may have, by the types of a program that writes to it: one where it can be told as {@link findEvents} does, else all
 * that may be events. What the kernel's own structs are is to be said, since what was loaded has no relocations to tell it by.
 */
export function eventCandidates(btf: Btf, map: string, isKernels: (id: number) => boolean): readonly number[] {
  const tagged = findTags(btf);
  const types = [...new Set([...tagged.byMap.values(), ...tagged.types, ...namedEvents(btf, isKernels)])];
  const one = tagged.byMap.get(map) ?? guess(btf, map, types);
  return one === undefined ? types : [one];
}

function unknownType(name: string): never {
  throw new UsageError(`there is no struct called ${name} in the object's types`);
}

function guess(btf: Btf, map: string, types: readonly number[]): number | undefined {
  const called = types.find((id) => map === btf.name(id) || map === `${btf.name(id)}s`);
  return called ?? (types.length === 1 ? types[0] : undefined);
}

interface Tagged {
  readonly types: Set<number>;
  readonly byMap: Map<string, number>;
  readonly markers: Set<string>;
}

function findTags(btf: Btf): Tagged {
  const found: Tagged = { types: new Set(), byMap: new Map(), markers: new Set() };
  for (const id of btf.ids()) {
    const type = btf.type(id);
    if (type.kind === 'DECL_TAG') addTag(btf, type, found);
    else if (type.kind === 'VAR' && MARKER_NAME.test(type.name) && isPointer(btf, type.type)) addMarker(btf, id, type, found);
  }
  return found;
}

function addTag(btf: Btf, tag: Extract<BtfType, { kind: 'DECL_TAG' }>, found: Tagged): void {
  const match = TAG.exec(tag.name);
  if (!match || tag.componentIndex >= 0) return;
  const target = btf.type(tag.type);
  if (target.kind === 'VAR') found.markers.add(target.name);
  const meant = structOf(btf, tag.type);
  if (meant === undefined) return;
  if (match[1]) found.byMap.set(match[1], meant);
  else found.types.add(meant);
}

function addMarker(btf: Btf, id: number, variable: { readonly name: string }, found: Tagged): void {
  const meant = structOf(btf, id);
  if (meant === undefined) return;
  found.types.add(meant);
  found.markers.add(variable.name);
}

function isPointer(btf: Btf, id: number): boolean {
  return btf.kind(skipTypedefs(btf, id)) === 'PTR';
}

/** The struct that a variable, pointer or type is about. */
function structOf(btf: Btf, id: number): number | undefined {
  const first = btf.type(id);
  let at = skipTypedefs(btf, first.kind === 'VAR' ? first.type : id);
  const type = btf.type(at);
  if (type.kind === 'PTR') at = skipTypedefs(btf, type.type);
  const { kind } = btf.type(at);
  return kind === 'STRUCT' || kind === 'UNION' ? at : undefined;
}

function namedEvents(btf: Btf, isKernels: (id: number) => boolean): number[] {
  return [...btf.ids('STRUCT')].filter((id) => {
    const name = btf.name(id);
    return EVENT_NAME.test(name) && !KERNEL_NAME.test(name) && !isKernels(id);
  });
}

/** A struct or union by its C name, with or without the keyword; undefined when the types have none. */
export function findEventType(btf: Btf, name: string): number | undefined {
  const ids = btf.findAll(name.replace(/^(?:struct|union) /, ''));
  return ids
    .map((id) => (btf.kind(id) === 'FUNC' || btf.kind(id) === 'VAR' ? undefined : structOf(btf, id)))
    .find((id) => id !== undefined);
}
