// What commands that look on for a while have in common: their options, and the time of day.
import type { Options } from './command.js';
import { GrammarError, parseInteger } from './line/words.js';
import { parseDuration } from './wait.js';

/** The value of an option that is a duration, in milliseconds. */
export function durationOf(said: Options['own'][string]): number | undefined {
  return typeof said === 'string' ? parseDuration(said) : undefined;
}

/** The value of `--interval`, in milliseconds. */
export function intervalOf(said: Options['own'][string], usual: number): number {
  const interval = durationOf(said) ?? usual;
  if (interval === 0) throw new GrammarError('--interval: 0 leaves no time to wait');
  return interval;
}

/** The value of `--limit`; without an end when it is not given. */
export function limitOf(said: Options['own'][string]): number {
  if (typeof said !== 'string') return Number.POSITIVE_INFINITY;
  const limit = parseInteger(said);
  if (limit === undefined || limit < 1n) throw new GrammarError(`--limit: '${said}' is no number above 0`);
  return Number(limit);
}

/** The time of day here, of milliseconds since 1970: for a person who looks on. JSON has the date too, in UTC. */
export function clock(time: number): string {
  const date = new Date(time);
  const digits = (value: number, width = 2) => String(value).padStart(width, '0');
  return `${digits(date.getHours())}:${digits(date.getMinutes())}:${digits(date.getSeconds())}.${digits(date.getMilliseconds(), 3)}`;
}
