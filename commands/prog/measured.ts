import { shortTime } from '../../src/format/quantity.js';
import type { ProgramActivity } from '../../src/program/run-stats.js';
import type { OwnOption } from '../command.js';

/** What a program did while it was watched. */
export interface Measured extends ProgramActivity {
  /** How long that was, in nanoseconds. */
  readonly elapsedNs: bigint;
}

/** What all programs did, by their ids. */
export type Measurement = ReadonlyMap<number, Measured>;

export const STATS: readonly OwnOption[] = [
  { flags: '--stats', summary: 'count runs and run time for a while, and show them with their average' },
  { flags: '--for <time>', summary: '--stats: how long (1s)' },
];

/** Nanoseconds of one run; undefined when there was none. */
export function averageNs({ runs, timeNs }: Measured): bigint | undefined {
  return runs === 0n ? undefined : timeNs / runs;
}

/** A line of the plain form. */
export function measuredText(measured: Measured | undefined): string {
  if (!measured) return '';
  const { runs, timeNs, elapsedNs } = measured;
  const average = averageNs(measured);
  return `\tstats: runs ${runs}  run_time ${timeNs}ns${average === undefined ? '' : `  average ${average}ns`}  in ${shortTime(Number(elapsedNs))}\n`;
}

/** A field of the JSON form. */
export function measuredFields(measured: Measured | undefined): Record<string, unknown> | undefined {
  if (!measured) return undefined;
  const { runs, timeNs, missed, elapsedNs } = measured;
  return {
    interval_ns: elapsedNs,
    run_cnt: runs,
    run_time_ns: timeNs,
    average_ns: averageNs(measured),
    recursion_misses: missed || undefined,
  };
}
