// Attaching to interfaces without a link: it stays until it is detached.
import { progAttach, progDetach } from '../../native/bpf.js';
import { interfaceName, setXdp, XdpFlag } from '../../native/interfaces.js';
import type { XdpMode } from '../hook/hook.js';
import { tcx } from '../hook/tcx.js';
import { AttachType } from '../kernel/enums.gen.js';
import type { Program } from '../program/program.js';
import { attempt, type Reasons } from './attempt.js';

/** Where on an interface: XDP, in a mode or in the one that the kernel chooses, or one side of tcx. */
export type NetPlace = { readonly xdp: XdpMode | 'any' } | { readonly tcx: 'ingress' | 'egress' };

const MODE_FLAGS: Readonly<Record<XdpMode | 'any', number>> = {
  any: 0,
  generic: XdpFlag.SKB_MODE,
  driver: XdpFlag.DRV_MODE,
  offload: XdpFlag.HW_MODE,
};
const TCX = { ingress: AttachType.TCX_INGRESS, egress: AttachType.TCX_EGRESS } as const;
const BPF_F_BEFORE = 8;

const REASONS: Reasons = {
  EBUSY: 'a program is attached there already',
  EEXIST: 'a program is attached there already, or in another mode',
  EOPNOTSUPP: 'its driver cannot do that',
};

/** Attaches a program. `overwrite` lets XDP replace the one that is there; `prepend` puts it first in the list of tcx (last otherwise). */
export function attachToInterface(
  ifindex: number,
  place: NetPlace,
  program: Program,
  options: { readonly overwrite?: boolean; readonly prepend?: boolean } = {},
): void {
  const what = `attach program ${program.id} to ${placeName(place)} of ${interfaceName(ifindex)}`;
  const replace = options.overwrite ? 0 : XdpFlag.UPDATE_IF_NOEXIST;
  if ('xdp' in place) return attempt(what, () => setXdp(ifindex, program.fd, MODE_FLAGS[place.xdp] | replace), REASONS);
  attempt(
    what,
    () =>
      progAttach({
        target_ifindex: ifindex,
        attach_bpf_fd: program.fd,
        attach_type: TCX[place.tcx],
        attach_flags: options.prepend ? BPF_F_BEFORE : 0,
      }),
    REASONS,
    tcx.since,
  );
}

/** Detaches the XDP program of an interface, or the first of a side of tcx that no link holds. */
export function detachFromInterface(ifindex: number, place: NetPlace): void {
  const what = `detach ${placeName(place)} of ${interfaceName(ifindex)}`;
  const reasons: Reasons = { ENOENT: 'nothing is attached there', EBUSY: 'it is held by a link (link detach)' };
  if ('xdp' in place) return attempt(what, () => setXdp(ifindex, -1, MODE_FLAGS[place.xdp]), reasons);
  attempt(what, () => progDetach({ target_ifindex: ifindex, attach_type: TCX[place.tcx] }), reasons, tcx.since);
}

function placeName(place: NetPlace): string {
  return 'xdp' in place ? `xdp${place.xdp === 'any' ? '' : ` (${place.xdp})`}` : `tcx ${place.tcx}`;
}
