import { availableParallelism } from 'node:os';
import type { Btf } from '../btf/btf.js';
import { UsageError } from '../errors.js';
import { attachTypes, mapTypes, progTypes } from '../kernel/names.js';
import type { ObjectSpec } from '../object/spec.js';
import { STANDARD_BPFFS } from '../system/bpffs.js';
import { possibleCpus } from '../system/cpus.js';
import { Kallsyms } from '../system/kallsyms.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';
import { type KernelConfig, kernelConfig } from '../system/kernel-config.js';
import { kernelVersion, versionCode } from '../system/kernel-version.js';
import { findAttachTarget } from './attach-target.js';
import type { ResolvedExtern } from './externs.js';
import type { Kernel } from './kernel.js';
import type { LoadOptions } from './options.js';
import { pinName } from './pin.js';
import { type PlannedMap, type PlannedProgram, planLoad } from './plan.js';

/** A map that would be created. Types are named as bpftool does, sizes are in bytes. */
export interface DryMap {
  readonly name: string;
  readonly type: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  /** Where it would be pinned, or taken from. */
  readonly pin: string | undefined;
  /** False: an optional one, left out. */
  readonly created: boolean;
  /** The data section it is made from, and how many bytes of it are not zero. */
  readonly section: string | undefined;
  readonly filled: number;
}

/** A program that would be loaded. */
export interface DryProgram {
  readonly name: string;
  readonly section: string;
  readonly type: string;
  readonly attachType: string | undefined;
  /** What its section says to attach to; `found` is false when the kernel has no such thing, undefined when that is not for its types to say. */
  readonly target: string | undefined;
  readonly found: boolean | undefined;
  /** With those of its functions. */
  readonly instructions: number;
  /** What is appended to it, in order. */
  readonly functions: readonly string[];
  readonly coreRelocations: number;
  /** Relocations without an answer: the verifier refuses the program if it gets there. */
  readonly unresolved: readonly string[];
}

export interface DryExtern {
  readonly name: string;
  readonly kind: 'setting' | 'variable' | 'function';
  readonly weak: boolean;
  /** What it is here; undefined when that cannot be known, or it is not there. */
  readonly value: string | undefined;
}

/** What loading an object would do. */
export interface DryRun {
  readonly object: string;
  readonly license: string;
  readonly maps: readonly DryMap[];
  readonly programs: readonly DryProgram[];
  readonly externs: readonly DryExtern[];
  /** What the loader passes over in the file. */
  readonly notes: readonly string[];
}

/**
 * Does all of loading but what a kernel is needed for: relocations are resolved against `kernelBtf`, or else this machine's types if it has some. Needs no
 * privilege, and with `kernelBtf` no Linux.
 *
 * @throws UsageError, ParseError when the object cannot be loaded into any kernel with these types
 */
export function dryRun(spec: ObjectSpec, options: LoadOptions = {}): DryRun {
  const kernel = new PaperKernel(options.kernelBtf);
  // What is not known here is shown, and no reason to stop.
  const lenient = { ...spec, externs: spec.externs.map((extern) => ({ ...extern, weak: true })) };
  const plan = planLoad(lenient, options, kernel);
  return {
    object: spec.name,
    license: spec.license,
    maps: plan.maps.map((map) => describeMap(map, options)),
    programs: plan.programs.map((program) => describeProgram(program, kernel, options)),
    externs: spec.externs.map((extern, index) => ({
      name: extern.name,
      kind: extern.kind === 'kconfig' ? 'setting' : extern.isFunction ? 'function' : 'variable',
      weak: extern.weak,
      value: describeExtern(plan.externs[index]),
    })),
    notes: spec.notes,
  };
}

function describeMap({ spec, create }: PlannedMap, { pinRoot = STANDARD_BPFFS }: LoadOptions): DryMap {
  const { name, keySize, valueSize, maxEntries, flags } = spec;
  return {
    name,
    type: mapTypes.textOf(spec.type),
    keySize,
    valueSize,
    maxEntries,
    flags,
    pin: spec.pinByName ? `${pinRoot}/${pinName(name)}` : undefined,
    created: create,
    section: spec.kind && spec.section,
    filled: spec.contents?.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0) ?? 0,
  };
}

function describeProgram(program: PlannedProgram, kernel: Kernel, options: LoadOptions): DryProgram {
  const { linked, type, attachType } = program;
  const { spec, parts, instructions, unresolved } = linked;
  return {
    name: spec.name,
    section: spec.section,
    type: progTypes.textOf(type),
    attachType: attachType === 0 || program.structOps ? undefined : attachTypes.textOf(attachType),
    target: spec.target,
    found: isTargetFound(program, kernel, options),
    instructions: instructions.length,
    functions: parts.slice(1).map(({ fn }) => fn.name),
    coreRelocations: parts.reduce((count, { fn }) => count + fn.coreRelocations.length, 0),
    unresolved: [...unresolved].map(([index, text]) => `instruction ${index}: ${text}`),
  };
}

function isTargetFound(program: PlannedProgram, kernel: Kernel, options: LoadOptions): boolean | undefined {
  if (program.retyped || program.structOps || !program.linked.spec.flags.includes('ATTACH_BTF')) return undefined;
  try {
    findAttachTarget(program, kernel, options);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

function describeExtern(resolved: ResolvedExtern): string | undefined {
  switch (resolved?.kind) {
    case 'value':
      return `0x${Buffer.from(resolved.bytes).reverse().toString('hex')}`;
    case 'address':
      return `0x${resolved.address.toString(16)}`;
    case 'type':
      return `type ${resolved.id}${resolved.module ? ` of ${resolved.module.name}` : ''}`;
    case undefined:
      return undefined;
  }
}

/** A kernel that is only read about. It has all features: what it lacks only it could say. */
class PaperKernel implements Kernel {
  readonly features = { has: () => true };
  readonly modules = [];
  readonly pageSize = 4096;

  constructor(readonly given: Btf | undefined) {}

  get types(): Btf {
    return this.given ?? vmlinuxBtf();
  }

  get config(): KernelConfig | undefined {
    return kernelConfig();
  }

  get version(): number {
    return versionCode(kernelVersion());
  }

  get possibleCpus(): number {
    try {
      return possibleCpus();
    } catch {
      return availableParallelism();
    }
  }

  addresses(symbol: string): readonly bigint[] {
    using kallsyms = new Kallsyms();
    return kallsyms.findAll(symbol).map(({ address }) => address);
  }
}
