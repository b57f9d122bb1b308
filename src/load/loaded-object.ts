import type { BpfMap } from '../map/map.js';
import type { MapSpec, ObjectSpec, ProgramSpec } from '../object/spec.js';
import type { Program } from '../program/program.js';
import type { StructOpsLayout } from './struct-ops.js';

/** A program of an object, in the kernel. */
export interface LoadedProgram {
  readonly spec: ProgramSpec;
  /** enum bpf_prog_type and enum bpf_attach_type that it was loaded with. */
  readonly type: number;
  readonly attachType: number;
  readonly program: Program;
}

/** A map of an object, in the kernel. */
export interface LoadedMap {
  readonly spec: MapSpec;
  readonly map: BpfMap;
  /** It was there before, pinned or given. */
  readonly reused: boolean;
  /** Where it is pinned by its name. */
  readonly pinnedAt: string | undefined;
  /** Of struct_ops: what registers it when it is written to key 0, descriptors of its programs included. */
  readonly structOps: { readonly layout: StructOpsLayout; readonly value: Uint8Array } | undefined;
}

/** An object whose maps and programs are in the kernel. Closing it closes their descriptors: what is neither pinned nor attached then goes away. */
export class LoadedObject implements Disposable {
  readonly #resources: Disposable[];

  constructor(
    readonly spec: ObjectSpec,
    /** In the order of the spec, without those that were not loaded. */
    readonly programs: readonly LoadedProgram[],
    /** In the order of the spec, without those that were not created. */
    readonly maps: readonly LoadedMap[],
    resources: readonly Disposable[],
  ) {
    this.#resources = [...resources];
  }

  program(name: string): Program | undefined {
    return this.programs.find(({ spec }) => spec.name === name)?.program;
  }

  /** A map by its name, or one of data by the name of its section. */
  map(name: string): BpfMap | undefined {
    return this.maps.find(({ spec }) => spec.name === name || (spec.kind !== undefined && spec.section === name))?.map;
  }

  [Symbol.dispose](): void {
    for (const { program } of this.programs) program[Symbol.dispose]();
    for (const { map } of this.maps) map[Symbol.dispose]();
    for (const resource of this.#resources.splice(0)) resource[Symbol.dispose]();
  }
}
