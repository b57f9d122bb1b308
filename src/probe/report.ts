import { MAP_TYPES } from '../kernel/map-types.js';
import { PROG_TYPES, type ProgTypeRow } from '../kernel/prog-types.js';
import { raiseMemlockWhereCounted } from '../system/memlock.js';
import type { Answer } from './answer.js';
import { type HelperAnswers, HelperProbe } from './helpers.js';
import { probeMapType } from './map-types.js';
import { probeProgramFeatures, type TitledAnswer } from './misc.js';
import { ProgTypeProbe } from './prog-types.js';
import { type SystemConfig, systemConfig } from './system-config.js';

/** What a kernel, or the driver of an interface, can do. Everything but `syscall` is missing on a kernel without bpf(2). */
export interface FeatureReport {
  /** Missing when a device is asked. */
  readonly system?: SystemConfig;
  readonly syscall: boolean;
  readonly programTypes: readonly Answer[];
  readonly mapTypes: readonly Answer[];
  readonly helpers: readonly ProgTypeHelpers[];
  readonly misc: readonly TitledAnswer[];
}

/** What programs of a type may call. */
export interface ProgTypeHelpers {
  /** Name of the program type, and whether there is any. */
  readonly programType: string;
  readonly available: boolean;
  readonly answers: HelperAnswers;
}

export interface ProbeOptions {
  /** Also asks for helpers that make the kernel write into its log. */
  readonly full?: boolean;
  /** Asks the driver of this interface, for offloading, instead of the kernel. */
  readonly device?: { readonly name: string; readonly ifindex: number };
}

// What drivers can be asked for.
const OFFLOADED_PROGRAMS = ['sched_cls', 'xdp'];
const OFFLOADED_MAPS = ['hash', 'array'];

/** Asks for everything. Loads thousands of programs, which takes some 0.1 s; nothing of it stays. */
export function probeFeatures({ full = false, device }: ProbeOptions = {}): FeatureReport {
  raiseMemlockWhereCounted();
  const system = device ? {} : { system: systemConfig() };
  const probe = new ProgTypeProbe(device?.ifindex);
  if (!probe.hasSyscall()) return { ...system, syscall: false, programTypes: [], mapTypes: [], helpers: [], misc: [] };

  const types = PROG_TYPES.filter((type) => type !== undefined).filter(({ name }) => !device || OFFLOADED_PROGRAMS.includes(name));
  const programTypes = types.map((type) => probe.ask(type));
  const mapTypes = MAP_TYPES.filter((type) => type !== undefined)
    .filter(({ name }) => !device || OFFLOADED_MAPS.includes(name))
    .map((type) => probeMapType(type, device?.ifindex));
  const helpers = probeHelpers(types, programTypes, new HelperProbe(full, device));
  return { ...system, syscall: true, programTypes, mapTypes, helpers, misc: probeProgramFeatures(device?.ifindex) };
}

function probeHelpers(types: readonly ProgTypeRow[], answers: readonly Answer[], probe: HelperProbe): ProgTypeHelpers[] {
  return types.map((type, i) => {
    const { available } = answers[i]!;
    return { programType: type.name, available, answers: probe.ask(type, available) };
  });
}
