import { Clock, readClock } from '../../native/system.js';

/** Readings of both clocks that are tried: the first call of a function takes long, and the scheduler may come in between. */
const ATTEMPTS = 3;
/** For how many milliseconds a reading counts: all rows of a list have the same, and a clock that is set meanwhile is seen by what goes on. */
const KEPT = 1000;
let kept: { readonly at: number; readonly boot: bigint } | undefined;

/** When something happened that the kernel dates in nanoseconds since boot, in whole seconds since 1970. */
export function bootTimeToEpoch(nanoseconds: bigint): number {
  if (!kept || performance.now() - kept.at > KEPT) kept = { at: performance.now(), boot: bootTime() };
  return Number((kept.boot + nanoseconds) / 1_000_000_000n);
}

/** When the system was started, in nanoseconds since 1970, as near as the clocks can be read together: a millisecond off is another second for some. */
function bootTime(): bigint {
  let best = { apart: Number.POSITIVE_INFINITY, boot: 0n };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = readClock(Clock.BOOTTIME);
    const now = readClock(Clock.REALTIME);
    const apart = Number(readClock(Clock.BOOTTIME) - before);
    if (apart < best.apart) best = { apart, boot: now - before - BigInt(apart >> 1) };
  }
  return best.boot;
}

// Most of what stands below one another in a list was made at once.
let last: { readonly epochSeconds: number; readonly text: string } | undefined;

/** Local time as `2026-11-20T23:48:15+0000`. */
export function isoTime(epochSeconds: number): string {
  if (last?.epochSeconds !== epochSeconds) last = { epochSeconds, text: localTime(epochSeconds) };
  return last.text;
}

function localTime(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  const east = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + east * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(east);
  return `${local}${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
