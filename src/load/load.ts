import type { Fd } from '../../native/fd.js';
import { MapType } from '../kernel/enums.gen.js';
import { BpfMap } from '../map/map.js';
import type { ObjectSpec } from '../object/spec.js';
import { Program } from '../program/program.js';
import { Rollback, STANDARD_BPFFS } from '../system/bpffs.js';
import { raiseMemlockWhereCounted } from '../system/memlock.js';
import type { LoadContext } from './context.js';
import { type Kernel, RunningKernel } from './kernel.js';
import { type LoadedMap, LoadedObject, type LoadedProgram } from './loaded-object.js';
import { fillSlots, type MapInKernel, provideMap, setSlot } from './maps.js';
import { type LoadedBtf, loadObjectBtf } from './object-btf.js';
import type { LoadOptions } from './options.js';
import { pinName } from './pin.js';
import { type LoadPlan, planLoad } from './plan.js';
import { expectedAttachType, loadProgram } from './programs.js';
import { openToken } from './token.js';

/**
 * Loads an object into the kernel: types, maps with their first contents, programs. Nothing is attached, and nothing pinned but the maps that ask for it
 * themselves.
 *
 * All or nothing: when a step fails, what was made before is gone when the error arrives, pins included. Pins of an object that was loaded stay when it is
 * disposed of; `unpinOwn` takes them back. Signals are the caller's affair.
 *
 * @throws ParseError, UsageError, NotSupportedError when the object cannot be loaded; VerifierError with the log when the verifier refuses a program;
 * Error with a SyscallError as cause for what else the kernel refuses
 */
export function load(spec: ObjectSpec, options: LoadOptions = {}): LoadedObject {
  const token = openToken(options.tokenPath);
  const kernel = new RunningKernel(token?.number, options.features);
  using temporary = new Stack([kernel, ...(token ? [token] : [])]);
  raiseMemlockWhereCounted();
  const plan = planLoad(spec, options, kernel);
  return execute(plan, kernel, token?.number ?? 0, options, temporary);
}

/** Closes what is in it, the last first. */
class Stack implements Disposable {
  constructor(readonly resources: Disposable[]) {}

  add<T extends Disposable>(resource: T): T {
    this.resources.push(resource);
    return resource;
  }

  /** Passes all of it on. */
  take(): Disposable[] {
    return this.resources.splice(0);
  }

  [Symbol.dispose](): void {
    for (const resource of this.take().reverse()) resource[Symbol.dispose]();
  }
}

/** Does what the plan says. `temporary` is closed by the caller, whatever happens. */
function execute(plan: LoadPlan, kernel: Kernel, token: number, options: LoadOptions, temporary: Stack): LoadedObject {
  using kept = new Stack([]);
  using rollback = new Rollback();
  const btf = loadTypes(plan, kernel, token, options);
  if (btf) temporary.add(btf.fd);
  const context = makeContext(plan, kernel, token, btf, options, rollback, kept);
  const maps = createMaps(context, plan, options, kept);
  const programs = plan.programs.map((program) => kept.add(loadProgram(context, plan, program, maps, options)));
  const byIndex = new Map(plan.programs.map(({ index }, i) => [index, programs[i]!]));
  fillProgramArrays(plan, maps, byIndex);
  const loaded = handOver(context, plan, maps, programs, byIndex, kept);
  rollback.commit();
  return loaded;
}

/** The kernel can do without most types: then it is only told less. */
function loadTypes({ spec, btf }: LoadPlan, kernel: Kernel, token: number, options: LoadOptions): LoadedBtf | undefined {
  if (!btf) return undefined;
  try {
    return loadObjectBtf(btf, kernel.features, token);
  } catch (error) {
    if (spec.needsBtf || !(error instanceof Error)) throw error;
    options.onNote?.(`the kernel does without the object's types: ${error.message}`);
    return undefined;
  }
}

function makeContext(
  plan: LoadPlan,
  kernel: Kernel,
  token: number,
  btf: LoadedBtf | undefined,
  options: LoadOptions,
  rollback: Rollback,
  kept: Stack,
): LoadContext {
  const root = options.pinRoot ?? STANDARD_BPFFS;
  return {
    kernel,
    token,
    btf,
    device: options.device,
    arenaOffset: plan.arenaOffset,
    rollback,
    note: (text) => options.onNote?.(text),
    keep: (resource) => kept.add(resource),
    pinPath: (name) => `${root}/${pinName(name)}`,
  };
}

function createMaps(context: LoadContext, plan: LoadPlan, { reuse }: LoadOptions, kept: Stack): (MapInKernel | undefined)[] {
  const maps = plan.maps.map((map, index): MapInKernel | undefined => {
    const given = reuse?.get(index);
    if (given) return { fd: kept.add(given.duplicate()), reused: true };
    if (!map.create) return undefined;
    const made = provideMap(context, map);
    kept.add(made.fd);
    return made;
  });
  for (const [index, map] of plan.maps.entries()) {
    const made = maps[index];
    if (made && !made.reused && map.spec.type !== MapType.PROG_ARRAY) fillSlots(map, made.fd, maps, plan.maps);
  }
  return maps;
}

function fillProgramArrays(plan: LoadPlan, maps: readonly (MapInKernel | undefined)[], programs: ReadonlyMap<number, Fd>): void {
  for (const [index, { spec }] of plan.maps.entries()) {
    const map = maps[index];
    if (!map || map.reused || spec.type !== MapType.PROG_ARRAY) continue;
    for (const [slot, target] of spec.slots.entries()) {
      if (target === undefined) continue;
      const what = `put program ${plan.spec.programs[target]!.name} into slot ${slot} of map ${spec.name}`;
      const program = programs.get(target);
      if (!program) throw new Error(`${what}: it was not loaded`);
      setSlot(map.fd, slot, program.number, what);
    }
  }
}

/** Makes handles of the descriptors; they are the object's from here on. */
function handOver(
  context: LoadContext,
  plan: LoadPlan,
  maps: readonly (MapInKernel | undefined)[],
  programs: readonly Fd[],
  byIndex: ReadonlyMap<number, Fd>,
  kept: Stack,
): LoadedObject {
  using made = new Stack([]);
  const owned = new Set<Disposable>([...programs, ...maps.flatMap((map) => (map ? [map.fd] : []))]);
  const loadedMaps = plan.maps.flatMap(({ spec, structOps }, index): LoadedMap[] => {
    const map = maps[index];
    if (!map) return [];
    const pinnedAt = spec.pinByName ? context.pinPath(spec.name) : undefined;
    const registration = structOps && { layout: structOps, value: registrationValue(structOps, byIndex) };
    return [{ spec, map: made.add(new BpfMap(map.fd.take())), reused: map.reused, pinnedAt, structOps: registration }];
  });
  const loadedPrograms = plan.programs.map(
    (program, i): LoadedProgram => ({
      spec: program.linked.spec,
      type: program.type,
      attachType: expectedAttachType(program, context),
      program: made.add(new Program(programs[i]!.take())),
    }),
  );
  made.take();
  const others = kept.take().filter((resource) => !owned.has(resource));
  return new LoadedObject(plan.spec, loadedPrograms, loadedMaps, others);
}

/** The kernel's struct with descriptors of programs in the place of functions. */
function registrationValue(
  { value, functions }: NonNullable<LoadPlan['maps'][number]['structOps']>,
  programs: ReadonlyMap<number, Fd>,
): Uint8Array {
  const filled = value.slice();
  const view = new DataView(filled.buffer);
  for (const { program, offset } of functions) view.setBigInt64(offset, BigInt(programs.get(program)?.number ?? -1), true);
  return filled;
}
