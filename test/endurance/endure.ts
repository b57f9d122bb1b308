// Observes a tool over a long run, and says what its memory and its descriptors do.
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../support/within.js';
import { type Observations, Observed } from './observed.js';
import { minima, type Point, type Slope, slopeOf } from './slope.js';
import type { WorkloadKind } from './workload.js';

/** How a long run is made. Times in seconds. */
export interface Endurance {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly time: number;
  /** Things made in a second; what is usual without it. */
  readonly rate?: number | undefined;
  /** MB that each half of V8's room for young objects may take; what V8 thinks good without it. */
  readonly young?: number | undefined;
}

/** What a long run showed. Memory in bytes; slopes for an hour at the usual rate, for a million things at another one. */
export interface Verdict {
  readonly name: string;
  readonly time: number;
  readonly made: number;
  readonly account: string;
  readonly missing: number;
  readonly per: 'hour' | 'million';
  /** First and last window behind the warming-up, and the slope over all of them. */
  readonly resident: Change;
  readonly heap: Change;
  readonly native: Change;
  /** Descriptors that are always open: in the first and the last third. */
  readonly descriptors: readonly [number, number];
  readonly status: number | NodeJS.Signals | null;
  readonly err: string;
  readonly seen: Observations;
}

export interface Change {
  readonly first: number;
  readonly last: number;
  readonly slope: Slope;
}

const TICK_MS = 10;
const LOOK_MS = 1000;
/** Compiling and caches belong to the beginning, and so does the growth of the heap to the size that it keeps: the more is done, the sooner. */
const WARM_UP = 0.2;
const WARMING_RATE = 5;
const WINDOWS = 30;
const COLLECTIONS = 32;
const PATIENCE_MS = 120_000;

/** Runs a tool for that time, then ends it as Ctrl-C does. @throws Error when it does not begin, or ends by itself */
export async function endure({ name, kind, time, rate, young }: Endurance): Promise<Verdict> {
  using workload = kind.begin();
  const observed = new Observed(workload.args, workload.terminal, (chunk) => workload.take(chunk), young);
  const begun = await within(PATIENCE_MS, () => !observed.running || workload.ready(observed.pid));
  // Some open one thing after another.
  await sleep(LOOK_MS);
  if (!begun || !observed.running) throw new Error(`${name} does not begin: ${(await observed.end()).err}`);
  const looking = setInterval(() => observed.look(), LOOK_MS);
  const collecting = setInterval(() => observed.collect(), (time * 1000 * (1 - WARM_UP)) / COLLECTIONS);
  const make = (count: number) => workload.make(count);
  await makeFor(time * WARM_UP, rate ?? kind.usual * WARMING_RATE, observed, make);
  await makeFor(time * (1 - WARM_UP), rate ?? kind.usual, observed, make);
  clearInterval(looking);
  clearInterval(collecting);
  const ended = !observed.running;
  await within(PATIENCE_MS, () => workload.missing === 0);
  const { status, err, seen } = await observed.end();
  if (ended) throw new Error(`${name} ended by itself, with ${status}: ${err}`);
  const { made, account, missing } = workload;
  const unit = rate === undefined ? 3600 : 1e6 / (made / time);
  const figures = { name, time, made, account, missing, per: rate === undefined ? 'hour' : 'million', status, err, seen } as const;
  return { ...figures, ...changes(seen, time, unit) };
}

/** Makes as many as are due, again and again; none is made up for when this process itself was held up. */
async function makeFor(time: number, rate: number, observed: Observed, make: (count: number) => void): Promise<void> {
  const began = performance.now();
  const end = began + time * 1000;
  let [last, owed] = [began, 0];
  for (let now = began; now < end && observed.running; now = performance.now()) {
    owed += (Math.min(now - last, 10 * TICK_MS) / 1000) * rate;
    last = now;
    const count = Math.floor(owed);
    owed -= count;
    if (count > 0) make(count);
    await sleep(TICK_MS);
  }
}

/** `unit`: the seconds that slopes are given for. */
function changes(seen: Observations, time: number, unit: number): Pick<Verdict, 'resident' | 'heap' | 'native' | 'descriptors'> {
  const warm = (points: readonly Point[]) => points.filter(({ at }) => at >= time * WARM_UP);
  const least = (points: readonly Point[]) => Math.min(...points.map(({ value }) => value));
  const descriptors = warm(seen.descriptors);
  const third = Math.floor(descriptors.length / 3);
  return {
    resident: changeOf(minima(warm(seen.resident), time / WINDOWS), unit),
    heap: changeOf(warm(seen.heap), unit),
    native: changeOf(warm(seen.native), unit),
    descriptors: [least(descriptors.slice(0, third)), least(descriptors.slice(-third))],
  };
}

function changeOf(points: readonly Point[], unit: number): Change {
  const { slope, low, high } = slopeOf(points);
  return {
    first: points[0]?.value ?? 0,
    last: points.at(-1)?.value ?? 0,
    slope: { slope: slope * unit, low: low * unit, high: high * unit },
  };
}
