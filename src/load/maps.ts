import { unlinkSync } from 'node:fs';
import { mapCreate, mapFreeze, mapUpdateElem, objGet, objPin } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { mapMemory } from '../../native/mapping.js';
import { Flag, MapType } from '../kernel/enums.gen.js';
import { mapType } from '../kernel/map-types.js';
import { type MapAttributes, mapCreateAttr } from '../map/create.js';
import { mapRefused } from '../map/refused.js';
import type { MapSpec } from '../object/spec.js';
import type { LoadContext } from './context.js';
import { arenaSize } from './map-sizes.js';
import { makePinDirectory } from './pin.js';
import type { PlannedMap } from './plan.js';
import { checkReuse } from './reuse.js';

/** A map while its object is being loaded. */
export interface MapInKernel {
  readonly fd: Fd;
  /** It was there before: its contents are not touched. */
  readonly reused: boolean;
}

/** Creates a map, or takes the one that is pinned under its name, and gives it its first contents. @throws Error that says which map, and why not */
export function provideMap(context: LoadContext, map: PlannedMap): MapInKernel {
  const { spec } = map;
  const pin = spec.pinByName ? context.pinPath(spec.name) : undefined;
  if (pin === undefined) return { fd: createFilled(context, map), reused: false };
  const pinned = openPinned(spec, pin);
  if (pinned) return { fd: pinned, reused: true };
  return createPinned(context, map, pin);
}

/** Between looking and pinning, another may have pinned its own: then that is taken. */
function createPinned(context: LoadContext, map: PlannedMap, pin: string): MapInKernel {
  const fd = createFilled(context, map);
  try {
    makePinDirectory(pin, context.rollback);
    objPin(fd.number, pin);
    context.rollback.add(() => unlinkSync(pin));
    return { fd, reused: false };
  } catch (error) {
    fd[Symbol.dispose]();
    const other = isErrno(error, 'EEXIST') ? openPinned(map.spec, pin) : undefined;
    if (other) return { fd: other, reused: true };
    throw new Error(`pin map ${map.spec.name} at ${pin}`, { cause: error });
  }
}

function openPinned(spec: MapSpec, pin: string): Fd | undefined {
  let fd: Fd;
  try {
    fd = objGet(pin);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new Error(`open the map that is pinned at ${pin}`, { cause: error });
  }
  try {
    checkReuse(spec, fd, pin);
    return fd;
  } catch (error) {
    fd[Symbol.dispose]();
    throw error;
  }
}

function createFilled(context: LoadContext, map: PlannedMap): Fd {
  const fd = createMap(context, map);
  try {
    fill(context, map.spec, fd);
    return fd;
  } catch (error) {
    fd[Symbol.dispose]();
    throw new Error(`fill map ${map.spec.name}`, { cause: error });
  }
}

/** Creates a map; when its types are what the kernel dislikes, without them. */
function createMap(context: LoadContext, map: PlannedMap): Fd {
  using inner = createInner(context, map.spec);
  const attributes = attributesOf(context, map, inner?.number);
  try {
    return mapCreate(mapCreateAttr(attributes));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (!attributes.btfKeyTypeId && !attributes.btfValueTypeId) throw mapRefused(map.spec.name, attributes, error);
    const { btfFd: _, btfKeyTypeId: __, btfValueTypeId: ___, ...plain } = attributes;
    const fd = createPlain(plain);
    // What was asked for first tells more: that a map cannot do without its types is no news then.
    if (!fd) throw mapRefused(map.spec.name, attributes, error);
    context.note(`map ${map.spec.name}: the kernel takes it only without its types (${error.reason})`);
    return fd;
  }
}

function createPlain(attributes: MapAttributes): Fd | undefined {
  try {
    return mapCreate(mapCreateAttr(attributes));
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** A map of maps is made after a pattern, which then goes away. */
function createInner(context: LoadContext, { inner }: MapSpec): Fd | undefined {
  return inner && createMap(context, { spec: inner, create: true, structOps: undefined });
}

function attributesOf(context: LoadContext, { spec, structOps }: PlannedMap, innerMapFd: number | undefined): MapAttributes {
  const { btf, token, device } = context;
  const typed = btf && mapType(spec.type).typed && spec.type !== MapType.STRUCT_OPS;
  const flags = spec.flags | (token ? Flag.BPF_F_TOKEN_FD : 0) | (structOps?.module ? Flag.BPF_F_VTYPE_BTF_OBJ_FD : 0);
  return {
    type: spec.type,
    name: spec.name,
    keySize: spec.keySize,
    valueSize: structOps ? structOps.value.length : spec.valueSize,
    maxEntries: spec.maxEntries,
    flags,
    numaNode: spec.numaNode,
    mapExtra: spec.mapExtra,
    ...(innerMapFd !== undefined && { innerMapFd }),
    ...(device?.use === 'offload' && spec.type !== MapType.PERF_EVENT_ARRAY && { ifindex: device.ifindex }),
    ...(token && { tokenFd: token }),
    ...(btf && spec.type === MapType.STRUCT_OPS && { btfFd: btf.fd.number }),
    ...(typed && { btfFd: btf.fd.number, btfKeyTypeId: spec.keyTypeId, btfValueTypeId: spec.valueTypeId }),
    ...(structOps && { btfVmlinuxValueTypeId: structOps.valueTypeId }),
    ...(structOps?.module && { valueTypeBtfObjFd: structOps.module.fd.number }),
  };
}

function fill(context: LoadContext, spec: MapSpec, fd: Fd): void {
  if (spec.type === MapType.ARENA) return fillArena(context, spec, fd);
  if (spec.kind === undefined || spec.kind === 'struct_ops') return;
  if (spec.contents) mapUpdateElem(fd.number, new Uint8Array(4), spec.contents);
  if (spec.kind === 'rodata' || spec.kind === 'kconfig') mapFreeze(fd.number);
}

/** The address of an arena is that of its first mapping, so it is mapped even when it has no contents, and for as long as programs are loaded. */
function fillArena(context: LoadContext, spec: MapSpec, fd: Fd): void {
  const mapping = mapMemory(fd.number, arenaSize(spec, context.kernel.pageSize), spec.mapExtra);
  context.keep(mapping);
  if (spec.contents) mapping.write(context.arenaOffset, spec.contents);
}

/** Puts maps into the slots of maps of maps. @throws Error that says which */
export function fillSlots({ spec }: PlannedMap, fd: Fd, maps: readonly (MapInKernel | undefined)[], planned: readonly PlannedMap[]): void {
  for (const [slot, target] of spec.slots.entries()) {
    if (target === undefined) continue;
    const inner = maps[target];
    const what = `put map ${planned[target]!.spec.name} into slot ${slot} of map ${spec.name}`;
    if (!inner) throw new Error(`${what}: it was not created`);
    setSlot(fd, slot, inner.fd.number, what);
  }
}

/** Writes a descriptor into an element whose key is an index. */
export function setSlot(map: Fd, slot: number, descriptor: number, what: string): void {
  const key = new Uint8Array(Uint32Array.of(slot).buffer);
  const value = new Uint8Array(Uint32Array.of(descriptor).buffer);
  try {
    mapUpdateElem(map.number, key, value);
  } catch (error) {
    throw new Error(what, { cause: error });
  }
}
