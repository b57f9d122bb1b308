import { isErrno } from '../../native/error.js';
import { mapType } from '../kernel/map-types.js';
import { mapTypeFeature, refusedBy } from '../probe/unsupported.js';
import { type MapAttributes, whyNoMap } from './create.js';

/** The error for a map that the kernel did not make: it lacks the type, or what was asked for does not fit it. The cause is the kernel's refusal. */
export function mapRefused(name: string, attributes: MapAttributes, error: unknown): Error {
  const what = `create map ${name}`.trimEnd();
  const why = isErrno(error, 'EINVAL', 'E2BIG') ? whyNoMap(attributes) : undefined;
  const feature = mapTypeFeature(attributes.type, `${what} (${mapType(attributes.type).name})`, attributes.flags);
  return refusedBy(feature, error, why ? `${what}: ${why}` : what);
}
