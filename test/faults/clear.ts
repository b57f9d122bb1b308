// Takes away what a try left that is no file and no pin.
import { progDetach } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { setXdp, XdpFlag } from '../../native/interfaces.js';
import { AttachType } from '../../src/kernel/enums.gen.js';
import { cgroupPrograms, detachFromCgroup } from '../../src/link/cgroup.js';
import { netAttachments } from '../../src/link/net.js';
import { attachedPrograms } from '../../src/link/query.js';
import { unregisterStructOps } from '../../src/link/struct-ops.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import type { Place } from './place.js';

/** Takes all attachments without a link from what is ours. */
export function detachAll(place: Place): void {
  for (const mode of [XdpFlag.SKB_MODE, XdpFlag.DRV_MODE]) unlessNothing(() => setXdp(place.ifindex, -1, mode));
  for (const side of ['TCX_INGRESS', 'TCX_EGRESS'] as const)
    for (const { linkId } of attachedPrograms({ ifindex: place.ifindex }, side) ?? [])
      if (linkId === 0) unlessNothing(() => progDetach({ target_ifindex: place.ifindex, attach_type: AttachType[side] }));
  for (const { id, attach } of cgroupPrograms(place.cgroup)) {
    unlessNothing(() => {
      using program = Program.fromId(id);
      detachFromCgroup(place.cgroup, attach, program);
    });
  }
  const { flowDissector } = netAttachments(place.ifindex);
  if (flowDissector !== undefined) {
    using program = Program.fromId(flowDissector);
    program.detach(AttachType.FLOW_DISSECTOR, 0);
  }
}

/** Takes the struct_ops of the tests out of use. They are the whole system's. */
export function unregisterAll(): void {
  for (const map of BpfMap.all('both')) {
    using each = map;
    if (each.info.name === 'plain' && each.row.name === 'struct_ops') unlessNothing(() => unregisterStructOps(each));
  }
}

function unlessNothing(detach: () => void): void {
  try {
    detach();
  } catch (error) {
    // Nothing is attached there, or a link that is on its way out.
    if (!isErrno((error as Error).cause, 'ENOENT', 'EPERM') && !isErrno(error, 'ENOENT', 'EINVAL') && !/not attached/.test(String(error)))
      throw error;
  }
}
