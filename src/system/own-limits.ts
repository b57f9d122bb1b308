import { readTextIfAny } from './read-file.js';

/** The soft limit of this process on a resource, in the unit and by the name of /proc/self/limits; undefined where there is none, or it cannot be read. */
export function ownLimit(resource: 'Max locked memory' | 'Max processes'): number | undefined {
  const limit = new RegExp(`^${resource} +(\\d+) `, 'm').exec(readTextIfAny('/proc/self/limits', 'latin1') ?? '')?.[1];
  return limit === undefined ? undefined : Number(limit);
}
