import { enableStats, progGetFdById } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { NotSupportedError } from '../errors.js';
import { progTypes } from '../kernel/names.js';
import { unlessGone } from '../system/gone.js';
import { kernelRelease } from '../system/kernel-version.js';
import { readProgramInfo } from './info.js';
import { Program } from './program.js';

/**
 * Makes the kernel count runs and run time of all programs, until this is disposed of (BPF_ENABLE_STATS). Each run then takes some tens of nanoseconds longer.
 * Needs CAP_SYS_ADMIN; since 5.8.
 *
 * @throws NotSupportedError on older kernels, where only the sysctl kernel.bpf_stats_enabled does this
 */
export class RunStats implements Disposable {
  readonly #fd: Fd;

  constructor() {
    try {
      this.#fd = enableStats();
    } catch (error) {
      if (isErrno(error, 'EINVAL')) throw new NotSupportedError('run-time statistics on demand', '5.8', kernelRelease(), { cause: error });
      throw new Error('enable run-time statistics', { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}

/** What a program did between two samples. */
export interface ProgramActivity {
  readonly id: number;
  /** As bpftool names the type. */
  readonly type: string;
  readonly name: string;
  /** Runs between the samples. */
  readonly runs: bigint;
  /** Nanoseconds that these runs took, on all CPUs together. */
  readonly timeNs: bigint;
  /** Runs that were left out because the program was running already on that CPU. Since 5.12. */
  readonly missed: bigint;
}

/** What all programs did between two moments. */
export interface ActivitySample {
  /** Nanoseconds between the moments. */
  readonly elapsedNs: bigint;
  readonly programs: readonly ProgramActivity[];
}

interface Counted {
  readonly type: string;
  readonly name: string;
  readonly runs: bigint;
  readonly timeNs: bigint;
  readonly missed: bigint;
}

/** Samples what programs do. While it is open the kernel counts (see {@link RunStats}); no program is kept in the kernel by it. */
export class ActivitySampler implements Disposable {
  readonly #stats = new RunStats();
  #before: ReadonlyMap<number, Counted>;
  #at: bigint;

  /** Counting begins here. */
  constructor() {
    this.#at = process.hrtime.bigint();
    this.#before = count(new Map());
  }

  /** What programs did since the last sample, or since counting began. A program that came meanwhile counts from its loading on. */
  sample(): ActivitySample {
    const at = process.hrtime.bigint();
    const now = count(this.#before);
    const programs = Array.from(now, ([id, { type, name, runs, timeNs, missed }]) => {
      const before = this.#before.get(id);
      return {
        id,
        type,
        name,
        runs: runs - (before?.runs ?? 0n),
        timeNs: timeNs - (before?.timeNs ?? 0n),
        missed: missed - (before?.missed ?? 0n),
      };
    });
    const elapsedNs = at - this.#at;
    this.#before = now;
    this.#at = at;
    return { elapsedNs, programs };
  }

  [Symbol.dispose](): void {
    this.#stats[Symbol.dispose]();
  }
}

/** The counters of all programs. Names are asked once for each. */
function count(known: ReadonlyMap<number, Counted>): Map<number, Counted> {
  const counted = new Map<number, Counted>();
  for (const id of Program.ids()) {
    const fd = unlessGone(() => progGetFdById(id));
    if (!fd) continue;
    using program = new Program(fd);
    const { type, runCount: runs, runTimeNs: timeNs, recursionMisses: missed } = readProgramInfo(fd.number);
    const before = known.get(id);
    counted.set(id, { type: before?.type ?? progTypes.textOf(type), name: before?.name ?? program.name, runs, timeNs, missed });
  }
  return counted;
}
