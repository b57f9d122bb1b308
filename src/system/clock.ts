import { Clock, readClock } from '../../native/system.js';

/** When something happened that the kernel dates in nanoseconds since boot, in whole seconds since 1970. */
export function bootTimeToEpoch(nanoseconds: bigint): number {
  const boot = readClock(Clock.REALTIME) - readClock(Clock.BOOTTIME);
  return Number((boot + nanoseconds) / 1_000_000_000n);
}

/** Local time as `2026-11-20T23:48:15+0000`. */
export function isoTime(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  const east = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + east * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(east);
  return `${local}${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
