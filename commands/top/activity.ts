import type { ActivitySample, ProgramActivity } from '../../src/program/run-stats.js';

/** A program with its rates. */
export interface Rates {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  /** Percent of one CPU. */
  readonly cpu: number;
  /** Runs a second. */
  readonly rate: number;
  /** Nanoseconds of one run; 0 when it did not run. */
  readonly average: number;
  /** Runs left out, a second. */
  readonly missed: number;
}

/** What programs can be sorted by, and how. */
export const SORTS = {
  cpu: (a: Rates, b: Rates) => b.cpu - a.cpu,
  events: (a: Rates, b: Rates) => b.rate - a.rate,
  average: (a: Rates, b: Rates) => b.average - a.average,
  missed: (a: Rates, b: Rates) => b.missed - a.missed,
  name: (a: Rates, b: Rates) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  id: (a: Rates, b: Rates) => a.id - b.id,
} as const satisfies Record<string, (a: Rates, b: Rates) => number>;
export type SortKey = keyof typeof SORTS;
export const SORT_KEYS = Object.keys(SORTS) as readonly SortKey[];

/** The rates of a sample, in order; equal ones by id. */
export function ratesOf({ elapsedNs, programs }: ActivitySample, sort: SortKey): Rates[] {
  const seconds = Math.max(Number(elapsedNs), 1) / 1e9;
  return programs.map((program) => rates(program, seconds)).sort((a, b) => SORTS[sort](a, b) || a.id - b.id);
}

function rates({ id, type, name, runs, timeNs, missed }: ProgramActivity, seconds: number): Rates {
  return {
    id,
    type,
    name,
    cpu: Number(timeNs) / 1e7 / seconds,
    rate: Number(runs) / seconds,
    average: runs === 0n ? 0 : Number(timeNs) / Number(runs),
    missed: Number(missed) / seconds,
  };
}

/** Whether a program is meant by what was typed: part of its name or type, or its id. */
export function isMeant({ id, type, name }: Rates, typed: string): boolean {
  return typed === '' || name.includes(typed) || type.includes(typed) || String(id) === typed;
}
