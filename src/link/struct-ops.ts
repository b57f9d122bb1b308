import { linkCreate, mapDeleteElem, mapUpdateElem } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { AttachType, Flag } from '../kernel/enums.gen.js';
import type { BpfMap } from '../map/map.js';
import { explainUnsupported, STRUCT_OPS_LINK } from '../probe/unsupported.js';
import { Held } from './attachment.js';
import { Link } from './link.js';

const KEY = new Uint8Array(4);

/**
 * Puts a struct_ops map to use: the kernel then calls its programs. `value` is the kernel's struct with descriptors of the programs in it. A map of
 * `.struct_ops.link` gives a {@link Link} (since 6.4), whose end takes it out of use; any other stays in use until it is unregistered.
 */
export function registerStructOps(map: BpfMap, value: Uint8Array): Link | Held {
  const linked = (map.info.flags & Flag.BPF_F_LINK) !== 0;
  try {
    fill(map, value, linked);
    if (!linked) return new Held('struct_ops', true, () => unregisterStructOps(map));
    return new Link(linkCreate({ map_fd: map.fd, attach_type: AttachType.STRUCT_OPS }));
  } catch (error) {
    throw refused(`register ${map.name}`, error, linked);
  }
}

function fill(map: BpfMap, value: Uint8Array, linked: boolean): void {
  try {
    mapUpdateElem(map.fd, KEY, value);
  } catch (error) {
    // A map that was there before has its struct already.
    if (!linked || !isErrno(error, 'EBUSY')) throw error;
  }
}

function refused(what: string, error: unknown, linked: boolean): Error {
  const reason = isErrno(error, 'EEXIST') ? ': the kernel has one of this name' : '';
  const cause = linked ? explainUnsupported({ name: what, since: STRUCT_OPS_LINK }, error) : error;
  return cause === error ? new Error(what + reason, { cause }) : (cause as Error);
}

/** Takes a struct_ops map out of use that was registered without a link. */
export function unregisterStructOps(map: BpfMap): void {
  const what = `unregister ${map.title}`;
  try {
    if (!mapDeleteElem(map.fd, KEY)) throw new Error(`${what}: it is not registered`);
  } catch (error) {
    if (isErrno(error, 'EOPNOTSUPP'))
      throw new Error(`${what}: it is in use through a link, so detach that: link detach LINK`, { cause: error });
    throw isErrno(error) ? new Error(what, { cause: error }) : error;
  }
}
