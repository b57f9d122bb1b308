import type { Btf } from '../btf/btf.js';
import type { FuncInfo } from '../btf/info.js';
import type { KernelTypes } from '../core-relo/candidates.js';
import { relocateCore } from '../core-relo/relocate.js';
import { UsageError } from '../errors.js';
import { MapType, ProgType } from '../kernel/enums.gen.js';
import { fixContextArguments, hasContextTags } from '../object/context-arguments.js';
import { type LinkedProgram, type LinkInput, linkProgram } from '../object/link.js';
import type { FunctionSpec, MapSpec, ObjectSpec, ProgramSpec } from '../object/spec.js';
import { kconfigContents, type ResolvedExtern, resolveExterns } from './externs.js';
import type { Kernel, ModuleTypes } from './kernel.js';
import { adjustMap, arenaDataOffset } from './map-sizes.js';
import type { LoadOptions } from './options.js';
import { layOutStructOps, type StructOpsLayout } from './struct-ops.js';

/** A map to be created, or one that is there already. */
export interface PlannedMap {
  /** With sizes and contents as this kernel takes them. */
  readonly spec: MapSpec;
  /** False: nothing is created, and programs that get to it are refused. */
  readonly create: boolean;
  readonly structOps: StructOpsLayout | undefined;
}

/** A program to be loaded, its code complete but for what comes into being only then. */
export interface PlannedProgram {
  /** Its index in the spec. */
  readonly index: number;
  readonly linked: LinkedProgram;
  readonly funcInfo: readonly FuncInfo[] | undefined;
  /** enum bpf_prog_type and enum bpf_attach_type. */
  readonly type: number;
  readonly attachType: number;
  /** Whether the types were given, so that what its section asks for does not count. */
  readonly retyped: boolean;
  /** The struct and member that a struct_ops program stands in. */
  readonly structOps: { readonly typeId: number; readonly module: ModuleTypes | undefined } | undefined;
}

/** All that loading an object will do, worked out before anything is created. */
export interface LoadPlan {
  readonly spec: ObjectSpec;
  /** The object's types, as this kernel is to get them. */
  readonly btf: Btf | undefined;
  /** One for each of the spec's. */
  readonly maps: readonly PlannedMap[];
  readonly programs: readonly PlannedProgram[];
  /** One for each of the spec's. */
  readonly externs: readonly ResolvedExtern[];
  /** Modules whose functions are called: instructions refer to them by their place, from 1. */
  readonly modules: readonly ModuleTypes[];
  /** Where global variables lie in the arena, in bytes from its start. */
  readonly arenaOffset: number;
}

/**
 * Works out what loading an object comes to in a kernel: externs, the layout of structs, CO-RE, programs with their functions.
 *
 * @throws UsageError, ParseError, NotSupportedError when it cannot be loaded
 */
export function planLoad(spec: ObjectSpec, options: LoadOptions, kernel: Kernel): LoadPlan {
  if (!spec.littleEndian) throw new UsageError(`object ${spec.name} is for big-endian machines; this is a little-endian one`);
  const externs = resolveExterns(spec, kernel, options.kconfig);
  const maps = spec.maps.map((map, index) => planMap(spec, map, externs, kernel, options.reuse?.has(index) ?? false));
  const chosen = chooseTypes(spec, options).filter((program) => isLoaded(spec, program, options, maps));
  const code = relocate(spec, options, kernel, chosen);
  const linked = chosen.map(({ program }) => linkProgram(spec, program, (fn) => code.get(fn)!));
  const { btf, funcInfos } = typesFor(spec, chosen, linked, kernel);
  const programs = chosen.map(({ index, type, attachType, retyped }, i) => ({
    index,
    type,
    retyped,
    ...structOpsOf(index, maps, attachType),
    linked: linked[i]!,
    funcInfo: funcInfos[i],
  }));
  return { spec, btf, maps, programs, externs, modules: calledModules(spec, externs), arenaOffset: arenaDataOffset(spec, kernel) };
}

function planMap(spec: ObjectSpec, map: MapSpec, externs: readonly ResolvedExtern[], kernel: Kernel, reused: boolean): PlannedMap {
  const contents = map.kind === 'kconfig' ? kconfigContents(spec, externs, map.valueSize) : map.contents;
  // Without global data (before 5.2) such maps are left out: clang makes them for string literals too, which few programs load at run time.
  const create = map.autocreate && (!isInternal(map) || reused || kernel.features.has('globalData'));
  const structOps = create && map.type === MapType.STRUCT_OPS ? layOutStructOps(map, spec.btf!, kernel) : undefined;
  return { spec: adjustMap({ ...map, contents }, kernel), create, structOps };
}

function isInternal({ kind }: MapSpec): boolean {
  return kind === 'data' || kind === 'rodata' || kind === 'bss' || kind === 'kconfig';
}

interface Chosen {
  readonly program: ProgramSpec;
  readonly index: number;
  readonly type: number;
  readonly attachType: number;
  readonly retyped: boolean;
}

function chooseTypes(spec: ObjectSpec, { types, only }: LoadOptions): Chosen[] {
  for (const name of [...(only ?? []), ...(types?.keys() ?? [])]) {
    if (name !== '*' && !spec.programs.some((program) => program.name === name))
      throw new UsageError(`object ${spec.name} has no program ${name}`);
  }
  return spec.programs.map((program, index) => {
    const given = types?.get(program.name) ?? types?.get('*');
    if (!given) return { program, index, type: program.type, attachType: program.attachType, retyped: false };
    return { program, index, ...given, retyped: given.type !== program.type };
  });
}

/** Which programs are loaded: those asked for, or all that are not optional; of struct_ops those whose map is created. */
function isLoaded(spec: ObjectSpec, { program, index, type }: Chosen, { only }: LoadOptions, maps: readonly PlannedMap[]): boolean {
  if (only) return only.includes(program.name);
  const users = spec.maps.flatMap((map, i) => (map.structOps?.programs.includes(index) ? [maps[i]!] : []));
  if (type !== ProgType.STRUCT_OPS || users.length === 0) return program.autoload;
  return users.some(({ create }) => create);
}

/** What CO-RE makes of all functions that may be used. Functions of `.text` are all relocated, whichever programs use them. */
function relocate(spec: ObjectSpec, options: LoadOptions, kernel: Kernel, chosen: readonly Chosen[]): Map<FunctionSpec, LinkInput> {
  const functions: FunctionSpec[] = [...spec.subprograms, ...chosen.map(({ program }) => program)];
  const types = (): KernelTypes => {
    const { kernelBtf } = options;
    if (kernelBtf) return { btf: kernelBtf, modules: () => [] };
    return { btf: kernel.types, modules: () => kernel.modules.map(({ btf }) => btf) };
  };
  const relocated = relocateCore(functions, spec.btf, types);
  return new Map(functions.map((fn, i) => [fn, relocated[i]!]));
}

/** Kernels before 6.8 have to be told by types which arguments are the context of a program. */
function typesFor({ btf }: ObjectSpec, chosen: readonly Chosen[], linked: readonly LinkedProgram[], { features }: Kernel) {
  const functions = linked.map(({ funcInfo }, i) => ({ type: chosen[i]!.type, funcInfo }));
  if (btf && hasContextTags(btf) && !features.has('argCtxTag')) return fixContextArguments(btf, functions);
  return { btf, funcInfos: linked.map(({ funcInfo }) => funcInfo) };
}

/** A struct_ops program is loaded for a member of the kernel's struct. It may stand in several maps, but in one and the same member. */
function structOpsOf(index: number, maps: readonly PlannedMap[], attachType: number): Pick<PlannedProgram, 'structOps' | 'attachType'> {
  let found: { typeId: number; module: ModuleTypes | undefined; member: number } | undefined;
  for (const { spec, structOps } of maps) {
    for (const { program, member } of structOps?.functions ?? []) {
      if (program !== index) continue;
      const { typeId, module } = structOps!;
      if (found && (found.typeId !== typeId || found.member !== member)) {
        throw new UsageError(`map ${spec.name}: its program ${index} stands in another member, or another struct, too`);
      }
      found = { typeId, module, member };
    }
  }
  return found ? { structOps: found, attachType: found.member } : { structOps: undefined, attachType };
}

function calledModules(spec: ObjectSpec, externs: readonly ResolvedExtern[]): ModuleTypes[] {
  const modules = new Set<ModuleTypes>();
  for (const [index, extern] of spec.externs.entries()) {
    const resolved = externs[index];
    if (extern.kind === 'ksym' && extern.isFunction && resolved?.kind === 'type' && resolved.module) modules.add(resolved.module);
  }
  return [...modules];
}
